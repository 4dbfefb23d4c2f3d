using System.Collections.Immutable;
using Trading.Risk;

namespace Trading.Api;

/// <summary>A signal as a request brings it. Its values are judged by the grain; here it is only read.</summary>
internal sealed class SignalBody
{
    public const int MaxBatch = 10_000;
    const int MaxBatchBytes = 8 * 1024 * 1024;

    public string Symbol { get; private set; } = "";
    public Side Action { get; private set; }
    public decimal PositionSize { get; private set; }
    public double? Confidence { get; private set; }
    public string? ClientOrderId { get; private set; }
    public decimal? LimitPrice { get; private set; }
    public string? Strategy { get; private set; }
    public bool ReduceOnly { get; private set; }
    public string? Portfolio { get; private set; }

    public static readonly Kind<Side> Side = Kinds.OneOf(("BUY", Risk.Side.Buy), ("SELL", Risk.Side.Sell));

    public static readonly Shape<SignalBody> Shape = new Shape<SignalBody>()
        .Required("symbol", Kinds.Text, (signal, value) => signal.Symbol = value, "The ticker; letters are taken as capitals.", "IBM")
        .Required("action", Side, (signal, value) => signal.Action = value, "The side of the trade.", "BUY")
        .Required("position_size", Kinds.Decimal, (signal, value) => signal.PositionSize = value,
            "Units of the instrument (shares, coins), never money; positive, at most 8 decimal places.", 1000.0m)
        .Optional("confidence", Kinds.Double, (signal, value) => signal.Confidence = value, "The caller's belief in the signal, from 0 to 1.", 0.85)
        .Optional("client_order_id", Kinds.Text, (signal, value) => signal.ClientOrderId = value,
            "The caller's own id: asking again with it gives the same decision and has no second effect. 1 to 64 printable ASCII characters without spaces.")
        .Optional("limit_price", Kinds.Decimal, (signal, value) => signal.LimitPrice = value,
            "The worst price, per unit, at which the order may trade; absent for a market order.")
        .Optional("strategy", Kinds.Text, (signal, value) => signal.Strategy = value,
            "Whose exposure the order counts to; 1 to 64 printable ASCII characters without spaces.")
        .Optional("reduce_only", Kinds.Flag, (signal, value) => signal.ReduceOnly = value,
            "May only close a position: it counts up to what is held and never opens one; false where absent.")
        .Optional("portfolio", Kinds.PortfolioId, (signal, value) => signal.Portfolio = value, "The book; absent for the default one.");

    public static readonly Kind<ImmutableArray<SignalBody>> Batch = Kinds.ArrayOf(Shape, MaxBatch, MaxBatchBytes);

    /// <param name="by">Who asks; null for a question that decides nothing.</param>
    public Order ToOrder(string? by = null) => new(GrainKeys.Symbol(Symbol), Action, PositionSize, ClientOrderId, Confidence, LimitPrice)
    {
        Strategy = Strategy,
        ReduceOnly = ReduceOnly,
        By = by,
    };
}

using System.Collections.Immutable;
using Trading.MarketData;

namespace Trading.Portfolios;

/// <summary>Everything that an analysis reads, as of one moment of the book: immutable, so that a worker may take its
/// time.</summary>
sealed record RiskInput(
    DateTimeOffset At, long Sequence, DateOnly PricesAsOf, decimal Equity, ImmutableArray<HeldSeries> Held,
    ImmutableArray<Forecast> Forecasts,
    PortfolioOptions Options)
{
    public AnalysisOptions Analysis => Options.Analysis;

    /// <summary>Null where there is nothing to measure: no position, one without a price or history, or no equity to
    /// take fractions of.</summary>
    /// <param name="histories">Of the symbols held, and of the pairs that convert them.</param>
    public static RiskInput? Of(
        BookValuation valuation, IReadOnlyDictionary<string, PriceSeries> histories, DateTimeOffset now)
    {
        if (valuation.Equity is not > 0) return null;
        var equity = valuation.Equity.Value;
        var held = ImmutableArray.CreateBuilder<HeldSeries>();
        foreach (var holding in valuation.Book.Holdings)
        {
            if (holding.Quantity == 0) continue;
            if (valuation.Prices.Find(holding.Symbol) is not { } instrument
                || !histories.TryGetValue(holding.Symbol, out var series))
                return null;
            if (instrument.Rate is { } rate)
            {
                var rates = rate.Used.Pair is { } pair ? histories.GetValueOrDefault(pair) : null;
                if (rate.Series is not null && rates is null) return null;
                series = rate.Convert(series, rates);
            }

            held.Add(new(series, Money.ToDouble(holding.Quantity * instrument.Price) / Money.ToDouble(equity)));
        }

        return held.Count == 0 ? null : new(
            now, valuation.Book.Sequence, RiskReporting.PricesAsOf(valuation)!.Value, equity, held.ToImmutable(),
            valuation.Book.Forecasts.All, valuation.Options);
    }

    /// <summary>Why there is nothing to measure.</summary>
    public static ReportWarning Missing(BookValuation valuation) => valuation.Equity switch
    {
        null => new("no_price", null, "A held symbol has no price: equity and risk are unknown."),
        <= 0 => new("no_equity", null, RiskTerms.Text($"Equity is {valuation.Equity}: fractions of it mean nothing.")),
        _ when valuation.Book.Holdings.All(holding => holding.Quantity == 0) =>
            new("no_positions", null, "The book holds no positions."),
        _ => new("not_analysed", null, "The first analysis is under way, or the source of prices does not answer."),
    };

    public decimal MoneyOf(double fraction) => Money.FromDouble(fraction * Money.ToDouble(Equity));
}

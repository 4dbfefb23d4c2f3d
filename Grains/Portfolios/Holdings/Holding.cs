using System.Text.Json.Serialization;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>What a trade does to a holding.</summary>
/// <param name="Units">Signed: positive for a purchase.</param>
/// <param name="Value">Of the whole trade in the currency of the instrument, with the sign of the units.</param>
/// <param name="Currency">Of the instrument; null for the book's.</param>
/// <param name="Rate">What one unit of it is worth in the book's; null where that is not known.</param>
/// <param name="Beside">The largest amount of the book, see <see cref="Money.Fit"/>.</param>
readonly record struct Execution(
    decimal Units, decimal Value, decimal Price, string? Currency, decimal? Rate, decimal Beside);

/// <summary>One symbol of a book at average cost.</summary>
/// <param name="Cost">What was paid for the units held, without fees and in the currency of the instrument; negative
/// for a short position: what was received.</param>
/// <param name="Realised">Profit of all reductions so far, without fees, in the book's currency.</param>
public sealed record Holding(string Symbol, decimal Quantity, decimal Cost, decimal Realised)
{
    /// <summary>What a unit cost. Kept beside the cost, which may be rounded and is never divided again. Null without a
    /// position, and where the last trade is older than this.</summary>
    public decimal? Average { get; init; }

    /// <summary>What it costs in the book's currency; null where that is the instrument's too.</summary>
    public ForeignCost? Foreign { get; init; }

    /// <summary>Per unit, in the currency of the instrument; zero without a position.</summary>
    public decimal AverageCost => Quantity == 0 ? 0 : Average ?? Cost / Quantity;

    /// <summary>The cost in the book's currency; null while it waits for a rate.</summary>
    [JsonIgnore] public decimal? BookCost => Foreign is null ? Cost : Foreign.Awaiting is null ? Foreign.Cost : null;

    /// <summary>The holding after a trade. A reduction takes its share of the cost with it and realises the difference;
    /// what goes beyond zero opens the opposite position at the trade's price.</summary>
    /// <remarks>Every amount is subtracted in one place exactly as it is added in another: what is paid + cost -
    /// realised is conserved to the last digit, whatever was rounded.</remarks>
    /// <param name="paid">In the book's currency, negative for what was received; zero while it waits for a
    /// rate.</param>
    internal Holding Trade(in Execution trade, out decimal paid)
    {
        var before = trade.Currency is null || Foreign is not null
            ? this
            : this with { Foreign = new(trade.Currency, Cost) };
        var (held, units) = (Math.Abs(Quantity), Math.Abs(trade.Units));
        var closing = Quantity == 0 || Quantity > 0 == trade.Units > 0 ? 0 : Math.Min(held, units);
        var relieved = closing == 0 ? 0
            : closing == held ? Cost
            : Money.Fit(closing * AverageCost * Math.Sign(Quantity), Math.Max(trade.Beside, Math.Abs(Cost)));
        var closed = closing == 0 ? 0
            : closing == units ? trade.Value
            : Money.Fit(closing * trade.Price * Math.Sign(trade.Units), trade.Beside);
        var split = new TradeSplit(closed, trade.Value - closed, relieved, closing == 0 ? 0 : closing / held);
        var after = before with
        {
            Quantity = Quantity + trade.Units,
            Cost = Cost - relieved + split.Opened,
            Average = AverageAfter(trade, closing, held),
        };
        if (before.Foreign is { } foreign) return foreign.Trade(after, split, trade, out paid);
        paid = trade.Value;
        return after with { Realised = Realised - closed - relieved };
    }

    /// <summary>The holding after a trade of a book that kept eight decimal places.</summary>
    /// <param name="value">Signed amount of the whole trade: positive for a purchase.</param>
    internal Holding TradeRounded(Side side, decimal quantity, decimal value)
    {
        var signed = side == Side.Buy ? quantity : -quantity;
        if (Quantity == 0 || Quantity > 0 == signed > 0)
            return this with { Quantity = Quantity + signed, Cost = Cost + value, Average = null };

        var held = Math.Abs(Quantity);
        var closing = Math.Min(held, quantity);
        var relieved = closing == held ? Cost : Money.Round(Cost * (closing / held));
        var closed = closing == quantity ? value : Money.Round(value * (closing / quantity));
        return this with
        {
            Quantity = Quantity + signed,
            Cost = Cost - relieved + (value - closed),
            Realised = Realised - closed - relieved,
            Average = null,
        };
    }

    /// <summary>With what waits for a rate converted by it.</summary>
    /// <param name="paid">In the book's currency, negative for what was received.</param>
    internal Holding Convert(decimal rate, decimal beside, out decimal paid)
    {
        paid = 0;
        return Foreign is null ? this : Foreign.Convert(this, rate, beside, out paid);
    }

    /// <summary>The holding as one of an instrument in another currency, at the same cost in the book's; null where
    /// that is not known.</summary>
    /// <param name="currency">Null for the book's.</param>
    internal Holding? In(string? currency, decimal? rate)
    {
        if (currency == Foreign?.Currency) return this;
        if (BookCost is not { } cost) return null;
        if (currency is null) return this with { Cost = cost, Average = null, Foreign = null };
        return rate is > 0 and var known
            ? this with { Cost = Money.Fit(cost / known, cost), Average = null, Foreign = new(currency, cost) }
            : null;
    }

    /// <summary>The units and their cost in another holding: this one is empty afterwards and keeps what it realised.
    /// Long units against short ones close each other at what they cost.</summary>
    internal (Holding After, Holding Successor) MoveTo(Holding other)
    {
        var after = this with
        {
            Quantity = 0,
            Cost = 0,
            Average = null,
            Foreign = Foreign is null ? null : Foreign with { Cost = 0, Awaiting = null },
        };
        if (Quantity == 0) return (after, other);
        if (other.Quantity == 0)
            return (after, other with
            {
                Quantity = Quantity,
                Cost = Cost,
                Average = Average,
                Foreign = Foreign is null
                    ? other.Foreign
                    : Foreign with { FxRealised = other.Foreign?.FxRealised ?? 0 },
            });
        var rate = Foreign is null ? (decimal?)null : Cost == 0 ? null : Foreign.Cost / Cost;
        return (after, other.Trade(new(Quantity, Cost, AverageCost, Foreign?.Currency, rate, 0), out _));
    }

    /// <summary>A reduction leaves the average as it is, and so does an addition at the same price.</summary>
    decimal? AverageAfter(in Execution trade, decimal closing, decimal held)
    {
        if (Quantity + trade.Units == 0) return null;
        if (trade.Units == 0) return AverageCost;
        if (closing > 0) return closing < held ? AverageCost : trade.Price;
        return Quantity == 0 || AverageCost == trade.Price
            ? trade.Price
            : (Cost + trade.Value) / (Quantity + trade.Units);
    }
}

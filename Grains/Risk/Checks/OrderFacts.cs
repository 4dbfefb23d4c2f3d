using System.Collections.Immutable;
using Trading.MarketData;
using Trading.Portfolios;

namespace Trading.Risk;

/// <summary>What is known of the existence of a symbol.</summary>
public enum SymbolKnowledge
{
    Known,
    /// <summary>No source knows it.</summary>
    Unknown,
    /// <summary>No source answers, and nothing is known from before.</summary>
    Unavailable,
}

/// <summary>Everything that the rules need to judge one order. Null is unknown; the rules never take it for
/// zero.</summary>
/// <param name="Order">Well formed, see <see cref="OrderValidator"/>.</param>
/// <param name="ReferencePrice">Last price of the symbol, per unit, in the currency of the instrument.</param>
/// <param name="PricedAt">The instant for which that price is current.</param>
/// <param name="Closable">The units that an order of this side can trade and only close a position, see
/// <see cref="ClosableBy"/>.</param>
/// <param name="Sessions">The common sessions from which the risk after the trade is measured.</param>
/// <param name="RequiredSessions">Below this count there is no risk number.</param>
/// <param name="Before">The book with every earlier approval counted as filled; null where it cannot be
/// measured.</param>
/// <param name="After">The same book with this order filled too: exposures at the reference price, at which a trade
/// leaves equity as it is, and cash at <see cref="TradePrice()"/>.</param>
public readonly record struct OrderFacts(
    Order Order,
    SymbolKnowledge Symbol,
    decimal? ReferencePrice,
    DateTimeOffset? PricedAt,
    bool AllowShort,
    decimal Closable,
    int? Sessions,
    int RequiredSessions,
    BookMeasures? Before,
    BookMeasures? After)
{
    /// <summary>What is held and open of the symbol, without the order.</summary>
    public Exposure Exposure { get; init; }

    /// <summary>How the symbol trades; null where it is not known.</summary>
    public InstrumentTerms? Terms { get; init; }

    /// <summary>Why the quality of the symbol's data lets it only be reduced; null where it may trade.</summary>
    public string? Doubt { get; init; }

    /// <summary>What the instrument's currency is worth in the book's; null where they are the same.</summary>
    public RateUsed? Rate { get; init; }

    /// <summary>The rates that the book with the order is valued by.</summary>
    public ImmutableArray<RateUsed> Rates { get; init; } = [];

    /// <summary>The reference price of <see cref="RiskLimits.PriceMoveSeconds"/> ago.</summary>
    public decimal? EarlierPrice { get; init; }

    /// <summary>Of the order's daily profit and loss with that of the rest of the book; zero where there is no
    /// rest.</summary>
    public double? Correlation { get; init; }

    /// <summary>The tail of the positions booked, without any open order; null where it is unknown.</summary>
    public TailLosses? Booked { get; init; }

    /// <summary>The same with this order filled, and no other.</summary>
    public TailLosses? Alone { get; init; }

    /// <summary>A symbol whose returns say nothing of its risk; null for none.</summary>
    public RepeatingReturns? Repeating { get; init; }

    /// <summary>What the measures before the trade were made of; how open orders count in them.</summary>
    internal TailBefore TailBefore { get; init; }

    internal OpenOrderConvention Convention { get; init; }

    /// <summary>Of the risk numbers after the trade, or where there are none, of those before.</summary>
    internal RiskWindow? RiskWindow => After?.ValueAtRisk95 is null ? TailBefore.Window : TailBefore.CommonWindow;

    /// <summary>Of the risk numbers before the trade, where it is another.</summary>
    internal RiskWindow? RiskWindowBefore =>
        TailBefore.Window is { } window && window != RiskWindow ? window : null;

    public OrderActivity Activity { get; init; }

    /// <summary>What the guards of the book allow; null where they allow everything.</summary>
    public Guard? Guard { get; init; }

    /// <summary>What the book was granted, in money; null where it has no place in the hierarchy.</summary>
    public BudgetAmounts? Budget { get; init; }

    /// <summary>True for an order that moves its position toward zero and not across it, whichever earlier approvals
    /// are filled.</summary>
    public bool Reduces => Order.Quantity <= Closable;

    /// <summary>The price at which the order is counted, per unit; null where it is unknown or absurd.</summary>
    public decimal? TradePrice() => TradePrice(Order, ReferencePrice);

    /// <summary>The same in the book's currency; null where the rate is unknown too, or makes it absurd.</summary>
    public decimal? TradeAmount()
    {
        var amount = Rate is null ? TradePrice() : TradePrice() * Rate.Rate;
        return amount <= OrderValidator.MaxPrice ? amount : null;
    }

    /// <summary>A buy with a limit price counts at the dearer of that and the reference price: it may cost the one and
    /// is worth the other. Every other order counts at the reference price.</summary>
    public static decimal? TradePrice(Order order, decimal? referencePrice) => referencePrice switch
    {
        null or <= 0m or > OrderValidator.MaxPrice => null,
        { } reference when order is { Action: Side.Buy, LimitPrice: { } limit } => Math.Max(reference, limit),
        { } reference => reference,
    };

    /// <summary>The units that an order of one side can trade and only close a position: of a sale what is held and not
    /// yet promised to earlier sales, of a purchase what is short and not yet covered by earlier purchases. Approvals
    /// of the other side do not count, since they may never be filled.</summary>
    /// <param name="held">Units booked; negative for a short position.</param>
    /// <param name="openBuys">Units of purchases that are approved and not yet filled, zero or more.</param>
    /// <param name="openSells">Units of sales likewise.</param>
    public static decimal ClosableBy(Side side, decimal held, decimal openBuys, decimal openSells) =>
        Math.Max(0m, side == Side.Sell ? held - openSells : -held - openBuys);
}

/// <summary>Tail measures as fractions of equity; NaN where equity is not positive.</summary>
public readonly record struct TailLosses(double ValueAtRisk95, double ValueAtRisk99, double Shortfall)
{
    internal static TailLosses? Of(Quant.TailEstimate? tail, decimal equity)
    {
        if (tail is not { } money) return null;
        var whole = equity > 0 ? Money.ToDouble(equity) : double.NaN;
        return new(money.ValueAtRisk / whole, money.SecondValueAtRisk / whole, money.ExpectedShortfall / whole);
    }
}

/// <summary>A symbol whose price stands still or grows by the same each day: its returns are no
/// sample of a distribution.</summary>
/// <param name="NewReturns">Returns of the window that are another than the one before.</param>
/// <param name="Needed">The least of them that give a risk number.</param>
public readonly record struct RepeatingReturns(string Symbol, int NewReturns, int Needed);

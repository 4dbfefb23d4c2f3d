using System.Collections.Immutable;
using Trading.MarketData;
using Trading.Portfolios;

namespace Trading.Risk.Tests;

/// <summary>A book of two positions whose measures can be computed by hand, for any quantity of an order in the first.</summary>
/// <param name="Held">Units of ACME.</param>
/// <param name="Other">Market value of everything else; negative for a short position.</param>
/// <param name="OtherInSector">Whether that is in the sector of ACME.</param>
/// <param name="Correlation">Of the daily returns of the two, both with a volatility of 2 %.</param>
public sealed record ExampleBook(
    decimal Cash = 1_000_000m,
    decimal Held = 0m,
    decimal OpenBuys = 0m,
    decimal OpenSells = 0m,
    decimal? Price = 100m,
    decimal Other = 0m,
    bool OtherInSector = false,
    double Correlation = 0.5,
    bool AllowShort = false,
    decimal HighWaterMark = 0m,
    SymbolKnowledge Symbol = SymbolKnowledge.Known,
    bool SectorKnown = true,
    int? Sessions = 252)
{
    public static readonly DateTimeOffset Now = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    public const int RequiredSessions = 100;

    const double Volatility = 0.02;

    public InstrumentTerms? Terms { get; init; }
    public string? Doubt { get; init; }
    public ImmutableArray<RateUsed> Rates { get; init; } = [];
    public decimal? EarlierPrice { get; init; } = 100m;
    public OrderActivity Activity { get; init; }
    public decimal InStrategy { get; init; }
    public double? DailyLoss { get; init; } = 0;
    public Guard? Guard { get; init; }
    public BudgetAmounts? Budget { get; init; }

    public TimeSpan PriceAge { get; init; } = TimeSpan.FromSeconds(10);

    public static Order Buy(decimal quantity, decimal? limitPrice = null) => new("ACME", Side.Buy, quantity, null, null, limitPrice);

    public static Order Sell(decimal quantity) => new("ACME", Side.Sell, quantity, null, null, null);

    public OrderFacts Facts(Order order)
    {
        var change = order.Action == Side.Buy ? order.Quantity : -order.Quantity;
        var before = Held + OpenBuys - OpenSells;
        var excess = (OrderFacts.TradePrice(order, Price) - Price) * order.Quantity;
        return new(order, Symbol, Price, Price is null ? null : Now - PriceAge, AllowShort,
            OrderFacts.ClosableBy(order.Action, Held, OpenBuys, OpenSells), Sessions, RequiredSessions,
            Measures(before, 0m, InStrategy), Measures(before + change, excess, InStrategy + order.Quantity))
        {
            Exposure = new Exposure(Held, OpenBuys, OpenSells),
            Terms = Terms,
            Doubt = Doubt,
            Rates = Rates,
            EarlierPrice = EarlierPrice,
            Correlation = Price is null ? null : Other == 0m ? 0 : Sessions >= RequiredSessions ? Correlation * Math.Sign(change) * Math.Sign(Other) : null,
            Activity = Activity,
            Guard = Guard,
            Budget = Budget,
        };
    }

    BookMeasures? Measures(decimal units, decimal? excess, decimal inStrategy)
    {
        if (Price is not { } price) return null;
        var value = units * price;
        var cash = Cash - ((units - Held) * price);
        var equity = cash + value + Other;
        var (x, y) = ((double)value, (double)Other);
        var deviation = Volatility * Math.Sqrt(Math.Max(0, (x * x) + (y * y) + (2 * Correlation * x * y)));
        double? tail = Sessions >= RequiredSessions && equity > 0m ? deviation / (double)equity : null;
        return new(equity, cash - excess!.Value, Math.Abs(value) + Math.Abs(Other), value + Other, 1.645 * tail, 2.338 * tail,
            equity > 0m ? (double)(Math.Abs(value) / equity) : null,
            equity > 0m && SectorKnown ? (double)(Math.Abs(value + (OtherInSector ? Other : 0m)) / equity) : null,
            1 - (double)(equity / Math.Max(equity <= 0m ? 1m : equity, HighWaterMark)))
        {
            ValueAtRisk99 = 2.326 * tail,
            StrategyWeight = equity > 0m ? (double)(inStrategy * price / equity) : null,
            DailyLoss = DailyLoss,
        };
    }

    public RiskViolation[] Judge(Order order, RiskLimits limits) => [.. SignalRules.Evaluate(Facts(order), limits, Now)];

    public decimal? MaxAllowed(Order order, RiskLimits limits) =>
        SignalRules.MaxAllowedQuantity(Facts(order), limits, Now, (in facts, quantity) => Facts(facts.Order with { Quantity = quantity }));
}

namespace Trading.Risk;

/// <summary>Whether a rule can refuse an order that only closes a position.</summary>
public enum Reductions
{
    /// <summary>Never.</summary>
    Open,
    /// <summary>Only where the order makes a measure of the whole book larger, as the sale of a hedge does.</summary>
    OpenUnlessTheMeasureGrows,
    /// <summary>Like any other order.</summary>
    Bound,
}

/// <summary>What there is to know of one rule.</summary>
/// <param name="Subject">The measure, as the beginning of a sentence.</param>
/// <param name="Limit">The field of <see cref="RiskLimits"/> that sets it; null where it is not a matter of limits.</param>
/// <param name="Unit">Of the numbers in a violation; null where there are none.</param>
/// <param name="DependsOnSize">True where a smaller order of the same kind may pass.</param>
/// <param name="Meaning">When the rule is broken, in one sentence.</param>
public sealed record RuleEntry(
    RiskRule Rule, string Subject, string? Limit, string? Unit, bool DependsOnSize, Reductions Reductions, string Meaning);

/// <summary>The rules in words, in the order in which they are reported.</summary>
public static class RuleCatalog
{
    /// <summary>How many rules there are.</summary>
    public const int Count = (int)RiskRule.ShortSale + 1;

    static readonly RuleEntry[] Entries =
    [
        new(RiskRule.Malformed, "The form", null, null, false, Reductions.Bound,
            "A field of the order breaks a rule of form; one violation for each."),
        new(RiskRule.Halted, "The halt", nameof(RiskLimits.Halted), "units", false, Reductions.Open,
            "Trading is halted and the order is larger than what closes the position."),
        new(RiskRule.UnknownSymbol, "The symbol", null, null, false, Reductions.Open,
            "No source of prices knows the symbol, or none answers."),
        new(RiskRule.StalePrice, "The age of the price", nameof(RiskLimits.MaxPriceAgeSeconds), "seconds", false, Reductions.Open,
            "The reference price is older than the limit, or there is none."),
        new(RiskRule.InsufficientHistory, "The history", null, "sessions", false, Reductions.Open,
            "A tail limit is set, and too few common sessions are known to measure the risk after the trade."),
        new(RiskRule.OrderNotional, "The order's value", nameof(RiskLimits.MaxOrderNotional), "money", true, Reductions.Open,
            "Quantity times price is over the limit."),
        Measure(RiskRule.PositionWeight, "The weight of the position", nameof(RiskLimits.MaxPositionWeight),
            "The absolute value of the position over equity is over the limit and grows."),
        Measure(RiskRule.GrossExposure, "Gross exposure", nameof(RiskLimits.MaxGrossExposure),
            "The sum of absolute position values over equity is over the limit and grows."),
        Measure(RiskRule.NetExposure, "Net exposure", nameof(RiskLimits.MaxNetExposure),
            "The absolute sum of position values over equity is over the limit and grows."),
        Measure(RiskRule.SectorExposure, "The exposure to the sector", nameof(RiskLimits.MaxSectorExposure),
            "The absolute value of the sector over equity is over the limit and grows, or the sector is not known."),
        Measure(RiskRule.ValueAtRisk95, "The 95 % value at risk", nameof(RiskLimits.MaxValueAtRisk95),
            "The book's one-day 95 % value at risk over equity is over the limit and grows."),
        Measure(RiskRule.ExpectedShortfall975, "The 97.5 % expected shortfall", nameof(RiskLimits.MaxExpectedShortfall975),
            "The book's one-day 97.5 % expected shortfall over equity is over the limit and grows."),
        new(RiskRule.Drawdown, "The drawdown", nameof(RiskLimits.MaxDrawdown), "fraction", false, Reductions.Open,
            "The book's equity is further below its high-water mark than the limit."),
        new(RiskRule.Cash, "Cash", nameof(RiskLimits.MinCash), "money", true, Reductions.Open,
            "A purchase would leave less cash than the limit."),
        new(RiskRule.ShortSale, "The sale", null, "units", true, Reductions.Open,
            "The book may not go short, and the sale is larger than what is held and not yet promised to other sales."),
    ];

    public static ReadOnlySpan<RuleEntry> All => Entries;

    public static RuleEntry Of(RiskRule rule) => Entries[(int)rule];

    static RuleEntry Measure(RiskRule rule, string subject, string limit, string meaning) =>
        new(rule, subject, limit, "fraction", true, Reductions.OpenUnlessTheMeasureGrows, meaning);
}

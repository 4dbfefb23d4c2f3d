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
/// <param name="Limit">The field of <see cref="RiskLimits"/> that sets it; null where it is not a matter of
/// limits.</param>
/// <param name="Unit">Of the numbers in a violation; null where there are none.</param>
/// <param name="DependsOnSize">True where a smaller order of the same kind may pass.</param>
/// <param name="Meaning">When the rule is broken, in one sentence.</param>
public sealed record RuleEntry(
    RiskRule Rule, string Subject, string? Limit, string? Unit, bool DependsOnSize, Reductions Reductions,
    string Meaning);

/// <summary>The rules in words, in the order in which they are reported.</summary>
public static class RuleCatalog
{
    /// <summary>How many rules there are.</summary>
    public const int Count = (int)RiskRule.FxRate + 1;

    static readonly RuleEntry[] Entries =
    [
        new(RiskRule.Malformed, "The form", null, null, false, Reductions.Bound,
            "A field of the order breaks a rule of form; one violation for each."),
        new(RiskRule.Halted, "The halt", nameof(RiskLimits.Halted), "units", false, Reductions.Open,
            "Trading is halted and the order is larger than what closes the position."),
        new(RiskRule.ReducingOnly, "The mode", null, "units", false, Reductions.Open,
            "The book is in reducing mode and the order is larger than what closes the position."),
        new(RiskRule.CircuitBreaker, "The circuit breaker", nameof(RiskLimits.Breakers), "level", true, Reductions.Open,
            "A breaker is tripped or cooling, or it is half open and quantity times price is over its cap (then in "
            + "money)."),
        Gate(
            RiskRule.RestrictedSymbol, nameof(RiskLimits.RestrictedSymbols),
            "The symbol is on the list and the order is larger than what closes the position."),
        Gate(
            RiskRule.NotTradable, null,
            "The instrument does not trade and the order is larger than what closes the position."),
        Gate(
            RiskRule.MarketClosed, nameof(RiskLimits.TradingHours),
            "It is outside the trading hours and the order is larger than what closes the position."),
        Order(RiskRule.Heartbeat, "The silence of the session", nameof(RiskLimits.HeartbeatSeconds), "seconds", false,
            "The session was silent for longer than the limit and is not heard again, or was never heard."),
        Order(RiskRule.RepeatedExecutions, "The executions", nameof(RiskLimits.MaxRepeatedExecutions), "count", false,
            "One side of the symbol was filled more often than the limit within the window, and no person has enabled "
            + "the symbol since."),
        new(RiskRule.UnknownSymbol, "The symbol", null, null, false, Reductions.Open,
            "No source of prices knows the symbol, or none answers."),
        Order(
            RiskRule.MissingPrice, "The price", null, "money", false,
            "No reference price of the symbol is known, or none above zero, or none below 10¹² in the book's "
            + "currency."),
        new(
            RiskRule.StalePrice, "The age of the price", nameof(RiskLimits.MaxPriceAgeSeconds), "seconds", false,
            Reductions.Open,
            "The reference price is older than the limit."),
        Gate(RiskRule.QuarantinedPrice, null,
            "The quality of the symbol's data is `reduce_only` or `blocked` (its newest price is in quarantine, or a "
            + "score is too low), and the order is larger than what closes the position."),
        new(RiskRule.InsufficientHistory, "The history", null, "sessions", false, Reductions.Open,
            "A tail limit is set, and too few common sessions are known to measure the risk after the trade, "
            + "or a symbol's returns mostly repeat the one before (a price that stands still)."),
        Order(RiskRule.Confidence, "The confidence", nameof(RiskLimits.MinConfidence), "fraction", false,
            "The signal's confidence is below the limit, or not given."),
        Order(RiskRule.MessageRate, "The messages", nameof(RiskLimits.MaxMessages), "count", false,
            "With this one there are more decisions (refusals too) and releases within the window than the limit."),
        Order(
            RiskRule.DuplicateOrder, "The age of the same order", nameof(RiskLimits.DuplicateWindowSeconds), "seconds",
            false,
            "An order of the same symbol, side, quantity and limit price was approved within the window under another "
            + "id."),
        Gate(RiskRule.SelfMatch, nameof(RiskLimits.PreventSelfMatch),
            "An open order of the book on the other side may trade with this one, and the order is larger than what "
            + "closes the position."),
        Order(
            RiskRule.PriceCollar, "The distance of the limit price", nameof(RiskLimits.MaxPriceDeviation), "fraction",
            false,
            "The limit price is further from the reference price, to either side, than the limit; a market order has "
            + "none."),
        Order(RiskRule.PriceMove, "The move of the price", nameof(RiskLimits.MaxPriceMove), "fraction", false,
            "The reference price has moved by more than the limit within `price_move_seconds`."),
        Order(
            RiskRule.TickSize, "The limit price", null, "money", false,
            "The limit price is no multiple of the instrument's tick."),
        Order(
            RiskRule.LotSize, "The order", null, "units", true, "The quantity is no multiple of the instrument's lot."),
        Order(
            RiskRule.OrderQuantity, "The order", nameof(RiskLimits.MaxOrderQuantity), "units", true,
            "The quantity is over the limit."),
        Order(RiskRule.MinOrderNotional, "The order's value", nameof(RiskLimits.MinOrderNotional), "money", true,
            "Quantity times price is below the limit, or below the instrument's least value."),
        Order(RiskRule.OrderNotional, "The order's value", nameof(RiskLimits.MaxOrderNotional), "money", true,
            "Quantity times price is over the limit, or over 10¹⁵ where that is higher or absent."),
        Order(
            RiskRule.WindowQuantity, "The quantity of the window", nameof(RiskLimits.MaxWindowQuantity), "units", true,
            "With this order more units of the symbol are approved within `window_seconds` than the limit."),
        Order(RiskRule.WindowNotional, "The value of the window", nameof(RiskLimits.MaxWindowNotional), "money", true,
            "With this order more of the symbol is approved within `window_seconds` than the limit."),
        Order(RiskRule.Liquidity, "The share of the daily volume", nameof(RiskLimits.MaxVolumeShare), "fraction", true,
            "The order and the open orders of the symbol are a larger share of the average daily volume than the "
            + "limit, or that is not known."),
        Order(RiskRule.LongPosition, "The long position", nameof(RiskLimits.MaxLongPosition), "units", true,
            "A purchase would lead to more units than the limit."),
        Order(RiskRule.ShortPosition, "The short position", nameof(RiskLimits.MaxShortPosition), "units", true,
            "A sale would lead to more units short than the limit."),
        Order(
            RiskRule.IntradayPosition, "The position of the day", nameof(RiskLimits.MaxIntradayPosition), "units", true,
            "What the symbol was traded net since midnight UTC, with the open orders of this side and the order, is "
            + "over the limit."),
        Measure(RiskRule.PositionWeight, "The weight of the position", nameof(RiskLimits.MaxPositionWeight),
            "The absolute value of the position over equity is over the limit and grows."),
        Order(
            RiskRule.Concentration, "The share of the position in gross exposure", nameof(RiskLimits.MaxConcentration),
            "fraction", true,
            "The absolute value of the position over gross exposure is over the limit and grows."),
        Measure(RiskRule.GrossExposure, "Gross exposure", nameof(RiskLimits.MaxGrossExposure),
            "The sum of absolute position values over equity is over the limit and grows."),
        Measure(RiskRule.NetExposure, "Net exposure", nameof(RiskLimits.MaxNetExposure),
            "The absolute sum of position values over equity is over the limit and grows."),
        Measure(RiskRule.SectorExposure, "The exposure to the sector", nameof(RiskLimits.MaxSectorExposure),
            "The absolute value of the sector over equity is over the limit and grows, or the sector is not known."),
        Order(
            RiskRule.StrategyExposure, "The exposure of the strategy", nameof(RiskLimits.MaxStrategyExposure),
            "fraction", true,
            "The sum of absolute position values of the order's strategy over equity is over the limit and grows."),
        Measure(RiskRule.Margin, "The initial margin", nameof(RiskLimits.InitialMargin),
            "The margin rate times gross exposure is over equity and grows."),
        Measure(RiskRule.ValueAtRisk95, "The 95 % value at risk", nameof(RiskLimits.MaxValueAtRisk95),
            "The book's one-day 95 % value at risk over equity is over the limit and grows."),
        Measure(RiskRule.ValueAtRisk99, "The 99 % value at risk", nameof(RiskLimits.MaxValueAtRisk99),
            "The book's one-day 99 % value at risk over equity is over the limit and grows."),
        Order(
            RiskRule.IncrementalValueAtRisk, "What the order adds to the 95 % value at risk",
            nameof(RiskLimits.MaxIncrementalValueAtRisk), "fraction", true,
            "The order adds more to the 95 % value at risk over equity than the limit."),
        Measure(
            RiskRule.ExpectedShortfall975, "The 97.5 % expected shortfall", nameof(RiskLimits.MaxExpectedShortfall975),
            "The book's one-day 97.5 % expected shortfall over equity is over the limit and grows."),
        Order(
            RiskRule.Correlation, "The correlation with the rest of the book", nameof(RiskLimits.CorrelationThreshold),
            "coefficient", true,
            "The order's daily profit and loss correlates with that of the rest of the book more than the limit, and "
            + "the position grows beyond `correlation_free_weight`."),
        new(RiskRule.Drawdown, "The drawdown", nameof(RiskLimits.MaxDrawdown), "fraction", false, Reductions.Open,
            "The book's equity is further below its high-water mark than the limit."),
        Order(RiskRule.DailyLoss, "The loss of the day", nameof(RiskLimits.MaxDailyLoss), "fraction", false,
            "The book's equity is further below that at midnight UTC, moved by payments, than the limit."),
        new(RiskRule.Cash, "Cash", nameof(RiskLimits.MinCash), "money", true, Reductions.Open,
            "A purchase would leave less cash than the limit."),
        new(RiskRule.ShortSale, "The sale", null, "units", true, Reductions.Open,
            "The book may not go short, and the sale is larger than what is held and not yet promised to other sales."),
        Budget(
            RiskRule.BudgetGross, "Gross exposure",
            "The sum of absolute position values is over the book's grant and grows."),
        Budget(
            RiskRule.BudgetNet, "Net exposure",
            "The absolute sum of position values is over the book's grant and grows."),
        Budget(
            RiskRule.BudgetShortfall, "The 97.5 % expected shortfall",
            "The book's one-day 97.5 % expected shortfall in money is over its grant and grows."),
        new(RiskRule.ReduceOnly, "The order", null, "units", true, Reductions.Open,
            "The signal says `reduce_only`, and the book is flat in the symbol or held on the same side."),
        new(RiskRule.FxRate, "The age of the exchange rate", nameof(RiskLimits.MaxPriceAgeSeconds), "seconds", false,
            Reductions.Open,
            "An exchange rate that the book or the order is valued by is not known, doubtful, or older than the limit."),
    ];

    public static ReadOnlySpan<RuleEntry> All => Entries;

    public static RuleEntry Of(RiskRule rule) => Entries[(int)rule];

    /// <summary>Closes the way for everything but reductions.</summary>
    static RuleEntry Gate(RiskRule rule, string? limit, string meaning) =>
        new(rule, "The order", limit, "units", false, Reductions.Open, meaning);

    static RuleEntry Order(
        RiskRule rule, string subject, string? limit, string? unit, bool dependsOnSize, string meaning) =>
        new(rule, subject, limit, unit, dependsOnSize, Reductions.Open, meaning);

    static RuleEntry Budget(RiskRule rule, string subject, string meaning) =>
        new(rule, subject, null, "money", true, Reductions.OpenUnlessTheMeasureGrows, meaning);

    static RuleEntry Measure(RiskRule rule, string subject, string limit, string meaning) =>
        new(rule, subject, limit, "fraction", true, Reductions.OpenUnlessTheMeasureGrows, meaning);
}

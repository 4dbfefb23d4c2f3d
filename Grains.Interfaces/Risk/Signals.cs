using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Trading.Risk;

[GenerateSerializer, JsonConverter(typeof(SnakeCaseEnumConverter<Side>))]
public enum Side
{
    [JsonStringEnumMemberName("BUY")] Buy,
    [JsonStringEnumMemberName("SELL")] Sell,
}

/// <summary>What a desk asks: may this trade? Quantities are units of the instrument (shares, coins), never money.</summary>
/// <param name="ClientOrderId">The caller's own id; asking again with the same id gives the same answer and has no second effect.</param>
/// <param name="Confidence">The caller's belief in the signal, from 0 to 1.</param>
/// <param name="LimitPrice">The worst price at which the order may trade; null for a market order, valued at the reference price.</param>
[GenerateSerializer, Immutable, Alias("trading.order")]
public sealed record Order(string Symbol, Side Action, decimal Quantity, string? ClientOrderId, double? Confidence, decimal? LimitPrice)
{
    /// <summary>Whose exposure the order counts to; orders without one share a strategy without a name.</summary>
    [Id(0)] public string? Strategy { get; init; }

    /// <summary>May only close a position: it counts up to what is held, and never opens one.</summary>
    [Id(1)] public bool ReduceOnly { get; init; }

    /// <summary>Who asks, as their token says; null where nobody had to show one.</summary>
    [Id(2)] public string? By { get; init; }
}

/// <summary>The rules of a decision, in the order in which they are reported. Stable codes: the names in snake_case.</summary>
[GenerateSerializer, JsonConverter(typeof(SnakeCaseEnumConverter<RiskRule>))]
public enum RiskRule
{
    /// <summary>A field of the order breaks a rule of form; the detail names it.</summary>
    Malformed,
    /// <summary>Trading of the book is halted; reductions stay open.</summary>
    Halted,
    /// <summary>The book is in the mode <see cref="TradingMode.Reducing"/>; reductions stay open.</summary>
    ReducingOnly,
    /// <summary>A circuit breaker is tripped or cooling, or half open and the order over its cap; reductions stay open.</summary>
    CircuitBreaker,
    RestrictedSymbol,
    NotTradable,
    MarketClosed,
    /// <summary>The caller's session is silent; its approvals were given back.</summary>
    Heartbeat,
    /// <summary>The symbol was filled too often too fast, and is disabled until a person enables it.</summary>
    RepeatedExecutions,
    /// <summary>No source knows the symbol, or none answers; reductions stay open.</summary>
    UnknownSymbol,
    MissingPrice,
    /// <summary>The price is older than <see cref="RiskLimits.MaxPriceAgeSeconds"/>; reductions stay open.</summary>
    StalePrice,
    /// <summary>The quality of the symbol's data lets it only be reduced, or is too low to trade on at all; reductions stay open.</summary>
    QuarantinedPrice,
    /// <summary>Too few common sessions to measure the risk after the trade; reductions stay open.</summary>
    InsufficientHistory,
    Confidence,
    MessageRate,
    DuplicateOrder,
    SelfMatch,
    PriceCollar,
    PriceMove,
    TickSize,
    LotSize,
    OrderQuantity,
    MinOrderNotional,
    OrderNotional,
    WindowQuantity,
    WindowNotional,
    Liquidity,
    LongPosition,
    ShortPosition,
    IntradayPosition,
    PositionWeight,
    Concentration,
    /// <summary>Also the limit on leverage, which it is.</summary>
    GrossExposure,
    NetExposure,
    SectorExposure,
    StrategyExposure,
    Margin,
    [JsonStringEnumMemberName("value_at_risk_95")] ValueAtRisk95,
    [JsonStringEnumMemberName("value_at_risk_99")] ValueAtRisk99,
    IncrementalValueAtRisk,
    [JsonStringEnumMemberName("expected_shortfall_97_5")] ExpectedShortfall975,
    Correlation,
    Drawdown,
    DailyLoss,
    Cash,
    /// <summary>The sale would open or enlarge a short position where shorting is not allowed.</summary>
    ShortSale,
    /// <summary>The book would use more than the gross exposure that it was granted; likewise the two below.</summary>
    BudgetGross,
    BudgetNet,
    BudgetShortfall,
    /// <summary>The order may only reduce, and there is nothing on the other side of it.</summary>
    ReduceOnly,
    /// <summary>An exchange rate that the book or the order is valued by is unknown, doubtful or older than
    /// <see cref="RiskLimits.MaxPriceAgeSeconds"/>; reductions stay open.</summary>
    FxRate,
}

/// <summary>One rule that an order breaks.</summary>
/// <param name="Observed">The value after the trade; null where it cannot be known, which is why the rule is broken.</param>
/// <param name="Unit"><c>money</c>, <c>fraction</c> (of equity), <c>seconds</c>, <c>units</c>, <c>count</c>, <c>sessions</c> or
/// <c>level</c> (of a circuit breaker's own measure).</param>
[GenerateSerializer, Immutable, Alias("trading.risk-violation")]
public sealed record RiskViolation(RiskRule Code, decimal? Observed, decimal? Limit, string? Unit, string Detail);

/// <summary>How far one limit is used.</summary>
[GenerateSerializer, Immutable, Alias("trading.limit-usage")]
public sealed record LimitUsage(RiskRule Code, decimal? Observed, decimal? Limit, decimal? Headroom, string Unit);

/// <summary>The book's measures at one moment. Losses are positive; fractions are of equity; null is unknown.</summary>
/// <param name="PositionWeight">Absolute market value of the order's symbol over equity.</param>
/// <param name="SectorWeight">Absolute market value of the order's sector over equity.</param>
/// <param name="Drawdown">1 - equity / high-water mark of equity.</param>
[GenerateSerializer, Immutable, Alias("trading.book-measures")]
public sealed record BookMeasures(
    decimal Equity,
    decimal Cash,
    decimal GrossExposure,
    decimal NetExposure,
    [property: JsonPropertyName("value_at_risk_95")] double? ValueAtRisk95,
    [property: JsonPropertyName("expected_shortfall_97_5")] double? ExpectedShortfall975,
    double? PositionWeight,
    double? SectorWeight,
    double Drawdown)
{
    [Id(0), JsonPropertyName("value_at_risk_99")] public double? ValueAtRisk99 { get; init; }

    /// <summary>Gross exposure of the order's strategy over equity; other symbols of it count at the price of their last approval or fill.</summary>
    [Id(1), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public double? StrategyWeight { get; init; }

    /// <summary>1 - equity / equity at midnight UTC, moved by payments; negative for a profit.</summary>
    [Id(2)] public double? DailyLoss { get; init; }
}

/// <summary>The answer to a signal. A refusal is an answer, not an error.</summary>
/// <param name="DecisionId"><c>portfolio:sequence</c> of the decision in the journal; also the id of the reservation of an approval. Empty
/// for a malformed order, which never reaches the book and is not in its journal.</param>
/// <param name="ReferencePrice">Last price, like every price of a decision in the currency of the instrument.</param>
/// <param name="ReservedPrice">What a unit of an approval is reserved at; null for a refusal.</param>
/// <param name="ExpiresAt">When an approval that was neither filled nor released is released by itself.</param>
/// <param name="MaxAllowedQuantity">The largest quantity, rounded down to a whole unit, that would pass every limit now; null where no quantity can be judged.</param>
/// <param name="Before">The book with every earlier approval, each measure at its largest over all ways in which they may fill or not.</param>
/// <param name="After">The same with this order, which may fill or not too; null where it cannot be measured.</param>
/// <param name="Headroom">Set on refusals: what each limit still leaves before this order.</param>
/// <param name="RiskMethod">Method, convention and window of the risk numbers, for example <c>historical/order_statistic/252d/1d/any_fill</c>; without the
/// last word each symbol counted at the larger end of its exposure, as before there was one.</param>
[GenerateSerializer, Immutable, Alias("trading.signal-decision")]
public sealed record SignalDecision(
    string DecisionId,
    string Portfolio,
    string? ClientOrderId,
    string Symbol,
    Side Action,
    decimal Quantity,
    double? Confidence,
    decimal? LimitPrice,
    decimal? ReferencePrice,
    bool Approved,
    decimal? ReservedPrice,
    DateTimeOffset? ExpiresAt,
    decimal? MaxAllowedQuantity,
    ImmutableArray<RiskViolation> Violations,
    BookMeasures? Before,
    BookMeasures? After,
    ImmutableArray<LimitUsage> Headroom,
    long LimitsVersion,
    string RiskMethod,
    DateTimeOffset DecidedAt)
{
    [Id(0), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Strategy { get; init; }

    /// <summary>The <see cref="LimitsVersion.EffectiveId"/> of the limits; absent where they were in force as set.</summary>
    [Id(1), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? LimitsId { get; init; }

    /// <summary>Of the risk numbers after the trade, and of those before it unless <see cref="RiskWindowBefore"/> names another. It
    /// depends on the order's symbol: both are measured over the sessions that it and the book have in common. Absent where nothing is
    /// measured, and in decisions older than it.</summary>
    [Id(2), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public RiskWindow? RiskWindow { get; init; }

    /// <summary>Of the risk numbers before the trade, where the sessions in common are too few and the book was measured by its
    /// own.</summary>
    [Id(3), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public RiskWindow? RiskWindowBefore { get; init; }

    /// <summary>The order may only reduce; absent where it may do more.</summary>
    [Id(6), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] public bool ReduceOnly { get; init; }

    /// <summary>What an approval that may only reduce holds: the quantity, at most the position. Absent for every other.</summary>
    [Id(7), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public decimal? ReservedQuantity { get; init; }

    /// <summary>Of the prices; absent for the book's.</summary>
    [Id(4), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Currency { get; init; }

    /// <summary>What one unit of it was worth in the book's; absent for the book's own, and where it was not
    /// known.</summary>
    [Id(5), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public decimal? FxRate { get; init; }

    /// <summary>The currency that <see cref="Currency"/> counts as, by a setting and not by a market; absent where a price is the
    /// rate.</summary>
    [Id(8), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? FxPeg { get; init; }

    /// <summary>Who asked first, as their token said; absent in decisions older than it.</summary>
    [Id(9), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? By { get; init; }
}

/// <summary>The sessions that a risk number is measured by.</summary>
/// <param name="Sample">Returns.</param>
/// <param name="From">Session of the first return; <paramref name="To"/> of the last.</param>
[GenerateSerializer, Immutable, Alias("trading.risk-window")]
public sealed record RiskWindow(int Sample, DateOnly From, DateOnly To);

/// <summary>A decision as the API answers it, in UTF-8 JSON. Its event holds every value of it, and gives the same bytes
/// again.</summary>
[GenerateSerializer, Immutable, Alias("trading.recorded-decision"), JsonConverter(typeof(RecordedDecisionConverter))]
public sealed class RecordedDecision
{
    [NonSerialized] readonly SignalDecision? _decision;

    public RecordedDecision(byte[] json) => Json = json;

    RecordedDecision(SignalDecision decision) => _decision = decision;

    /// <summary>Made where it is first asked for: by whoever answers the caller, while the book decides the next order.</summary>
    [Id(0)] public byte[] Json { get => field ??= DecisionJson.Write(_decision!); private init; }

    /// <summary>The same for who passes it on at once: gone when the same thread asks for another one's. An answer of a thousand decisions
    /// is then never in memory as a whole.</summary>
    public ReadOnlySpan<byte> Text => _decision is null ? Json : DecisionJson.Text(_decision);

    public static RecordedDecision Of(SignalDecision decision) => new(decision);

    public SignalDecision Read() => DecisionJson.Read(Json);
}

using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Trading.Portfolios;

namespace Trading.Risk;

/// <summary>The limits of one book. Null means no limit of that kind. Fractions are of equity; money is in the book's currency.</summary>
[GenerateSerializer, Immutable, Alias("trading.risk-limits")]
public sealed record RiskLimits
{
    /// <summary>Refuses every order that does not reduce a position.</summary>
    [Id(0)] public bool Halted { get; init; }
    [Id(1)] public decimal? MaxOrderNotional { get; init; }
    [Id(2)] public double? MaxPositionWeight { get; init; }
    /// <summary>Sum of absolute market values over equity; 1.5 is 150 %.</summary>
    [Id(3)] public double? MaxGrossExposure { get; init; }
    /// <summary>Absolute sum of market values over equity.</summary>
    [Id(4)] public double? MaxNetExposure { get; init; }
    [Id(5)] public double? MaxSectorExposure { get; init; }
    [Id(6), JsonPropertyName("max_value_at_risk_95")] public double? MaxValueAtRisk95 { get; init; }
    [Id(7), JsonPropertyName("max_expected_shortfall_97_5")] public double? MaxExpectedShortfall975 { get; init; }
    [Id(8)] public double? MaxDrawdown { get; init; }
    /// <summary>The cash that must remain after the trade, at the reference price.</summary>
    [Id(9)] public decimal? MinCash { get; init; }
    [Id(10)] public double? MaxPriceAgeSeconds { get; init; }
    /// <summary>How long an approval holds its exposure without a fill.</summary>
    [Id(11)] public double ReservationSeconds { get; init; } = 300;
    /// <summary>Rules that scale the others by what happens.</summary>
    [Id(50)] public DynamicLimits? Dynamic { get; init; }

    /// <summary>Symbols that may only be closed, in capitals.</summary>
    [Id(12)] public ImmutableArray<string> RestrictedSymbols
    {
        get;
        init => field = value.IsDefaultOrEmpty ? ImmutableArray<string>.Empty : value; // limits without any are equal
    } = ImmutableArray<string>.Empty;
    /// <summary>When the book may trade; null is always.</summary>
    [Id(13)] public TradingHours? TradingHours { get; init; }
    /// <summary>How far a limit price may be from the reference price, to either side, as a fraction of that.</summary>
    [Id(14)] public double? MaxPriceDeviation { get; init; }
    /// <summary>How far the reference price may be from the one of <see cref="PriceMoveSeconds"/> ago, as a fraction of that.</summary>
    [Id(15)] public double? MaxPriceMove { get; init; }
    [Id(16)] public double PriceMoveSeconds { get; init; } = 60;
    [Id(17)] public decimal? MaxOrderQuantity { get; init; }
    [Id(18)] public decimal? MinOrderNotional { get; init; }
    /// <summary>Units of one symbol approved within <see cref="WindowSeconds"/>, this order included.</summary>
    [Id(19)] public decimal? MaxWindowQuantity { get; init; }
    /// <summary>Value of the same.</summary>
    [Id(20)] public decimal? MaxWindowNotional { get; init; }
    [Id(21)] public double WindowSeconds { get; init; } = 60;
    /// <summary>How long an approved order forbids another of the same content.</summary>
    [Id(22)] public double? DuplicateWindowSeconds { get; init; }
    /// <summary>Decisions and releases within <see cref="MessageWindowSeconds"/>, this one included.</summary>
    [Id(23)] public long? MaxMessages { get; init; }
    [Id(24)] public double MessageWindowSeconds { get; init; } = 1;
    /// <summary>Fills of one symbol and side within <see cref="RepeatedExecutionSeconds"/>; one more disables the symbol.</summary>
    [Id(25)] public long? MaxRepeatedExecutions { get; init; }
    [Id(26)] public double RepeatedExecutionSeconds { get; init; } = 60;
    /// <summary>Units of one symbol, with every open purchase filled.</summary>
    [Id(27)] public decimal? MaxLongPosition { get; init; }
    /// <summary>Units short of one symbol, with every open sale filled.</summary>
    [Id(28)] public decimal? MaxShortPosition { get; init; }
    /// <summary>Net units of one symbol traded since midnight UTC, with the open orders of one side.</summary>
    [Id(29)] public decimal? MaxIntradayPosition { get; init; }
    [Id(30)] public double? MaxStrategyExposure { get; init; }
    /// <summary>Of a position in gross exposure.</summary>
    [Id(31)] public double? MaxConcentration { get; init; }
    /// <summary>Initial margin as a fraction of gross exposure; what it demands must not exceed equity.</summary>
    [Id(32)] public double? InitialMargin { get; init; }
    [Id(33), JsonPropertyName("max_value_at_risk_99")] public double? MaxValueAtRisk99 { get; init; }
    /// <summary>What one order may add to the 95 % value at risk.</summary>
    [Id(34)] public double? MaxIncrementalValueAtRisk { get; init; }
    /// <summary>Of an order's daily profit and loss with that of the rest of the book.</summary>
    [Id(35)] public double? CorrelationThreshold { get; init; }
    /// <summary>The weight of a position up to which its correlation is free.</summary>
    [Id(36)] public double CorrelationFreeWeight { get; init; } = 0.05;
    /// <summary>Of an order and the open orders of its symbol in the average daily volume.</summary>
    [Id(37)] public double? MaxVolumeShare { get; init; }
    /// <summary>Refuses an order that would trade with an open one of the same book.</summary>
    [Id(38)] public bool PreventSelfMatch { get; init; }
    /// <summary>Of the equity at midnight UTC.</summary>
    [Id(39)] public double? MaxDailyLoss { get; init; }
    [Id(40)] public double? MinConfidence { get; init; }
    /// <summary>How long a session may be silent.</summary>
    [Id(41)] public double? HeartbeatSeconds { get; init; }
    /// <summary>The circuit breakers.</summary>
    [Id(60)] public Breakers? Breakers { get; init; }

    /// <summary>What a new book starts with.</summary>
    public static RiskLimits Default { get; } = new()
    {
        MaxOrderNotional = 1_000_000m,
        MaxPositionWeight = 0.10,
        MaxGrossExposure = 1.5,
        MaxNetExposure = 1.0,
        MaxSectorExposure = 0.35,
        MaxValueAtRisk95 = 0.03,
        MaxExpectedShortfall975 = 0.05,
        MaxDrawdown = 0.20,
        MinCash = 0m,
        MaxPriceAgeSeconds = 300,
        ReservationSeconds = 300,
        MaxPriceDeviation = 0.25,
        CorrelationThreshold = 0.7,
        PreventSelfMatch = true,
        Breakers = Breakers.Default,
    };
}

/// <summary>One version of the limits, with who set it, when and why.</summary>
[GenerateSerializer, Immutable, Alias("trading.limits-version")]
public sealed record LimitsVersion(
    [property: Id(0)] long Version,
    [property: Id(1)] RiskLimits Limits,
    [property: Id(2)] string ChangedBy,
    [property: Id(3)] DateTimeOffset ChangedAt,
    [property: Id(4)] string Reason)
{
    /// <summary>Names these limits where they are not in force as they were set: the version and a digest of the limits, the same whenever they
    /// are the same. Null where they are as they were set.</summary>
    [Id(5), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? EffectiveId { get; init; }

    /// <summary>What made them so, in words; null likewise.</summary>
    [Id(6), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Because { get; init; }
}

[GenerateSerializer, Immutable, Alias("trading.limits-history")]
public sealed record LimitsHistory(string Portfolio, LimitsVersion Current, ImmutableArray<LimitsVersion> Earlier)
{
    /// <summary>How many versions were in force before the oldest one here, and are no longer kept.</summary>
    public long Dropped => (Earlier.IsEmpty ? Current : Earlier[^1]).Version - 1;

    /// <summary>What decisions are held to: <see cref="Current"/> with the overrides and the dynamic rules applied.</summary>
    [Id(0)] public LimitsVersion Effective { get; init; } = Current;

    /// <summary>Each limit in which the two differ, with what made it.</summary>
    [Id(1)] public ImmutableArray<EffectiveLimit> Adjusted { get; init; } = [];

    /// <summary>Overrides, the active ones first and then the newest that ended.</summary>
    [Id(2)] public ImmutableArray<LimitOverride> Overrides { get; init; } = [];

    /// <summary>What the dynamic rules last saw; null where none looks.</summary>
    [Id(3)] public LimitInputs? Inputs { get; init; }

    /// <summary>How the book's own forecasts held; null where the book did not say. Its factor is among <see cref="Adjusted"/>, and in red
    /// the book only reduces.</summary>
    [Id(4)] public ForecastStanding? TrafficLight { get; init; }
}

/// <param name="ExpectedVersion">Refused as a conflict where another version is in force; null takes any.</param>
[GenerateSerializer, Immutable, Alias("trading.limits-change")]
public sealed record LimitsChange(RiskLimits Limits, string ChangedBy, string Reason, long? ExpectedVersion);

using System.Collections.Immutable;
using System.Text.Json.Serialization;

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
    };
}

/// <summary>One version of the limits, with who set it, when and why.</summary>
[GenerateSerializer, Immutable, Alias("trading.limits-version")]
public sealed record LimitsVersion(
    [property: Id(0)] long Version,
    [property: Id(1)] RiskLimits Limits,
    [property: Id(2)] string ChangedBy,
    [property: Id(3)] DateTimeOffset ChangedAt,
    [property: Id(4)] string Reason);

[GenerateSerializer, Immutable, Alias("trading.limits-history")]
public sealed record LimitsHistory(string Portfolio, LimitsVersion Current, ImmutableArray<LimitsVersion> Earlier)
{
    /// <summary>How many versions were in force before the oldest one here, and are no longer kept.</summary>
    public long Dropped => (Earlier.IsEmpty ? Current : Earlier[^1]).Version - 1;
}

/// <param name="ExpectedVersion">Refused as a conflict where another version is in force; null takes any.</param>
[GenerateSerializer, Immutable, Alias("trading.limits-change")]
public sealed record LimitsChange(RiskLimits Limits, string ChangedBy, string Reason, long? ExpectedVersion);

using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Trading.Portfolios;

namespace Trading.Risk;

/// <summary>Rules that scale limits by what happens; each is optional. Factors of several multiply. A factor from measured numbers moves
/// in twentieths, rounded down, so that limits change only where something did.</summary>
[GenerateSerializer, Immutable, Alias("trading.dynamic-limits")]
public sealed record DynamicLimits(
    [property: Id(0)] VolatilityScaling? Volatility,
    [property: Id(1)] TimeOfDayScaling? TimeOfDay,
    [property: Id(2)] DataQualityScaling? DataQuality);

/// <summary>Exposure limits times <paramref name="Target"/> over the book's volatility, within bounds.</summary>
/// <param name="Target">Annualised volatility, as a fraction of equity.</param>
/// <param name="Least">The smallest factor, which also holds while the volatility is unknown; <paramref name="Most"/> the largest.</param>
[GenerateSerializer, Immutable, Alias("trading.volatility-scaling")]
public sealed record VolatilityScaling([property: Id(0)] double Target, [property: Id(1)] double Least, [property: Id(2)] double Most);

/// <summary>Exposure and tail limits times a factor, every day from one minute up to another.</summary>
/// <param name="From">As <c>HH:mm</c>; a window whose end is not after its beginning goes over midnight.</param>
/// <param name="TimeZone">The IANA name, for example <c>America/New_York</c>.</param>
[GenerateSerializer, Immutable, Alias("trading.time-of-day-scaling")]
public sealed record TimeOfDayScaling(
    [property: Id(0)] string From, [property: Id(1)] string To, [property: Id(2)] string TimeZone, [property: Id(3)] double Factor);

/// <summary>Exposure and tail limits times a factor of at most 1, while a price of the book is older than an age or unknown.</summary>
[GenerateSerializer, Immutable, Alias("trading.data-quality-scaling")]
public sealed record DataQualityScaling([property: Id(0)] double MaxAgeSeconds, [property: Id(1)] double Factor);

/// <summary>What the dynamic rules look at, as the book last said. Null is unknown.</summary>
/// <param name="Volatility">Of the positions booked, by EWMA over past returns at today's positions: annualised, as a fraction of equity.</param>
/// <param name="OldestPriceSeconds">Age of the oldest price of a symbol with a position or an open order; 0 where there is none.</param>
[GenerateSerializer, Immutable, Alias("trading.limit-inputs")]
public sealed record LimitInputs(double? Volatility, double? OldestPriceSeconds)
{
    /// <summary>What the book's own forecasts make of its limits on value at risk; the book applies it, to what is in force otherwise.</summary>
    [Id(0), JsonIgnore] public ForecastStanding? TrafficLight { get; init; }

    public static LimitInputs Unknown { get; } = new(null, null);
}

/// <summary>One limit that is not in force as it was set.</summary>
/// <param name="Limit">The name of the limit in its JSON form.</param>
/// <param name="Set">In the version that people set; null for no limit.</param>
/// <param name="InForce">What decisions are held to.</param>
[GenerateSerializer, Immutable, Alias("trading.effective-limit")]
public sealed record EffectiveLimit(string Limit, decimal? Set, decimal? InForce, ImmutableArray<LimitSource> Sources);

/// <summary>A rule that had a part in a limit.</summary>
/// <param name="Rule"><c>override</c>, <c>volatility</c>, <c>time_of_day</c>, <c>data_quality</c> or <c>traffic_light</c>.</param>
/// <param name="Factor">By which it scales; null for an override.</param>
/// <param name="OverrideId">Null for a factor.</param>
[GenerateSerializer, Immutable, Alias("trading.limit-source")]
public sealed record LimitSource(string Rule, double? Factor, string? OverrideId);

using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>What breakers need of the limits.</summary>
public sealed record GuardSettings(
    Breakers Breakers, decimal? MaxOrderNotional, double? MaxValueAtRisk95, double? MaxPriceAgeSeconds)
{
    /// <summary>Null where the limits name no breakers.</summary>
    public static GuardSettings? Of(RiskLimits limits) => limits.Breakers is { } breakers
        ? new(breakers, limits.MaxOrderNotional, limits.MaxValueAtRisk95, limits.MaxPriceAgeSeconds)
        : null;
}

/// <summary>The guards of a book, as they are in a snapshot.</summary>
/// <param name="Mode">Set by a person.</param>
/// <param name="FirmVersion">Of the newest order of the firm that was followed.</param>
/// <param name="Breakers">One for each name, in order.</param>
/// <param name="Session">The trading day; <paramref name="DayEquity"/> is the equity at the close before it.</param>
/// <param name="High">The drawdown breaker's own high; null for the book's high-water mark.</param>
/// <param name="Operations">The last 64 orders to the broker, the newest in the lowest bit; a failed one is 1.</param>
/// <param name="Denials">When the last refusals were, oldest first.</param>
public sealed record GuardState(
    TradingMode Mode,
    GuardSettings? Settings,
    ImmutableArray<Stop> Stops,
    long FirmVersion,
    FlattenPlan? Plan,
    ImmutableArray<Breaker> Breakers,
    DateOnly? Session,
    decimal? DayEquity,
    decimal? High,
    ulong Operations,
    ImmutableArray<DateTimeOffset> Denials)
{
    /// <summary>The traffic light of the book's forecasts is red.</summary>
    public bool RedLight { get; init; }

    /// <summary>Moves that have a number, see <see cref="GuardMove"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] public long Notices { get; init; }

    public static GuardState Empty { get; } = new(
        TradingMode.Active, null, [], 0, null, [.. Enum.GetValues<BreakerName>().Select(name => new Breaker(name))],
        null, null, null, 0, []);
}

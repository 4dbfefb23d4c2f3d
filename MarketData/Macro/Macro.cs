using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Trading.MarketData;

/// <summary>One value of an economic series as it was known from one moment on.</summary>
/// <param name="Date">The period that it is of, by its first day.</param>
/// <param name="Value">In the unit of the series; null where the publisher says that there is none, which is not
/// zero.</param>
/// <param name="KnownAt">The day of its vintage where the publisher says it, else when this program first received
/// it.</param>
public sealed record MacroObservation(DateOnly Date, decimal? Value, DateTimeOffset KnownAt);

/// <summary>Which part of a series, and as of when; null is no bound, and as of now.</summary>
/// <param name="From">The first period.</param>
/// <param name="To">The end, exclusive.</param>
public sealed record MacroQuery(DateOnly? From, DateOnly? To, DateTimeOffset? AsOf);

[JsonConverter(typeof(SnakeCaseEnumConverter<MacroStatus>))]
public enum MacroStatus
{
    /// <summary>As fresh as the configuration asks for.</summary>
    Fresh,
    /// <summary>The publisher does not answer; this is what was known before.</summary>
    Stale,
    /// <summary>The publisher has no such series.</summary>
    Unknown,
    /// <summary>No publisher answers, or none is configured, and nothing is known from before.</summary>
    Unavailable,
}

/// <summary>An economic series.</summary>
/// <param name="Series">Its name at the publisher, for example <c>DGS10</c>.</param>
/// <param name="Observations">Oldest first, each date once, in the version that was known as of the time asked
/// for.</param>
/// <param name="ReceivedAt">When the publisher last answered; null for never.</param>
/// <param name="Revisions">How many values of the whole series have been changed since they were first known.</param>
/// <param name="Problem">Why the publisher's last answer could not be used; null where it could.</param>
public sealed record MacroSeries(
    string Series,
    MacroStatus Status,
    string Source,
    ImmutableArray<MacroObservation> Observations,
    DateTimeOffset? AsOf,
    DateTimeOffset? ReceivedAt,
    int Revisions,
    string? Problem);

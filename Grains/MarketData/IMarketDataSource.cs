using System.Collections.Immutable;

namespace Trading.MarketData;

/// <summary>A place that prices come from: a file, a replay, an exchange.</summary>
public interface IMarketDataSource
{
    /// <summary>A short stable name, for example <c>replay</c>; versions of two sources are not comparable.</summary>
    string Name { get; }

    /// <summary>The series of a symbol if it is newer than what the caller has seen.</summary>
    /// <param name="symbol">The ticker in upper case.</param>
    /// <param name="newerThan">The last version seen, also by an earlier process; 0 for none. A source that keeps its own time goes on from it.</param>
    /// <returns>An answer; where the source has none now, it throws, and what it said before stays true, only older.</returns>
    ValueTask<SourceAnswer> FetchAsync(string symbol, long newerThan, CancellationToken cancellation);
}

/// <summary>The sessions that a source knows of, whatever symbol traded in them.</summary>
/// <param name="Sessions">Ascending, without duplicates.</param>
/// <param name="Repeated">Sessions in which every symbol closed exactly where it had closed before: most likely a holiday filled in.</param>
public sealed record SessionCalendar(ImmutableArray<DateOnly> Sessions, ImmutableArray<DateOnly> Repeated);

/// <summary>What a source answers: unknown, unchanged, or a newer series with the calendar to judge it by.</summary>
public sealed record SourceAnswer
{
    SourceAnswer(SeriesStatus status) => Status = status;

    public SeriesStatus Status { get; }
    public PriceSeries? Series { get; private init; }
    public SessionCalendar? Calendar { get; private init; }

    public static SourceAnswer Unknown { get; } = new(SeriesStatus.Unknown);
    public static SourceAnswer Unchanged { get; } = new(SeriesStatus.Unchanged);

    public static SourceAnswer Updated(PriceSeries series, SessionCalendar calendar) =>
        new(SeriesStatus.Updated) { Series = series, Calendar = calendar };
}

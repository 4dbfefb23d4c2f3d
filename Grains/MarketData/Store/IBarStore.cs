using System.Collections.Immutable;

namespace Trading.MarketData;

/// <summary>One bar as it was known from one moment on. Nothing is ever overwritten: a correction, a release and a confirmation each add a
/// record of the same time with a later <paramref name="KnownAt"/>.</summary>
/// <param name="Revision">Grows by one with every record of the series; the newest record of a time is the one that counts.</param>
/// <param name="EventTime">When it happened by the source's clock.</param>
/// <param name="KnownAt">When this program received or changed it: what an <c>as_of</c> read goes by.</param>
/// <param name="Rule">The rule behind the verdict; null where nothing was noticed.</param>
/// <param name="Note">Evidence in words, or who released it and why; null for none.</param>
public sealed record BarRecord(
    Bar Bar,
    long Revision,
    string Source,
    DateTimeOffset EventTime,
    DateTimeOffset KnownAt,
    Verdict Verdict,
    string? Rule,
    string? Note);

/// <summary>One series of bars.</summary>
public sealed record SeriesKey(string Symbol, BarInterval Interval);

/// <summary>Point-in-time truth: bars with all their versions, and corporate actions.</summary>
public interface IBarStore
{
    /// <summary>Adds records, all or none. Their <see cref="BarRecord.Revision"/> is given by the store and is ignored on the way in.</summary>
    /// <returns>The last revision of the series.</returns>
    Task<long> AppendAsync(SeriesKey key, IReadOnlyList<BarRecord> records, CancellationToken cancellation);

    /// <summary>The newest record of each time in <c>[from, to)</c> that was known at <paramref name="asOf"/> (null: now), oldest time first.</summary>
    Task<ImmutableArray<BarRecord>> ReadAsync(SeriesKey key, DateTimeOffset? from, DateTimeOffset? to, DateTimeOffset? asOf, CancellationToken cancellation);

    /// <summary>Every record of one time, oldest revision first.</summary>
    Task<ImmutableArray<BarRecord>> HistoryAsync(SeriesKey key, DateTimeOffset time, CancellationToken cancellation);

    /// <summary>Records whose newest verdict is quarantine, newest time first.</summary>
    /// <param name="symbol">Null for all.</param>
    Task<ImmutableArray<(SeriesKey Key, BarRecord Record)>> QuarantinedAsync(string? symbol, int limit, CancellationToken cancellation);

    /// <summary>Adds corporate actions that are not known yet; one that differs in value from a known one of its date and kind adds a version.</summary>
    Task AppendActionsAsync(string symbol, IReadOnlyList<CorporateAction> actions, DateTimeOffset knownAt, CancellationToken cancellation);

    /// <summary>The actions known at <paramref name="asOf"/> (null: now), by ex-date.</summary>
    Task<ImmutableArray<CorporateAction>> ActionsAsync(string symbol, DateTimeOffset? asOf, CancellationToken cancellation);

    /// <summary>Removes what the rules no longer keep: superseded versions older than <paramref name="versionsBefore"/>, and whole bars of an
    /// interval older than <paramref name="barsBefore"/>. Reads as of a later moment stay the same.</summary>
    /// <returns>How many records went.</returns>
    Task<long> CompactAsync(BarInterval interval, DateTimeOffset? barsBefore, DateTimeOffset? versionsBefore, CancellationToken cancellation);
}

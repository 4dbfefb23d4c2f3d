using System.Collections.Immutable;

namespace Trading.MarketData;

/// <summary>One bar as it was known from one moment on. Nothing is ever overwritten: a correction, a release and a
/// confirmation each add a record of the same time with a later <paramref name="KnownAt"/>.</summary>
/// <param name="Revision">Grows by one with every record of the series; the newest record of a time is the one that
/// counts.</param>
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
    string? Note)
{
    /// <summary>As callers see it.</summary>
    /// <param name="adjusted">The bar without splits and dividends; null where it counts for nothing or is not
    /// daily.</param>
    public BarVersion ToVersion(Bar? adjusted = null) =>
        new(Bar, adjusted, Revision, Source, EventTime, KnownAt, Verdict, Rule, Note);
}

/// <summary>One series of bars.</summary>
public sealed record SeriesKey(string Symbol, BarInterval Interval);

/// <summary>New records of one series; their <see cref="BarRecord.Revision"/> is given by the store and is ignored on
/// the way in.</summary>
public sealed record SeriesAppend(SeriesKey Key, IReadOnlyList<BarRecord> Records);

/// <summary>Records of any number of series that are stored together: disposed without a commit, none of them is. It
/// is for one caller at a time, and others that append may have to wait until it ends.</summary>
public interface IBarTransaction : IAsyncDisposable
{
    /// <exception cref="BarStoreException">Nothing of the transaction is stored.</exception>
    ValueTask AddAsync(SeriesKey key, IReadOnlyList<BarRecord> records, CancellationToken cancellation);

    /// <summary>Makes all of it durable and visible at once.</summary>
    /// <returns>The last revision of each series.</returns>
    /// <exception cref="BarStoreException">Nothing of the transaction is stored, or its connection broke just here:
    /// reading tells.</exception>
    Task<IReadOnlyDictionary<SeriesKey, long>> CommitAsync(CancellationToken cancellation);
}

/// <summary>Point-in-time truth: bars with all their versions, corporate actions, and what persons and sources say of
/// instruments. Times are kept to the microsecond, decimals exactly. Any number of callers, and of processes, may
/// append to one series: each record gets a revision of its own.</summary>
/// <exception cref="BarStoreException">From every member: the store cannot be opened, read or written.</exception>
public interface IBarStore : IAsyncDisposable
{
    /// <summary>Connects and creates the tables where they are missing; once, before anything else.</summary>
    Task OpenAsync(CancellationToken cancellation);

    Task<IBarTransaction> BeginAsync(CancellationToken cancellation);

    /// <summary>Adds records, all or none.</summary>
    /// <returns>The last revision of the series; 0 where nothing was added.</returns>
    async Task<long> AppendAsync(SeriesKey key, IReadOnlyList<BarRecord> records, CancellationToken cancellation) =>
        (await AppendManyAsync([new(key, records)], cancellation)).GetValueOrDefault(key);

    /// <summary>Adds records of many series, all or none: much faster than one by one.</summary>
    /// <returns>The last revision of each series that something was added to.</returns>
    async Task<IReadOnlyDictionary<SeriesKey, long>> AppendManyAsync(
        IEnumerable<SeriesAppend> appends, CancellationToken cancellation)
    {
        await using var transaction = await BeginAsync(cancellation);
        foreach (var append in appends) await transaction.AddAsync(append.Key, append.Records, cancellation);
        return await transaction.CommitAsync(cancellation);
    }

    /// <summary>The newest record of each time in <c>[from, to)</c> that was known at <paramref name="asOf"/> (null:
    /// now), oldest time first.</summary>
    Task<ImmutableArray<BarRecord>> ReadAsync(
        SeriesKey key, DateTimeOffset? from, DateTimeOffset? to, DateTimeOffset? asOf, CancellationToken cancellation);

    /// <summary>Every record of one time, oldest revision first.</summary>
    Task<ImmutableArray<BarRecord>> HistoryAsync(SeriesKey key, DateTimeOffset time, CancellationToken cancellation);

    /// <summary>Records whose newest verdict is quarantine, newest time first.</summary>
    /// <param name="symbol">Null for all.</param>
    Task<ImmutableArray<(SeriesKey Key, BarRecord Record)>> QuarantinedAsync(
        string? symbol, int limit, CancellationToken cancellation);

    /// <summary>Adds corporate actions that are not known yet; one that differs in value from a known one of its date
    /// and kind adds a version.</summary>
    Task AppendActionsAsync(
        string symbol, IReadOnlyList<CorporateAction> actions, DateTimeOffset knownAt, CancellationToken cancellation);

    /// <summary>The actions known at <paramref name="asOf"/> (null: now), by ex-date.</summary>
    Task<ImmutableArray<CorporateAction>> ActionsAsync(
        string symbol, DateTimeOffset? asOf, CancellationToken cancellation);

    /// <summary>Adds a version of what persons say of an instrument.</summary>
    /// <returns>False where that version is there already: another one came first, and nothing was added.</returns>
    Task<bool> AppendInstrumentAsync(string symbol, InstrumentVersion version, CancellationToken cancellation);

    /// <summary>Every version of an instrument, oldest first.</summary>
    Task<ImmutableArray<InstrumentVersion>> InstrumentsAsync(string symbol, CancellationToken cancellation);

    /// <summary>Keeps what a source says of an instrument, in place of what one said before.</summary>
    Task KeepSourceTermsAsync(string symbol, SourceTerms said, CancellationToken cancellation);

    /// <summary>What a source said last of an instrument; null where none ever did.</summary>
    Task<SourceTerms?> SourceTermsAsync(string symbol, CancellationToken cancellation);

    /// <summary>Removes what the rules no longer keep: superseded versions older than <paramref
    /// name="versionsBefore"/>, and whole bars of an interval older than <paramref name="barsBefore"/>. Reads as of a
    /// later moment stay the same.</summary>
    /// <returns>How many records went.</returns>
    Task<long> CompactAsync(
        BarInterval interval, DateTimeOffset? barsBefore, DateTimeOffset? versionsBefore,
        CancellationToken cancellation);
}

using System.Collections.Immutable;

namespace Trading.MarketData;

/// <summary>A store that lasts as long as the process.</summary>
sealed class InMemoryBarStore : IBarStore
{
    readonly Lock _lock = new();
    readonly Dictionary<SeriesKey, Series> _series = [];
    readonly Dictionary<string, List<ActionVersion>> _actions = new(StringComparer.Ordinal);
    readonly Dictionary<string, ImmutableArray<InstrumentVersion>> _instruments = new(StringComparer.Ordinal);
    readonly Dictionary<string, SourceTerms> _sourceTerms = new(StringComparer.Ordinal);

    public Task OpenAsync(CancellationToken cancellation) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public Task<IBarTransaction> BeginAsync(CancellationToken cancellation) =>
        Task.FromResult<IBarTransaction>(new Transaction(this));

    public Task<ImmutableArray<BarRecord>> ReadAsync(
        SeriesKey key, DateTimeOffset? from, DateTimeOffset? to, DateTimeOffset? asOf,
        CancellationToken cancellation) => Locked(() =>
        StoreEncoding.Newest(RecordsOf(key)
            .SkipWhile(record => record.Bar.Time < from)
            .TakeWhile(record => to is null || record.Bar.Time < to)
            .Where(record => asOf is null || record.KnownAt <= asOf)));

    public Task<ImmutableArray<BarRecord>> HistoryAsync(
        SeriesKey key, DateTimeOffset time, CancellationToken cancellation) => Locked(() =>
        RecordsOf(key).Where(record => record.Bar.Time == time).ToImmutableArray());

    public Task<ImmutableArray<(SeriesKey Key, BarRecord Record)>> QuarantinedAsync(
        string? symbol, int limit, CancellationToken cancellation) => Locked(() =>
        _series.Keys.Where(key => symbol is null || key.Symbol == symbol)
            .SelectMany(key => StoreEncoding.Newest(RecordsOf(key)).Select(record => (Key: key, Record: record)))
            .Where(held => held.Record.Verdict == Verdict.Quarantine)
            .OrderByDescending(held => held.Record.Bar.Time)
            .Take(limit).ToImmutableArray());

    public Task<bool> AppendInstrumentAsync(
        string symbol, InstrumentVersion version, CancellationToken cancellation) => Locked(() =>
    {
        var known = _instruments.GetValueOrDefault(symbol, []);
        if (known.Any(one => one.Version == version.Version)) return false;
        _instruments[symbol] = known.Add(version);
        return true;
    });

    public Task<ImmutableArray<InstrumentVersion>> InstrumentsAsync(string symbol, CancellationToken cancellation) =>
        Locked(() => _instruments.GetValueOrDefault(symbol, []));

    public Task KeepSourceTermsAsync(string symbol, SourceTerms said, CancellationToken cancellation) =>
        Locked(() => _sourceTerms[symbol] = said);

    public Task<SourceTerms?> SourceTermsAsync(string symbol, CancellationToken cancellation) =>
        Locked(() => _sourceTerms.GetValueOrDefault(symbol));

    public Task AppendActionsAsync(
        string symbol, IReadOnlyList<CorporateAction> actions, DateTimeOffset knownAt,
        CancellationToken cancellation) => Locked(() =>
    {
        var known = _actions.TryGetValue(symbol, out var versions) ? versions : _actions[symbol] = [];
        known.AddRange(ActionVersion.Missing(known, actions, StoreEncoding.Of(knownAt)));
        return known.Count;
    });

    public Task<ImmutableArray<CorporateAction>> ActionsAsync(
        string symbol, DateTimeOffset? asOf, CancellationToken cancellation) => Locked(() =>
        ActionVersion.InOrder(_actions.GetValueOrDefault(symbol, [])
            .Where(version => asOf is not { } moment || version.KnownAt <= StoreEncoding.Of(moment))));

    public Task<long> CompactAsync(
        BarInterval interval, DateTimeOffset? barsBefore, DateTimeOffset? versionsBefore,
        CancellationToken cancellation) => Locked(() =>
        _series.Where(series => series.Key.Interval == interval)
            .Sum(series => series.Value.Compact(barsBefore, versionsBefore)));

    Task<T> Locked<T>(Func<T> work)
    {
        lock (_lock) return Task.FromResult(work());
    }

    IEnumerable<BarRecord> RecordsOf(SeriesKey key) => _series.TryGetValue(key, out var series) ? series.Records : [];

    /// <summary>All records by time and revision.</summary>
    sealed class Series
    {
        readonly SortedDictionary<DateTimeOffset, List<BarRecord>> _versions = [];

        public long Revision { get; private set; }

        public IEnumerable<BarRecord> Records => _versions.Values.SelectMany(versions => versions);

        public void Add(BarRecord record)
        {
            var stored = record with
            {
                Revision = ++Revision,
                Bar = record.Bar with { Time = Cut(record.Bar.Time) },
                EventTime = Cut(record.EventTime),
                KnownAt = Cut(record.KnownAt),
            };
            if (_versions.TryGetValue(stored.Bar.Time, out var versions)) versions.Add(stored);
            else _versions[stored.Bar.Time] = [stored];
        }

        public long Compact(DateTimeOffset? barsBefore, DateTimeOffset? versionsBefore)
        {
            var before = _versions.Values.Sum(versions => versions.Count);
            foreach (var old in _versions.Keys.Where(time => time < barsBefore).ToList()) _versions.Remove(old);
            foreach (var versions in _versions.Values)
                versions.RemoveRange(
                    0, Math.Max(0, versions.FindLastIndex(version => version.KnownAt <= versionsBefore)));
            return before - _versions.Values.Sum(versions => versions.Count);
        }

        static DateTimeOffset Cut(DateTimeOffset time) => StoreEncoding.Time(StoreEncoding.Of(time));
    }

    sealed class Transaction(InMemoryBarStore store) : IBarTransaction
    {
        readonly List<SeriesAppend> _appends = [];

        public ValueTask AddAsync(SeriesKey key, IReadOnlyList<BarRecord> records, CancellationToken cancellation)
        {
            _appends.Add(new(key, [.. records]));
            return ValueTask.CompletedTask;
        }

        public Task<IReadOnlyDictionary<SeriesKey, long>> CommitAsync(CancellationToken cancellation) =>
            store.Locked(() =>
        {
            Dictionary<SeriesKey, long> revisions = [];
            foreach (var (key, records) in _appends)
            {
                if (records.Count == 0) continue;
                var series = store._series.TryGetValue(key, out var known) ? known : store._series[key] = new();
                foreach (var record in records) series.Add(record);
                revisions[key] = series.Revision;
            }

            _appends.Clear();
            return (IReadOnlyDictionary<SeriesKey, long>)revisions;
        });

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

using System.Collections.Immutable;

namespace Trading.MarketData;

/// <summary>The series that are being imported, for files that name the same series too: one writer of a series at a
/// time, and what no file works on any more is let go.</summary>
sealed class BarSeriesCache(IBarStore store, AssetClasses classes, TimeProvider clock)
{
    readonly Dictionary<SeriesKey, Held> _held = [];

    /// <summary>What one file uses.</summary>
    public Share Open() => new(this);

    Held Take(SeriesKey key)
    {
        lock (_held)
        {
            var held = _held.TryGetValue(key, out var known) ? known : _held[key] = new(key);
            held.Users++;
            return held;
        }
    }

    void Return(IEnumerable<Held> all)
    {
        lock (_held)
            foreach (var held in all)
                if (--held.Users == 0) _held.Remove(held.Key);
    }

    async Task<IngestReceipt> AddAsync(
        Held held, ImmutableArray<Bar> bars, string source, CancellationToken cancellation)
    {
        await held.Turn.WaitAsync(cancellation);
        try
        {
            var series = held.Series ?? await LoadAsync(held.Key, cancellation);
            held.Series = null; // ahead of the store until that has answered
            var change = series.Take(bars, source, clock.GetUtcNow());
            if (!change.Records.IsEmpty)
                series.Stored(change.Records, await store.AppendAsync(held.Key, change.Records, cancellation));
            held.Series = series;
            return change.Receipt;
        }
        finally
        {
            held.Turn.Release();
        }
    }

    async Task<BarSeries> LoadAsync(SeriesKey key, CancellationToken cancellation)
    {
        var records = await store.ReadAsync(key, null, null, null, cancellation);
        var actions = SeriesViews.Plausible(await store.ActionsAsync(key.Symbol, null, cancellation), records);
        return new(key, new(classes.Of(key.Symbol), key.Interval, actions, []), records);
    }

    /// <summary>The series of one file.</summary>
    public sealed class Share(BarSeriesCache cache) : IDisposable
    {
        readonly Dictionary<SeriesKey, Held> _mine = [];

        /// <summary>Judges bars and stores them.</summary>
        public Task<IngestReceipt> AddAsync(
            SeriesKey key, ImmutableArray<Bar> bars, string source, CancellationToken cancellation)
        {
            Held? held;
            lock (_mine)
                if (!_mine.TryGetValue(key, out held)) held = _mine[key] = cache.Take(key);
            return cache.AddAsync(held, bars, source, cancellation);
        }

        public void Dispose() => cache.Return(_mine.Values);
    }

    public sealed class Held(SeriesKey key)
    {
        public SeriesKey Key => key;
        public SemaphoreSlim Turn { get; } = new(1);
        public BarSeries? Series { get; set; }
        public int Users { get; set; }
    }
}

namespace Trading.MarketData;

/// <summary>Plays a file back as if it happened now: one more session every interval, for all symbols alike. A price is current as of
/// the instant of its release; behind the last session nothing is released any more and prices grow old, as they do when a market
/// feed stops. The clock is this process's own.</summary>
public sealed class ReplaySource : IMarketDataSource
{
    /// <summary>What is released since when; <paramref name="Calendar"/> is shared by the series of all symbols.</summary>
    sealed record Release(SessionCalendar Calendar, DateTimeOffset At)
    {
        public int Sessions => Calendar.Sessions.Length;
    }

    readonly Lock _gate = new();
    readonly PriceHistory _history;
    readonly TimeProvider _clock;
    readonly IReadOnlyDictionary<string, InstrumentTerms>? _terms;
    readonly TimeSpan _interval;
    Release _current;

    /// <param name="start">The first session to be current at the start, or the next one after it; null for the middle of the file.</param>
    /// <param name="interval">Between two sessions; positive.</param>
    /// <param name="terms">How instruments trade, by ticker; null where nothing is known of them.</param>
    /// <exception cref="ArgumentOutOfRangeException">The start lies behind the last session, or the interval is not positive.</exception>
    public ReplaySource(PriceHistory history, DateOnly? start, TimeSpan interval, TimeProvider clock,
        IReadOnlyDictionary<string, InstrumentTerms>? terms = null)
    {
        _terms = terms;
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        if (start > history.Sessions[^1])
            throw new ArgumentOutOfRangeException(nameof(start), $"replay_start is {start:yyyy-MM-dd}, but the last session is {history.Sessions[^1]:yyyy-MM-dd}.");
        _history = history;
        _clock = clock;
        _interval = interval;
        var first = start is { } date ? history.Sessions.AsSpan().BinarySearch(date) : history.Sessions.Length / 2;
        _current = new(history.Calendar(1 + (first >= 0 ? first : ~first)), clock.GetUtcNow());
    }

    public string Name => "replay";

    /// <summary>The version is the number of sessions released. A caller that has seen more than is released moves the replay, of all
    /// symbols, forward to there: so it goes on after a restart where it stood.</summary>
    public ValueTask<SourceAnswer> FetchAsync(string symbol, long newerThan, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (!_history.Symbols.TryGetValue(symbol, out var known)) return new(SourceAnswer.Unknown);
        var now = _clock.GetUtcNow();
        var release = ReleaseUntil(now, newerThan);
        if (release.Sessions <= newerThan) return new(SourceAnswer.Unchanged);
        var provenance = new Provenance(Name, release.At, now);
        return new(SourceAnswer.Updated(known.Until(release.Calendar, provenance) with { Terms = _terms?.GetValueOrDefault(symbol) }, release.Calendar));
    }

    Release ReleaseUntil(DateTimeOffset now, long seen)
    {
        lock (_gate)
        {
            var last = _history.Sessions.Length;
            var resumed = (int)Math.Min(seen, last);
            if (resumed > _current.Sessions)
                _current = new(_history.Calendar(resumed), now);
            var due = Math.Min((now - _current.At).Ticks / _interval.Ticks, last - _current.Sessions);
            if (due > 0)
                _current = new(_history.Calendar(_current.Sessions + (int)due), _current.At + (_interval * due));
            return _current;
        }
    }
}

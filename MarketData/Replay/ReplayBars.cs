namespace Trading.MarketData;

/// <summary>Plays past bars as if it happened now: the bars of one more time every interval, for all symbols alike.
/// Bars keep their own times; what is current as of when is said by <see cref="BarAnswer.AsOf"/>, the instant of the
/// last release. Behind the last time nothing is released any more and prices grow old, as they do when a feed stops.
/// The clock is this process's own.</summary>
sealed class ReplayBars : IBarSource
{
    readonly Lock _gate = new();
    readonly HistoricalBars _history;
    readonly IInstrumentDirectory _directory;
    readonly TimeProvider _clock;
    readonly TimeSpan _interval;
    int _released;
    DateTimeOffset _at;

    /// <param name="directory">Where terms come from.</param>
    /// <param name="start">The first session to be current at the start, or the next one after it; null for the middle
    /// of them.</param>
    /// <param name="interval">Between two releases; positive.</param>
    /// <exception cref="ArgumentOutOfRangeException">The start lies behind the last session, or the interval is not
    /// positive.</exception>
    public ReplayBars(
        HistoricalBars history, IInstrumentDirectory directory, DateOnly? start, TimeSpan interval, TimeProvider clock)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        if (start is { } date && At(date) > history.Times[^1])
            throw new ArgumentOutOfRangeException(
                nameof(start),
                $"replay_start is {start:yyyy-MM-dd}, but the last session is {history.Times[^1]:yyyy-MM-dd}.");
        (_history, _directory, _interval, _clock, _at) = (history, directory, interval, clock, clock.GetUtcNow());
        _released = 1 + (start is { } first ? Before(At(first)) : history.Times.Length / 2);

        static DateTimeOffset At(DateOnly date) => new(date, default, TimeSpan.Zero);
    }

    public string Name => "replay";

    /// <summary>Whoever asks from a time on has seen what lies before it, perhaps from an earlier process: the replay,
    /// of all symbols, moves forward to there, and never back.</summary>
    public Task<BarAnswer> FetchAsync(BarRequest request, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (request.Interval != _history.Interval || !_history.Bars.TryGetValue(request.Symbol, out var bars))
            return Task.FromResult(BarAnswer.Unknown);
        var (last, at) = Release(_clock.GetUtcNow(), request.From is { } from ? Before(from) : 0);
        var today = DateOnly.FromDateTime(last.UtcDateTime);
        var past = last.AddTicks(1);
        return Task.FromResult(new BarAnswer(
            true,
            [.. BarRange.Of(bars.AsSpan(), request.From, request.To < past ? request.To : past)],
            _history.Actions.TryGetValue(request.Symbol, out var actions)
                ? [.. actions.Where(action => action.ExDate <= today)] : [],
            at, null, _directory.Find(request.Symbol)?.Terms));
    }

    (DateTimeOffset Last, DateTimeOffset At) Release(DateTimeOffset now, int seen)
    {
        lock (_gate)
        {
            if (seen > _released) (_released, _at) = (seen, now);
            var due = (int)Math.Min((now - _at).Ticks / _interval.Ticks, _history.Times.Length - _released);
            if (due > 0) (_released, _at) = (_released + due, _at + _interval * due);
            return (_history.Times[_released - 1], _at);
        }
    }

    /// <summary>How many times lie before one.</summary>
    int Before(DateTimeOffset time)
    {
        var place = _history.Times.AsSpan().BinarySearch(time);
        return place >= 0 ? place : ~place;
    }
}

namespace Trading.Testing;

/// <summary>The clock that a silo sets its grains' timers by. A timer counts as under way from the moment at which it
/// falls due until Orleans sets it anew, as it does when the tick has ended, or disposes of it: a call filter sees a
/// tick only once it has started.</summary>
sealed class GrainClock(TimeProvider clock, PendingWork ticks) : TimeProvider
{
    public override long TimestampFrequency => clock.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

    public override long GetTimestamp() => clock.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new CountedTimer(clock, ticks, () => callback(state), dueTime, period);

    sealed class CountedTimer : ITimer
    {
        readonly PendingWork _ticks;
        readonly Action _tick;
        readonly ITimer _timer;
        int _underWay;

        public CountedTimer(TimeProvider clock, PendingWork ticks, Action tick, TimeSpan dueTime, TimeSpan period)
        {
            (_ticks, _tick) = (ticks, tick);
            _timer = clock.CreateTimer(_ => FallDue(), null, dueTime, period);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var changed = _timer.Change(dueTime, period);
            End();
            return changed;
        }

        public void Dispose()
        {
            _timer.Dispose();
            End();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        void FallDue()
        {
            if (Interlocked.Exchange(ref _underWay, 1) == 0) _ticks.Begin();
            _tick();
        }

        void End()
        {
            if (Interlocked.Exchange(ref _underWay, 0) == 1) _ticks.End();
        }
    }
}

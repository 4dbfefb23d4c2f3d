namespace Trading.Testing;

/// <summary>The clock that grains see, over another: it knows which of their timers fell due and whose ticks have not ended. The engine sets a
/// timer anew, or disposes it, once its tick has ended.</summary>
sealed class GrainClock(TimeProvider inner) : TimeProvider
{
    readonly Lock _gate = new();
    int _ticking;
    TaskCompletionSource? _rest;

    public override DateTimeOffset GetUtcNow() => inner.GetUtcNow();

    public override long TimestampFrequency => inner.TimestampFrequency;

    public override long GetTimestamp() => inner.GetTimestamp();

    /// <summary>Waits until no tick is under way, in real time; no longer than a tick may take that waits for something else.</summary>
    public async Task RestAsync(TimeSpan most)
    {
        Task rest;
        lock (_gate)
        {
            if (_ticking == 0) return;
            rest = (_rest ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }

        await Task.WhenAny(rest, Task.Delay(most, System));
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Ticker(this, callback);
        timer.Start(inner.CreateTimer(timer.Fire, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan), dueTime, period);
        return timer;
    }

    sealed class Ticker(GrainClock owner, TimerCallback callback) : ITimer
    {
        ITimer _timer = null!;
        bool _ticks;

        public void Start(ITimer timer, TimeSpan dueTime, TimeSpan period)
        {
            _timer = timer;
            _timer.Change(dueTime, period);
        }

        public void Fire(object? state)
        {
            lock (owner._gate)
            {
                if (!_ticks) owner._ticking++;
                _ticks = true;
            }

            callback(state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            End();
            return _timer.Change(dueTime, period);
        }

        public void Dispose()
        {
            End();
            _timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            End();
            return _timer.DisposeAsync();
        }

        void End()
        {
            lock (owner._gate)
            {
                if (!_ticks) return;
                _ticks = false;
                if (--owner._ticking > 0) return;
                owner._rest?.TrySetResult();
                owner._rest = null;
            }
        }
    }
}

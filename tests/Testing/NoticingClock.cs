namespace Trading.Testing;

/// <summary>A manual clock that a test moves once somebody waits for it. Only a timer that stands counts: one that was disposed, or has
/// fired, is nobody's wait any more, and a clock that is moved for it is moved past whoever waits next.</summary>
public sealed class NoticingClock(ManualTimeProvider inner) : TimeProvider
{
    readonly Lock _gate = new();
    readonly List<Wait> _waits = [];
    TaskCompletionSource _added = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override long TimestampFrequency => inner.TimestampFrequency;
    public override DateTimeOffset GetUtcNow() => inner.GetUtcNow();
    public override long GetTimestamp() => inner.GetTimestamp();
    public void Advance(TimeSpan by) => inner.Advance(by);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var wait = new Wait(this, inner.CreateTimer(callback, state, dueTime, period), dueTime, inner.GetUtcNow() + dueTime);
        lock (_gate)
        {
            _waits.Add(wait);
            _added.SetResult();
            _added = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return wait;
    }

    /// <summary>Waits until somebody waits for a time within these bounds, and lets it pass. Whoever may still be served before that time
    /// must have been: the test waits for a sign of it first.</summary>
    public async Task PassAsync(TimeSpan least, TimeSpan most, CancellationToken cancellation)
    {
        while (true)
        {
            Task added;
            Wait? wait;
            lock (_gate)
            {
                added = _added.Task;
                wait = _waits.Find(wait => wait.Length >= least && wait.Length <= most && wait.Until > inner.GetUtcNow());
            }

            if (wait is not null)
            {
                inner.Advance(wait.Until - inner.GetUtcNow());
                return;
            }

            await added.WaitAsync(cancellation);
        }
    }

    /// <summary>The same of one length.</summary>
    public Task PassAsync(TimeSpan length, CancellationToken cancellation) => PassAsync(length, length, cancellation);

    sealed class Wait(NoticingClock clock, ITimer timer, TimeSpan length, DateTimeOffset until) : ITimer
    {
        public TimeSpan Length => length;
        public DateTimeOffset Until => until;

        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(dueTime, period);

        public void Dispose()
        {
            lock (clock._gate) clock._waits.Remove(this);
            timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

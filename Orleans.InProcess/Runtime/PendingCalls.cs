using Orleans.InProcess;

namespace Orleans.Runtime;

/// <summary>A call that waits for its answer, since a moment of the silo's clock.</summary>
readonly record struct PendingCall(GrainCall Call, GrainReference Target, long Since);

/// <summary>
/// The calls of a silo that wait for their answers, oldest first. Each may wait equally long, so that one timer watches them all:
/// it is set to the end of the oldest, which by then has mostly been answered, and so ticks about once in that time.
/// </summary>
sealed class PendingCalls(Silo silo) : IDisposable
{
    readonly Lock _gate = new();
    readonly LinkedList<PendingCall> _calls = new();
    ITimer? _timer;
    bool _isSet;

    public LinkedListNode<PendingCall> Add(GrainCall call, GrainReference target)
    {
        var pending = new LinkedListNode<PendingCall>(new(call, target, silo.Time.GetTimestamp()));
        lock (_gate)
        {
            _calls.AddLast(pending);
            if (!_isSet) Set(silo.ResponseTimeout);
        }

        return pending;
    }

    public void Remove(LinkedListNode<PendingCall> pending)
    {
        lock (_gate)
            if (pending.List is not null) _calls.Remove(pending);
    }

    public void Dispose() => _timer?.Dispose();

    void Tick()
    {
        while (TakeOverdue() is { } overdue) overdue.Call.Fail(new TimeoutException(
            $"No answer to {overdue.Call.Method} of {overdue.Target.GrainId} within {silo.ResponseTimeout}: the grain is busy, "
            + "or its calls wait for each other in a circle."));
    }

    /// <summary>The oldest call where its time is over; else sets the timer to when it will be.</summary>
    PendingCall? TakeOverdue()
    {
        lock (_gate)
        {
            _isSet = false;
            if (_calls.First is not { } oldest) return null;
            var left = silo.ResponseTimeout - silo.Time.GetElapsedTime(oldest.Value.Since);
            if (left > TimeSpan.Zero)
            {
                Set(left);
                return null;
            }

            _calls.RemoveFirst();
            return oldest.Value;
        }
    }

    /// <summary>Called under the gate. Timers count whole milliseconds.</summary>
    void Set(TimeSpan time)
    {
        _isSet = true;
        _timer ??= silo.CreateTimer(static calls => ((PendingCalls)calls!).Tick(), this);
        _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(time.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
    }
}

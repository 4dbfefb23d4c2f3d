using Orleans.Timers;

namespace Trading.Testing;

/// <summary>Makes a timer that is due at once fall due when the clock next moves. Orleans 10.4.2 runs a tick that is
/// due after no time at all without asking its clock, so that nobody could tell when it is under way.</summary>
sealed class ClockedTimers(ITimerRegistry timers) : ITimerRegistry
{
    /// <summary>The shortest time that is not none.</summary>
    static readonly TimeSpan AtOnce = TimeSpan.FromTicks(1);

    public IGrainTimer RegisterGrainTimer<T>(
        IGrainContext grainContext,
        Func<T, CancellationToken, Task> callback,
        T state,
        GrainTimerCreationOptions options)
    {
        var clocked = options with { DueTime = Clocked(options.DueTime) };
        return new ClockedTimer(timers.RegisterGrainTimer(grainContext, callback, state, clocked));
    }

    public IDisposable RegisterTimer(
        IGrainContext grainContext, Func<object?, Task> callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        throw new NotSupportedException("RegisterTimer is obsolete; a grain calls RegisterGrainTimer.");

    static TimeSpan Clocked(TimeSpan dueTime) => dueTime == TimeSpan.Zero ? AtOnce : dueTime;

    sealed class ClockedTimer(IGrainTimer timer) : IGrainTimer
    {
        public void Change(TimeSpan dueTime, TimeSpan period) => timer.Change(Clocked(dueTime), period);

        public void Dispose() => timer.Dispose();
    }
}

using Orleans.InProcess;

namespace Orleans.Runtime;

/// <summary>A timer whose ticks are turns of its activation.</summary>
sealed class GrainTimer : IGrainTimer
{
    static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(0xfffffffe);
    readonly CancellationTokenSource _disposal = new();
    readonly Activation _activation;
    readonly Func<CancellationToken, Task> _callback;
    readonly GrainTimerCreationOptions _options;
    readonly ITimer _timer;
    TimeSpan _dueTime, _period;
    bool _changed, _ticking;

    public GrainTimer(Activation activation, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        _activation = activation;
        _callback = callback;
        _options = options;
        Check(options.DueTime);
        Check(options.Period);
        _timer = activation.Silo.CreateTimer(static timer => ((GrainTimer)timer!).Tick(), this);
    }

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        Check(dueTime);
        Check(period);
        (_dueTime, _period, _changed) = (dueTime, period, true);
        if (!_ticking) _timer.Change(dueTime, Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        _disposal.Cancel();
        _timer.Dispose();
        _activation.Forget(this);
    }

    static void Check(TimeSpan time)
    {
        if (time == Timeout.InfiniteTimeSpan) return;
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(time, Longest);
    }

    void Tick()
    {
        _ticking = true;
        _activation.TryPost(new TickCall(this));
    }

    async Task RunAsync()
    {
        if (_disposal.IsCancellationRequested) return;
        _changed = false;
        try
        {
            await _callback(_disposal.Token);
        }
        catch (OperationCanceledException) when (_disposal.IsCancellationRequested)
        {
            // The timer was disposed while its callback ran.
        }
        catch (Exception exception) when (exception is not Storage.InconsistentStateException)
        {
            _activation.Silo.Log.TimerFailed(exception, _activation.GrainId);
        }
        finally
        {
            _ticking = false;
            if (!_disposal.IsCancellationRequested) _timer.Change(_changed ? _dueTime : _period, Timeout.InfiniteTimeSpan);
        }
    }

    sealed class TickCall(GrainTimer timer) : VoidGrainCall
    {
        static readonly GrainMethod Tick = new(typeof(GrainTimer), nameof(RunAsync), []);

        protected internal override GrainMethod Method => Tick;
        internal override bool AlwaysInterleaves => timer._options.Interleave;
        internal override bool KeepsAlive => timer._options.KeepAlive;
        internal override bool PassesFilters => false;
        internal override bool IsAbandoned => timer._disposal.IsCancellationRequested;

        protected override ValueTask InvokeVoid(object grain) => new(timer.RunAsync());
    }
}

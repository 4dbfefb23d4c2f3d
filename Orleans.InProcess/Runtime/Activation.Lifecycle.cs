using Microsoft.Extensions.DependencyInjection;
using Orleans.InProcess;

namespace Orleans.Runtime;

/// <summary>How an activation begins and ends.</summary>
sealed partial class Activation
{
    readonly List<GrainTimer> _timers = [];
    AsyncServiceScope _scope;
    DeactivationReason? _reason;
    TaskCompletionSource? _deactivated;
    long _touchedAt, _keepUntil;

    public object? Instance { get; private set; }
    public object? GrainInstance => Instance;
    public GrainId GrainId => GrainId.Create(Class.Type, Key.Value);
    public GrainReference GrainReference => GrainInterfaces.Untyped(new(Silo, Class, Key.Value));
    public IServiceProvider ActivationServices => _scope.ServiceProvider;

    /// <summary>State that is loaded before the grain activates.</summary>
    public List<PersistentState>? States { get; set; }

    public Task Deactivated
    {
        get
        {
            lock (_gate)
            {
                if (_phase == Phase.Dead) return Task.CompletedTask;
                return (_deactivated ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }
        }
    }

    /// <summary>Called under the gate, by the first call.</summary>
    void Activate()
    {
        _phase = Phase.Activating;
        Touch();
        new Task<Task>(static activation => ((Activation)activation!).ActivateAsync(), this).Start(this);
    }

    async Task ActivateAsync()
    {
        try
        {
            _scope = Silo.Services.CreateAsyncScope();
            Instance = Class.Create(this);
            if (States is not null)
                foreach (var state in States)
                    await state.LoadAsync();
            if (Instance is IGrainBase grain && Class.OverridesActivate)
                await WithinAsync(Silo.Collection.ActivationTimeout, grain.OnActivateAsync);

            lock (_gate) _phase = Phase.Active;
        }
        catch (Exception exception)
        {
            await EndAsync();
            for (var call = Bury(); call is not null;)
            {
                var next = call.Next;
                call.Fail(exception);
                call = next;
            }
        }
    }

    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (_reason is not null || _phase is Phase.Deactivating or Phase.Dead) return;
            _reason = deactivationReason;
            if (HasWork) Wake();
        }
    }

    /// <summary>Called under the gate, when no turn is running.</summary>
    void BeginDeactivation()
    {
        _phase = Phase.Deactivating;
        new Task<Task>(static activation => ((Activation)activation!).DeactivateAsync(), this).Start(this);
    }

    async Task DeactivateAsync()
    {
        StopTimers();
        if (Instance is IGrainBase grain && Class.OverridesDeactivate)
        {
            try
            {
                await WithinAsync(Silo.Collection.DeactivationTimeout, limit => grain.OnDeactivateAsync(_reason!.Value, limit));
            }
            catch (Exception exception)
            {
                Silo.Log.DeactivationFailed(exception, GrainId);
            }
        }

        await EndAsync();
        for (var call = Bury(); call is not null;)
        {
            var next = call.Next;
            call.Next = null;
            Silo.Activations.Repost(Class, Key.Value, call);
            call = next;
        }
    }

    /// <summary>Cancels what takes longer than a time; no timer is made for what does not wait.</summary>
    async Task WithinAsync(TimeSpan time, Func<CancellationToken, Task> run)
    {
        using var source = new CancellationTokenSource();
        var running = run(source.Token);
        using var limit = running.IsCompleted ? null : Silo.StartTimer(static source => ((CancellationTokenSource)source!).Cancel(), source, time);
        await running;
    }

    /// <summary>Releases what the activation holds.</summary>
    async Task EndAsync()
    {
        StopTimers();
        try
        {
            if (Instance is IAsyncDisposable asyncDisposable) await asyncDisposable.DisposeAsync();
            else (Instance as IDisposable)?.Dispose();
            await _scope.DisposeAsync();
        }
        catch (Exception exception)
        {
            Silo.Log.DisposalFailed(exception, GrainId);
        }
    }

    /// <summary>From here on calls go elsewhere. Returns those that still wait.</summary>
    GrainCall? Bury()
    {
        GrainCall? waiting;
        TaskCompletionSource? deactivated;
        lock (_gate)
        {
            _phase = Phase.Dead;
            waiting = _waiting.Clear();
            deactivated = _deactivated;
        }

        Instance = null;
        Silo.Activations.Remove(this);
        deactivated?.SetResult();
        return waiting;
    }

    void Touch() => _touchedAt = Silo.Activations.Now;

    public void DelayDeactivation(TimeSpan time) =>
        _keepUntil = time == Timeout.InfiniteTimeSpan ? long.MaxValue
            : time < TimeSpan.Zero ? 0
            : (Silo.Time.GetUtcNow() + time).UtcTicks;

    /// <summary>Ends the activation if it has not been used since a moment; false where it is in use or must stay.</summary>
    public bool TryCollect(long unusedSince, DateTimeOffset now, DeactivationReason reason)
    {
        lock (_gate)
        {
            if (_busy || _phase != Phase.Active || _running > 0 || !_waiting.IsEmpty || _reason is not null
                || _touchedAt > unusedSince || _keepUntil > now.UtcTicks)
                return false;
            _reason = reason;
            _busy = true;
        }

        ExecutionContext.Run(CleanContext, static activation => ((Activation)activation!).Pump(Budget), this);
        return true;
    }

    public GrainTimer RegisterTimer(Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        if (!ReferenceEquals(_current, this))
            throw new InvalidOperationException("A timer can only be registered inside a turn of its grain.");
        var timer = new GrainTimer(this, callback, options);
        lock (_timers) _timers.Add(timer);
        timer.Change(options.DueTime, options.Period);
        return timer;
    }

    public void Forget(GrainTimer timer)
    {
        lock (_timers) _timers.Remove(timer);
    }

    void StopTimers()
    {
        GrainTimer[] timers;
        lock (_timers) timers = [.. _timers];
        foreach (var timer in timers) timer.Dispose();
    }
}

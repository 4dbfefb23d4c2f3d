using System.Runtime.CompilerServices;
using Orleans.InProcess;

namespace Orleans.Runtime;

/// <summary>
/// One grain in memory and the scheduler of its turns: at most one thread at a time runs anything of it. A call that finds it
/// idle runs on the caller's thread; everything else runs on the thread pool.
/// </summary>
sealed partial class Activation : TaskScheduler, IGrainContext, IThreadPoolWorkItem
{
    /// <summary>Turns and continuations that one pool thread runs before it lets others have a go.</summary>
    const int Budget = 128;

    static readonly ExecutionContext CleanContext = CaptureCleanContext();
    [ThreadStatic] static Activation? _current;

    readonly Lock _gate = new();
    Queue<Task>? _work;
    CallQueue _waiting;
    Phase _phase;
    bool _busy;
    int _running, _blocking, _blockingReadOnly;

    public Activation(Silo silo, GrainClass grainClass, ActivationKey key)
    {
        Silo = silo;
        Class = grainClass;
        Key = key;
    }

    enum Phase : byte { New, Activating, Active, Deactivating, Dead }

    /// <summary>The activation whose turn the current thread runs.</summary>
    public static new Activation? Current => _current;

    public Silo Silo { get; }
    public GrainClass Class { get; }
    public ActivationKey Key { get; }
    public bool HasFilters => Silo.Filters.Length > 0 || Class.IsFilter;
    public override int MaximumConcurrencyLevel => 1;

    public static Activation Of(IGrainBase grain) => grain.GrainContext as Activation
        ?? throw new InvalidOperationException($"{grain.GetType()} does not run in a silo.");

    /// <summary>Whether a call would start at once.</summary>
    public bool IsFree
    {
        get
        {
            lock (_gate) return !_busy && _running == 0 && _waiting.IsEmpty;
        }
    }

    /// <summary>Whether nothing of it runs, waits, begins or ends, so that only a call or a timer can move it.</summary>
    public bool IsQuiet
    {
        get
        {
            lock (_gate)
                return _phase == Phase.Dead
                    || (_phase == Phase.Active && _reason is null && !_busy && _running == 0 && _waiting.IsEmpty && _work is not { Count: > 0 });
        }
    }

    public int Load
    {
        get
        {
            lock (_gate) return _running + _waiting.Count;
        }
    }

    /// <summary>Starts the call here and now where it may start, else queues it; false where this activation has ended.</summary>
    public bool TryPost(GrainCall call)
    {
        lock (_gate)
        {
            if (_phase == Phase.Dead) return false;
            var inline = !_busy && RuntimeHelpers.TryEnsureSufficientExecutionStack();
            if (inline && _phase == Phase.Active && _reason is null && MayStart(call))
            {
                _busy = true;
                BeginTurn(call);
            }
            else
            {
                call.Promise();
                _waiting.Enqueue(call);
                if (!inline || _phase != Phase.New)
                {
                    if (_phase == Phase.New) Activate();
                    else if (HasWork) Wake();
                    return true;
                }

                _busy = true;
                Activate();
            }
        }

        if (call.Target is null) ExecutionContext.Run(CleanContext, static activation => ((Activation)activation!).Pump(2), this);
        else ExecutionContext.Run(CleanContext, static call => ((GrainCall)call!).Target!.RunInline((GrainCall)call), call);
        return true;
    }

    /// <summary>Runs one turn on the caller's thread; whatever comes after it is left to the pool.</summary>
    void RunInline(GrainCall call)
    {
        SynchronizationContext.SetSynchronizationContext(null); // the outer context comes back with the execution context
        var outer = _current;
        _current = this;
        try
        {
            RunTurn(call);
        }
        finally
        {
            _current = outer;
        }

        lock (_gate)
        {
            _busy = false;
            if (HasWork) Wake();
        }
    }

    /// <summary>Runs what there is to run, on a pool thread.</summary>
    void IThreadPoolWorkItem.Execute() => Pump(Budget);

    void Pump(int budget)
    {
        SynchronizationContext.SetSynchronizationContext(null);
        var outer = _current;
        _current = this;
        try
        {
            for (var left = budget; TakeNext(left) is { } next; left--)
                if (next is GrainCall call) RunTurn(call);
                else TryExecuteTask((Task)next);
        }
        finally
        {
            _current = outer;
        }
    }

    /// <summary>The next continuation, or the next call that may start; null when this thread has no more to do.</summary>
    object? TakeNext(int left)
    {
        lock (_gate)
        {
            _busy = false;
            if (!HasWork) return null;
            if (left == 0)
            {
                Wake();
                return null;
            }

            _busy = true;
            if (_work is not null && _work.TryDequeue(out var task)) return task;
            while (_reason is null && _phase == Phase.Active && _waiting.Take(this) is { } call)
            {
                if (call.IsAbandoned) continue;
                BeginTurn(call);
                return call;
            }

            if (_reason is not null && _phase == Phase.Active && _running == 0)
            {
                BeginDeactivation();
                return _work!.Dequeue();
            }

            _busy = false;
            return null;
        }
    }

    bool HasWork => _work is { Count: > 0 }
        || _phase == Phase.Active && (_reason is not null ? _running == 0
            : !_waiting.IsEmpty && (_blocking == 0 || Class.IsReentrant || _waiting.Interleaving > 0));

    /// <summary>Asks for a pool thread; called under the gate.</summary>
    void Wake()
    {
        if (_busy) return;
        _busy = true;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    public bool MayStart(GrainCall call) =>
        _blocking == 0 || call.AlwaysInterleaves || Class.IsReentrant || call.Method.ReadOnly && _blockingReadOnly == _blocking;

    void BeginTurn(GrainCall call)
    {
        call.Target = this;
        _running++;
        if (call.KeepsAlive) Touch();
        if (call.AlwaysInterleaves) return;
        _blocking++;
        if (call.Method.ReadOnly) _blockingReadOnly++;
    }

    void RunTurn(GrainCall call) =>
        new Task(static call => ((GrainCall)call!).Run(((GrainCall)call).Target!), call, TaskCreationOptions.DenyChildAttach).RunSynchronously(this);

    public void EndTurn(GrainCall call)
    {
        lock (_gate)
        {
            _running--;
            if (call.KeepsAlive) Touch();
            if (!call.AlwaysInterleaves)
            {
                _blocking--;
                if (call.Method.ReadOnly) _blockingReadOnly--;
            }

            if (HasWork) Wake();
        }
    }

    protected override void QueueTask(Task task)
    {
        lock (_gate)
        {
            (_work ??= new()).Enqueue(task);
            Wake();
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && ReferenceEquals(_current, this) && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_gate) return _work?.ToArray() ?? [];
    }

    static ExecutionContext CaptureCleanContext()
    {
        ExecutionContext? context = null;
        var thread = new Thread(() => context = ExecutionContext.Capture());
        thread.UnsafeStart();
        thread.Join();
        return context!;
    }
}

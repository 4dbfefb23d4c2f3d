using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.InProcess;

/// <summary>One call on its way: queued or running in an activation.</summary>
public abstract class GrainCall
{
    /// <summary>The call behind this one in an activation's queue.</summary>
    internal GrainCall? Next;

    internal Dictionary<string, object>? Context;
    internal Activation? Source, Target;

    protected internal abstract GrainMethod Method { get; }

    /// <summary>The token among the arguments; where it is cancelled the caller stops waiting.</summary>
    protected internal virtual CancellationToken Cancellation => default;

    internal virtual bool AlwaysInterleaves => Method.AlwaysInterleave;

    /// <summary>Whether it counts as use of the activation.</summary>
    internal virtual bool KeepsAlive => true;

    internal virtual bool PassesFilters => true;

    /// <summary>Nobody waits for it any more, so that there is no point in starting it.</summary>
    internal abstract bool IsAbandoned { get; }

    /// <summary>From here on the answer goes through a promise.</summary>
    internal abstract void Promise();

    /// <summary>Runs the turn, up to its first wait, on the activation's scheduler.</summary>
    internal abstract void Run(Activation activation);

    internal abstract void Fail(Exception exception);
}

#pragma warning disable CA2012 // an answer is handed on once, to the one caller
/// <summary>A call that answers with a <typeparamref name="T"/>. Generated code adds the arguments.</summary>
public abstract class GrainCall<T> : GrainCall
{
    ValueTask<T> _answer;
    TaskCompletionSource<T>? _promise;
    GrainCall<T>? _follower;
    LinkedListNode<PendingCall>? _pending;
    CancellationTokenRegistration _cancellation;

    /// <summary>Calls the grain itself.</summary>
    protected abstract ValueTask<T> Invoke(object grain);

    internal override bool IsAbandoned => _promise is { Task.IsCompleted: true };

    internal override void Promise() => _promise ??= new(this, TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Sends the call; the answer is complete already where the grain could answer at once.</summary>
    internal ValueTask<T> Send(GrainReference target)
    {
        if (Cancellation.IsCancellationRequested) return ValueTask.FromCanceled<T>(Cancellation);
        Context = RequestContext.Current;
        Source = Activation.Current;
        target.Post(this);
        if (_promise is null) return _answer;
        if (Method.OneWay) return default;
        Guard(target);
        return new(_promise.Task);
    }

    /// <summary>Ends the waiting when the answer is late or the caller cancels.</summary>
    void Guard(GrainReference target)
    {
        var answer = _promise!.Task;
        if (answer.IsCompleted) return;
        if (Cancellation.CanBeCanceled)
            _cancellation = Cancellation.UnsafeRegister(
                static (call, token) => ((GrainCall<T>)call!).Fail(new OperationCanceledException(token)), this);
        Interlocked.Exchange(ref _pending, target.Silo.Pending.Add(this, target));
        if (answer.IsCompleted) Release();
    }

    /// <summary>After the answer: nobody watches the call any more, and the one that follows it ends with it.</summary>
    void Release()
    {
        if (Interlocked.Exchange(ref _pending, null) is { } pending) pending.Value.Target.Silo.Pending.Remove(pending);
        _cancellation.Unregister();
        Interlocked.Exchange(ref _follower, null)?.Finish(_promise!.Task);
    }

    internal override void Run(Activation activation)
    {
        if (Context is not null) RequestContext.Current = Context;
        ValueTask<T> answer;
        try
        {
            answer = activation.HasFilters && PassesFilters ? Filtered(activation) : Invoke(activation.Instance!);
            if (answer.IsCompletedSuccessfully)
            {
                if (!Copier<T>.IsImmutable) answer = new(Copies.Of(answer.Result));
                activation.EndTurn(this);
                if (_promise is null) _answer = answer;
                else Succeed(answer.Result);
                return;
            }
        }
        catch (Exception exception)
        {
            End(activation, exception);
            return;
        }

        if (answer.IsCompleted)
        {
            Finish(answer.AsTask());
            return;
        }

        Promise();
        // No grain code is left to run, so that the call ends where the grain's task does; but what the grain may still change is
        // copied in a turn.
        var task = answer.AsTask();
        if (Copier<T>.IsImmutable && task.AsyncState is GrainCall<T> other && other.TryLead(this, task)) return;
        task.ContinueWith(
            static (ended, call) => ((GrainCall<T>)call!).Finish(ended), this, CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously, Copier<T>.IsImmutable ? TaskScheduler.Default : activation);
    }

    /// <summary>Ends another call with this one, of which a grain passes the answer on, without a way through the thread pool.</summary>
    bool TryLead(GrainCall<T> follower, Task<T> answer)
    {
        if (_promise?.Task != answer || Interlocked.CompareExchange(ref _follower, follower, null) is not null) return false;
        if (answer.IsCompleted) Release();
        return true;
    }

    void Finish(Task<T> ended)
    {
        if (!ended.IsCompletedSuccessfully)
        {
            End(Target!, ended.IsCanceled ? new TaskCanceledException(ended) : ended.Exception!.InnerException!);
            return;
        }

        T result;
        try
        {
            result = Copies.Of(ended.Result);
        }
        catch (Exception exception)
        {
            End(Target!, exception);
            return;
        }

        Target!.EndTurn(this);
        Succeed(result);
    }

    void Succeed(T result)
    {
        if (_promise is null) _answer = new(result);
        else if (_promise.TrySetResult(result)) Release();
    }

    void End(Activation activation, Exception exception)
    {
        if (exception is InconsistentStateException { IsSourceActivation: true } stale)
        {
            stale.IsSourceActivation = false;
            activation.Deactivate(new(DeactivationReasonCode.ApplicationError, stale, "Its state is out of date."));
        }

        activation.EndTurn(this);
        Fail(exception);
    }

    internal override void Fail(Exception exception)
    {
        if (_promise is null)
        {
            _answer = exception is OperationCanceledException { CancellationToken.IsCancellationRequested: true } cancelled
                ? ValueTask.FromCanceled<T>(cancelled.CancellationToken)
                : ValueTask.FromException<T>(exception);
            return;
        }

        if (exception is OperationCanceledException cancellation
            ? _promise.TrySetCanceled(cancellation.CancellationToken)
            : _promise.TrySetException(exception))
            Release();
    }

    async ValueTask<T> Filtered(Activation activation)
    {
        var context = new FilteredCall<T>(this, activation, () => Invoke(activation.Instance!));
        await context.Invoke();
        return (T)context.Result!;
    }
}

#pragma warning restore CA2012

/// <summary>A call that answers with nothing but its end.</summary>
public abstract class VoidGrainCall : GrainCall<bool>
{
    /// <summary>Calls the grain itself.</summary>
    protected abstract ValueTask InvokeVoid(object grain);

    protected sealed override ValueTask<bool> Invoke(object grain)
    {
        var end = InvokeVoid(grain);
        return end.IsCompletedSuccessfully ? new(true) : AwaitAsync(end);

        static async ValueTask<bool> AwaitAsync(ValueTask end)
        {
            await end;
            return true;
        }
    }
}

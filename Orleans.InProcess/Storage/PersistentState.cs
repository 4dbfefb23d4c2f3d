using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Core;
using Orleans.Storage;

namespace Orleans.Runtime;

/// <summary>State that an activation loads before it starts.</summary>
abstract class PersistentState
{
    static readonly MethodInfo CreateMethod = typeof(PersistentState).GetMethod(nameof(Create), BindingFlags.Static | BindingFlags.NonPublic)!;

    public abstract Task LoadAsync();

    /// <summary>What a constructor parameter with [PersistentState] is given.</summary>
    public static Func<Activation, object> Factory(ParameterInfo parameter, PersistentStateAttribute attribute)
    {
        var type = parameter.ParameterType;
        if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(IPersistentState<>))
            throw new ArgumentException($"Parameter '{parameter.Name}' of {parameter.Member.DeclaringType} must be an IPersistentState<T>.");
        var create = CreateMethod.MakeGenericMethod(type.GetGenericArguments()).CreateDelegate<Func<Activation, PersistentStateAttribute, object>>();
        return activation => create(activation, attribute);
    }

    static PersistentState<T> Create<T>(Activation activation, PersistentStateAttribute attribute)
    {
        var storage = string.IsNullOrWhiteSpace(attribute.StorageName)
            ? activation.ActivationServices.GetService<IGrainStorage>()
            : activation.ActivationServices.GetKeyedService<IGrainStorage>(attribute.StorageName);
        var state = new PersistentState<T>(attribute.StateName, activation, storage ?? throw new BadProviderConfigException(
            $"No storage provider named \"{attribute.StorageName}\" found loading grain type {activation.GrainId.Type}."));
        (activation.States ??= []).Add(state);
        return state;
    }
}

/// <summary>
/// State of one activation. Operations run one after another on the grain's scheduler and begin after the code that asked for
/// them has come to a wait, so that writes asked for together are one.
/// </summary>
sealed class PersistentState<T>(string name, Activation activation, IGrainStorage storage) : PersistentState, IPersistentState<T>
{
    readonly GrainState<T> _state = new(Initial());
    Operation? _last;
    bool _loaded;

    enum Kind { Read, Write, Clear }

    public T State
    {
        get => _state.State!;
        set => _state.State = value;
    }

    public string? Etag => _state.ETag;

    public bool RecordExists => _loaded ? _state.RecordExists : throw new InvalidOperationException("State has not yet been loaded");

    public override Task LoadAsync() => RunAsync(Kind.Read, default);

    public Task ReadStateAsync() => Enqueue(Kind.Read, default);
    public Task WriteStateAsync() => Enqueue(Kind.Write, default);
    public Task ClearStateAsync() => Enqueue(Kind.Clear, default);

    Task IStorage.ReadStateAsync(CancellationToken cancellationToken) => Enqueue(Kind.Read, cancellationToken);
    Task IStorage.WriteStateAsync(CancellationToken cancellationToken) => Enqueue(Kind.Write, cancellationToken);
    Task IStorage.ClearStateAsync(CancellationToken cancellationToken) => Enqueue(Kind.Clear, cancellationToken);

    static T Initial() =>
        typeof(T).IsValueType ? default!
        : typeof(T).GetConstructor(Type.EmptyTypes) is null ? (T)RuntimeHelpers.GetUninitializedObject(typeof(T))
        : Activator.CreateInstance<T>();

    Task Enqueue(Kind kind, CancellationToken cancellation)
    {
        if (!ReferenceEquals(Activation.Current, activation))
            throw new InvalidOperationException("Stored state can only be used inside a turn of its grain.");
        if (_last is { Started: false, CanBeCanceled: false } waiting && waiting.Kind == kind && !cancellation.CanBeCanceled)
            return waiting.Task;
        var operation = new Operation(kind, cancellation.CanBeCanceled);
        operation.Task = QueueAsync(operation, _last?.Task ?? Task.CompletedTask, cancellation);
        _last = operation;
        return operation.Task;
    }

    async Task QueueAsync(Operation operation, Task before, CancellationToken cancellation)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        operation.Started = true;
        await RunAsync(operation.Kind, cancellation);
    }

    async Task RunAsync(Kind kind, CancellationToken cancellation)
    {
        try
        {
            await (kind switch
            {
                Kind.Read => storage.ReadStateAsync(name, activation.GrainId, _state, cancellation),
                Kind.Write => storage.WriteStateAsync(name, activation.GrainId, _state, cancellation),
                _ => storage.ClearStateAsync(name, activation.GrainId, _state, cancellation),
            });
            if (_state.State is null) _state.State = Initial();
            _loaded = true;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            activation.Silo.Log.StorageFailed(exception, name, activation.GrainId);
            if (exception is OrleansException) throw;
            throw new OrleansException($"Storage of {name} failed for grain {activation.GrainId}: {exception.Message}", exception);
        }
    }

    sealed class Operation(Kind kind, bool canBeCanceled)
    {
        public Kind Kind => kind;
        public bool CanBeCanceled => canBeCanceled;
        public bool Started { get; set; }
        public Task Task { get; set; } = Task.CompletedTask;
    }
}

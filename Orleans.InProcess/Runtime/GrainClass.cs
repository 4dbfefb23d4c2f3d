using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;

namespace Orleans.Runtime;

/// <summary>Which of the activations of one class; stateless workers have several under one key.</summary>
readonly record struct ActivationKey(string Value, int Slot);

/// <summary>What the engine knows of one grain class, and its activations.</summary>
sealed class GrainClass
{
    readonly Func<Activation, object> _create;

    public GrainClass(Silo silo, Type implementation)
    {
        Implementation = implementation;
        Type = GrainType.Create(implementation.GetCustomAttribute<GrainTypeAttribute>()?.GrainType ?? NameOf(implementation));
        IsReentrant = implementation.IsDefined(typeof(ReentrantAttribute), true);
        IsFilter = implementation.IsAssignableTo(typeof(IIncomingGrainCallFilter));
        OverridesActivate = Overrides(implementation, nameof(Grain.OnActivateAsync));
        OverridesDeactivate = Overrides(implementation, nameof(Grain.OnDeactivateAsync));
        var workers = implementation.GetCustomAttribute<StatelessWorkerAttribute>(true);
        MaxWorkers = workers is null ? 1 : workers.MaxLocalWorkers > 0 ? workers.MaxLocalWorkers : Environment.ProcessorCount;
        IsStatelessWorker = workers is not null;
        AgeLimit = AgeLimitOf(silo, implementation);
        _create = Constructor(implementation);
    }

    public Type Implementation { get; }
    public GrainType Type { get; }
    public bool IsReentrant { get; }
    public bool IsFilter { get; }
    public bool IsStatelessWorker { get; }
    public int MaxWorkers { get; }
    public bool OverridesActivate { get; }
    public bool OverridesDeactivate { get; }

    /// <summary>How long an activation may be idle; <see cref="TimeSpan.MaxValue"/> for ever.</summary>
    public TimeSpan AgeLimit { get; }

    public ConcurrentDictionary<ActivationKey, Activation> Activations { get; } = new();

    /// <summary>Makes the grain, with its services and states from the activation.</summary>
    public object Create(Activation activation) => _create(activation);

    static string NameOf(Type type)
    {
        var name = type.Name.ToLowerInvariant();
        return name.EndsWith("grain", StringComparison.Ordinal) && name.Length > 5 ? name[..^5] : name;
    }

    static bool Overrides(Type type, string method)
    {
        if (!type.IsAssignableTo(typeof(Grain))) return true;
        return type.GetMethods(BindingFlags.Instance | BindingFlags.Public)
            .Any(candidate => candidate.Name == method && candidate.DeclaringType != typeof(Grain));
    }

    static TimeSpan AgeLimitOf(Silo silo, Type type) =>
        type.IsDefined(typeof(KeepAliveAttribute), true) ? TimeSpan.MaxValue
        : silo.Collection.ClassSpecificCollectionAge.TryGetValue(type.FullName!, out var age) ? age
        : type.GetCustomAttribute<CollectionAgeLimitAttribute>(true)?.AgeLimit ?? silo.Collection.CollectionAge;

    static Func<Activation, object> Constructor(Type type)
    {
        var constructors = type.GetConstructors();
        var constructor = constructors.FirstOrDefault(one => one.IsDefined(typeof(ActivatorUtilitiesConstructorAttribute)))
            ?? constructors.MaxBy(one => one.GetParameters().Length)
            ?? throw new InvalidOperationException($"{type} has no public constructor.");
        var arguments = constructor.GetParameters().Select(Argument).ToArray();
        var invoker = ConstructorInvoker.Create(constructor);
        return activation =>
        {
            var values = arguments.Length == 0 ? [] : new object?[arguments.Length];
            for (var i = 0; i < values.Length; i++) values[i] = arguments[i](activation);
            return invoker.Invoke(values.AsSpan());
        };
    }

    static Func<Activation, object?> Argument(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        if (parameter.GetCustomAttribute<PersistentStateAttribute>() is { } state)
            return PersistentState.Factory(parameter, state);
        if (type == typeof(IGrainContext)) return activation => activation;
        if (parameter.GetCustomAttribute<FromKeyedServicesAttribute>() is { } keyed)
            return activation => activation.ActivationServices.GetRequiredKeyedService(type, keyed.Key);
        return parameter.HasDefaultValue
            ? activation => activation.ActivationServices.GetService(type) ?? parameter.DefaultValue
            : activation => activation.ActivationServices.GetRequiredService(type);
    }
}

using System.Diagnostics.CodeAnalysis;
using Orleans.Core;

namespace Orleans.Runtime;

/// <summary>Something that can be called across the engine.</summary>
public interface IAddressable;

/// <summary>An activation, seen from the grain in it.</summary>
public interface IGrainContext
{
    GrainReference GrainReference { get; }
    GrainId GrainId { get; }
    object? GrainInstance { get; }

    /// <summary>The dependency-injection scope of this activation.</summary>
    IServiceProvider ActivationServices { get; }

    /// <summary>Completes when this activation has ended.</summary>
    Task Deactivated { get; }

    void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default);
}

/// <summary>When a grain timer ticks. The period counts from the end of a callback to the start of the next.</summary>
public readonly struct GrainTimerCreationOptions()
{
    [SetsRequiredMembers]
    public GrainTimerCreationOptions(TimeSpan dueTime, TimeSpan period) : this()
    {
        DueTime = dueTime;
        Period = period;
    }

    public required TimeSpan DueTime { get; init; }
    public required TimeSpan Period { get; init; }

    /// <summary>Ticks may start while a call is waiting in the middle of its turn.</summary>
    public bool Interleave { get; init; }

    /// <summary>Ticks count as use and keep the activation from idle collection.</summary>
    public bool KeepAlive { get; init; }
}

/// <summary>Disposing it stops the ticks.</summary>
public interface IGrainTimer : IDisposable
{
    void Change(TimeSpan dueTime, TimeSpan period);
}

/// <summary>Injects state that is loaded before the activation and stored on demand.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class PersistentStateAttribute(string stateName, string? storageName = null) : Attribute
{
    public string StateName { get; } = stateName;
    public string? StorageName { get; } = storageName;
}

/// <summary>A grain's stored state.</summary>
public interface IPersistentState<TState> : IStorage<TState>;

/// <summary>What the engine throws of its own accord.</summary>
[GenerateSerializer]
public class OrleansException : Exception
{
    public OrleansException() { }
    public OrleansException(string message) : base(message) { }
    public OrleansException(string message, Exception? innerException) : base(message, innerException) { }
}

/// <summary>The silo does not take calls: it has not started, or it is stopping.</summary>
[GenerateSerializer]
public sealed class SiloUnavailableException : OrleansException
{
    public SiloUnavailableException() { }
    public SiloUnavailableException(string message) : base(message) { }
    public SiloUnavailableException(string message, Exception? innerException) : base(message, innerException) { }
}

/// <summary>The configuration cannot work; the silo does not start.</summary>
[GenerateSerializer]
public sealed class OrleansConfigurationException : OrleansException
{
    public OrleansConfigurationException() { }
    public OrleansConfigurationException(string message) : base(message) { }
    public OrleansConfigurationException(string message, Exception? innerException) : base(message, innerException) { }
}

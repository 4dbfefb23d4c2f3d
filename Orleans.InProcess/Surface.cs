// The part of the public Orleans API that the contracts and grains are written against.
#pragma warning disable CA1822 // declarations only
using Orleans.Runtime;

namespace Orleans
{
    [AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum | AttributeTargets.Interface)]
    public sealed class GenerateSerializerAttribute : Attribute;

    [AttributeUsage(AttributeTargets.Field | AttributeTargets.Property | AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface | AttributeTargets.Method)]
    public sealed class IdAttribute(uint id) : Attribute { public uint Id { get; } = id; }

    [AttributeUsage(AttributeTargets.All)]
    public sealed class AliasAttribute(string alias) : Attribute { public string Alias { get; } = alias; }

    [AttributeUsage(AttributeTargets.All)]
    public sealed class ImmutableAttribute : Attribute;

    public interface IGrain : IAddressable;
    public interface IGrainWithStringKey : IGrain;

    public interface IRemindable : IGrain
    {
        Task ReceiveReminder(string reminderName, TickStatus status);
    }

    public interface IGrainFactory
    {
        TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null) where TGrainInterface : IGrainWithStringKey;
    }

    public abstract class Grain
    {
        public IGrainFactory GrainFactory => throw new InvalidOperationException("The engine is not running.");
        public virtual Task OnActivateAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public virtual Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Task.CompletedTask;
        protected void DeactivateOnIdle() => throw new InvalidOperationException("The engine is not running.");
    }

    public static class GrainExtensions
    {
        public static string GetPrimaryKeyString(this Grain grain) => throw new InvalidOperationException("The engine is not running.");
        public static IGrainTimer RegisterGrainTimer(this Grain grain, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options) => throw new InvalidOperationException("The engine is not running.");
        public static Task<IGrainReminder> RegisterOrUpdateReminder(this Grain grain, string reminderName, TimeSpan dueTime, TimeSpan period) => throw new InvalidOperationException("The engine is not running.");
        public static Task<IGrainReminder?> GetReminder(this Grain grain, string reminderName) => throw new InvalidOperationException("The engine is not running.");
    }

    public readonly struct DeactivationReason;
}

namespace Orleans.Concurrency
{
    [AttributeUsage(AttributeTargets.Class)] public sealed class ReentrantAttribute : Attribute;
    [AttributeUsage(AttributeTargets.Method)] public sealed class AlwaysInterleaveAttribute : Attribute;
    [AttributeUsage(AttributeTargets.Method)] public sealed class ReadOnlyAttribute : Attribute;
    [AttributeUsage(AttributeTargets.Class)] public sealed class StatelessWorkerAttribute(int maxLocalWorkers = 0) : Attribute { public int MaxLocalWorkers { get; } = maxLocalWorkers; }
}

namespace Orleans.Runtime
{
    public interface IAddressable;
    public interface IGrainTimer : IDisposable { void Change(TimeSpan dueTime, TimeSpan period); }
    public interface IGrainReminder { string ReminderName { get; } }
    public readonly struct TickStatus { public DateTime FirstTickTime { get; } public TimeSpan Period { get; } public DateTime CurrentTickTime { get; } }
    public struct GrainTimerCreationOptions { public TimeSpan DueTime { get; set; } public TimeSpan Period { get; set; } public bool Interleave { get; set; } public bool KeepAlive { get; set; } }

    [AttributeUsage(AttributeTargets.Parameter)]
    public sealed class PersistentStateAttribute(string stateName, string? storageName = null) : Attribute { public string StateName { get; } = stateName; public string? StorageName { get; } = storageName; }

    public interface IPersistentState<TState>
    {
        TState State { get; set; }
        string? Etag { get; }
        bool RecordExists { get; }
        Task ReadStateAsync();
        Task WriteStateAsync();
        Task ClearStateAsync();
    }
}

namespace Orleans.Hosting
{
    public interface ISiloBuilder;
}

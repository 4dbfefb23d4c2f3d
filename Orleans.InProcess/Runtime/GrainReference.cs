using System.ComponentModel;
using Orleans.InProcess;

namespace Orleans.Runtime;

/// <summary>Where calls of a reference go; handed through generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct GrainTarget
{
    internal GrainTarget(Silo silo, GrainClass grainClass, string key)
    {
        Silo = silo;
        Class = grainClass;
        Key = key;
    }

    internal Silo Silo { get; }
    internal GrainClass Class { get; }
    internal string Key { get; }
}

/// <summary>A reference to a grain, whether or not it is active. Generated code derives one class per grain interface.</summary>
public abstract class GrainReference : IAddressable, IEquatable<GrainReference>
{
    readonly GrainTarget _target;
    Activation? _last;

    protected GrainReference(GrainTarget target) => _target = target;

    public GrainId GrainId => GrainId.Create(_target.Class.Type, _target.Key);

    internal Silo Silo => _target.Silo;

    internal GrainReference As(Type interfaceType) => Silo.Interfaces.Reference(interfaceType, _target);

    protected ValueTask<T> Send<T>(GrainCall<T> call) => call.Send(this);

    /// <summary>The end of a call without a value, as a task.</summary>
    protected static Task End(ValueTask<bool> answer) => answer.IsCompletedSuccessfully ? Task.CompletedTask : answer.AsTask();

    /// <inheritdoc cref="End"/>
    protected static ValueTask EndValue(ValueTask<bool> answer) => answer.IsCompletedSuccessfully ? default : new(answer.AsTask());

    /// <summary>Hands the call to the activation that is there now.</summary>
    internal void Post(GrainCall call)
    {
        if (_last is { } last && !_target.Class.IsStatelessWorker && last.TryPost(call)) return;
        _last = Silo.Activations.Post(_target.Class, _target.Key, call);
    }

    public bool Equals(GrainReference? other) =>
        other is not null && ReferenceEquals(_target.Class, other._target.Class) && ReferenceEquals(Silo, other.Silo)
        && string.Equals(_target.Key, other._target.Key, StringComparison.Ordinal);

    public sealed override bool Equals(object? obj) => Equals(obj as GrainReference);
    public sealed override int GetHashCode() => GrainId.GetHashCode();
    public sealed override string ToString() => $"GrainReference:{GrainId}";

    public static bool operator ==(GrainReference? left, GrainReference? right) => left is null ? right is null : left.Equals(right);
    public static bool operator !=(GrainReference? left, GrainReference? right) => !(left == right);
}

using System.Reflection;

namespace Orleans.InProcess;

/// <summary>How a method of a grain interface is called; made once per method by generated code.</summary>
public sealed class GrainMethod(Type interfaceType, string name, Type[] parameters)
{
    MethodInfo? _info;

    public Type InterfaceType { get; } = interfaceType;
    public string Name { get; } = name;
    public bool AlwaysInterleave { get; init; }
    public bool ReadOnly { get; init; }
    public bool OneWay { get; init; }

    /// <summary>A reflection handle, looked up on first use.</summary>
    public MethodInfo Info => _info ??= InterfaceType.GetMethod(Name, parameters)
        ?? throw new MissingMethodException(InterfaceType.FullName, Name);

    public override string ToString() => $"{InterfaceType.Name}.{Name}";
}

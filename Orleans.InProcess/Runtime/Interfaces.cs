using System.Collections.Concurrent;
using System.ComponentModel;
using System.Reflection;
using Orleans.Runtime;

namespace Orleans.InProcess;

/// <summary>Names the manifest of an assembly; written by the generator.</summary>
[AttributeUsage(AttributeTargets.Assembly), EditorBrowsable(EditorBrowsableState.Never)]
public sealed class GrainManifestAttribute(Type manifest) : Attribute
{
    public Type Manifest { get; } = manifest;
}

/// <summary>The grain interfaces and grain classes of one assembly; written by the generator.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class GrainManifest
{
    internal Dictionary<Type, Func<GrainTarget, GrainReference>> References { get; } = [];
    internal List<Type> Classes { get; } = [];

    protected void Reference(Type interfaceType, Func<GrainTarget, GrainReference> create) => References.Add(interfaceType, create);

    protected void Class(Type implementation) => Classes.Add(implementation);

    /// <summary>The manifests of every application part that the loaded assemblies name.</summary>
    internal static List<GrainManifest> LoadAll()
    {
        var seen = new HashSet<Assembly>();
        var open = new Stack<Assembly>(AppDomain.CurrentDomain.GetAssemblies().Where(assembly => !assembly.IsDynamic));
        var manifests = new List<GrainManifest>();
        while (open.TryPop(out var assembly))
        {
            if (!seen.Add(assembly)) continue;
            foreach (var part in assembly.GetCustomAttributes<ApplicationPartAttribute>())
                open.Push(Assembly.Load(new AssemblyName(part.AssemblyName)));
            if (assembly.GetCustomAttribute<GrainManifestAttribute>() is { } attribute)
                manifests.Add((GrainManifest)Activator.CreateInstance(attribute.Manifest)!);
        }

        return manifests;
    }
}

/// <summary>Which class implements a grain interface, and how references to it are made.</summary>
sealed class GrainInterfaces
{
    readonly ConcurrentDictionary<Type, GrainClass[]> _implementations = new();
    readonly Dictionary<Type, Func<GrainTarget, GrainReference>> _references = [];
    readonly GrainClass[] _classes;

    public GrainInterfaces(Silo silo)
    {
        var manifests = GrainManifest.LoadAll();
        foreach (var (type, create) in manifests.SelectMany(manifest => manifest.References)) _references[type] = create;
        _references[typeof(IRemindable)] = static target => new RemindableReference(target);
        _classes = [.. manifests.SelectMany(manifest => manifest.Classes).Distinct().Select(type => new GrainClass(silo, type))];
        var twice = _classes.GroupBy(one => one.Type).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null)
            throw new OrleansConfigurationException(
                $"Grain classes {string.Join(", ", twice.Select(one => one.Implementation))} have the same grain type '{twice.Key}': "
                + "give one of them a [GrainType].");
    }

    public IEnumerable<GrainClass> Classes => _classes;

    /// <summary>The class behind an interface.</summary>
    /// <exception cref="ArgumentException">None or several implement it, or none whose name begins with the prefix.</exception>
    public GrainClass Resolve(Type interfaceType, string? classNamePrefix)
    {
        var found = _implementations.GetOrAdd(interfaceType, static (type, classes) =>
            [.. classes.Where(one => one.Implementation.IsAssignableTo(type))], _classes);
        if (found.Length == 1 && classNamePrefix is null) return found[0];
        if (classNamePrefix is not null)
            found = [.. found.Where(one => one.Implementation.FullName!.StartsWith(classNamePrefix, StringComparison.Ordinal))];
        return found.Length switch
        {
            1 => found[0],
            0 => throw new ArgumentException($"Could not find an implementation for interface {interfaceType}."),
            _ => throw new ArgumentException($"Several classes implement {interfaceType}: {string.Join(", ", found.Select(one => one.Implementation))}."),
        };
    }

    public GrainClass Resolve(GrainType type) =>
        _classes.FirstOrDefault(one => one.Type == type) ?? throw new ArgumentException($"There is no grain class of type '{type}'.");

    public GrainReference Reference(Type interfaceType, GrainTarget target) =>
        _references.TryGetValue(interfaceType, out var create)
            ? create(target)
            : throw new ArgumentException($"{interfaceType} is not a grain interface that the generator has seen.");

    /// <summary>A reference without methods of its own, to be cast.</summary>
    public static GrainReference Untyped(GrainTarget target) => new UntypedReference(target);

    sealed class UntypedReference(GrainTarget target) : GrainReference(target);
}

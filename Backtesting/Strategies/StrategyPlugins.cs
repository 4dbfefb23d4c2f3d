using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.Loader;

namespace Trading.Backtests;

/// <summary>What a library of strategies shows: one class of this kind, with a constructor that takes nothing, for
/// each strategy.</summary>
public interface IStrategyPlugin
{
    StrategyDefinition Definition { get; }
}

/// <summary>Finds strategies in a folder of libraries. They run with all rights of the program: put in only what you
/// trust.</summary>
public static class StrategyPlugins
{
    /// <summary>More libraries than this are a mistake in the path.</summary>
    public const int MostLibraries = 100;

    /// <summary>The built-in strategies and those of the folder's libraries.</summary>
    /// <exception cref="BacktestRefusedException">The folder is not there, a library cannot be loaded, or a name is
    /// taken; all of it is named.</exception>
    public static StrategyCatalog Load(string folder)
    {
        if (!Directory.Exists(folder)) throw new BacktestRefusedException(
            [new("plugins", "missing", $"There is no folder {folder}.")]);
        string[] files = [.. Directory.EnumerateFiles(folder, "*.dll").Order(StringComparer.Ordinal)];
        if (files.Length > MostLibraries)
            throw new BacktestRefusedException(
                [new("plugins", "max_count", $"{folder} has more than {MostLibraries} libraries.")]);
        var (errors, found) = (new List<FieldError>(), StrategyCatalog.BuiltIn.All.ToList());
        foreach (var file in files)
            foreach (var definition in Definitions(file, errors))
                if (found.Exists(other => other.Name == definition.Name))
                    errors.Add(new("plugins", "duplicate", $"{Path.GetFileName(file)} brings a second strategy '{definition.Name}'."));
                else found.Add(definition);
        return errors.Count == 0 ? new(found) : throw new BacktestRefusedException([.. errors]);
    }

    static ImmutableArray<StrategyDefinition> Definitions(string file, List<FieldError> errors)
    {
        try
        {
            var library = new Context(file).LoadFromAssemblyPath(Path.GetFullPath(file));
            return
            [
                .. library.GetExportedTypes()
                    .Where(type => typeof(IStrategyPlugin).IsAssignableFrom(type) && type is { IsAbstract: false })
                    .OrderBy(type => type.FullName, StringComparer.Ordinal)
                    .Select(type => ((IStrategyPlugin)Activator.CreateInstance(type)!).Definition),
            ];
        }
        catch (Exception broken) when (
            broken is BadImageFormatException or InvalidOperationException or FileLoadException or FileNotFoundException
            or ReflectionTypeLoadException or TypeLoadException or MissingMethodException or TargetInvocationException)
        {
            errors.Add(new("plugins", "library", $"{Path.GetFileName(file)} cannot be used: {broken.Message}"));
            return [];
        }
    }

    /// <summary>Takes what the program has from the program, the rest from beside the library.</summary>
    sealed class Context(string file) : AssemblyLoadContext(Path.GetFileName(file))
    {
        readonly AssemblyDependencyResolver _beside = new(Path.GetFullPath(file));

        protected override Assembly? Load(AssemblyName assemblyName)
        {
            if (Default.Assemblies.Any(known => known.GetName().Name == assemblyName.Name)) return null;
            return _beside.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null;
        }
    }
}

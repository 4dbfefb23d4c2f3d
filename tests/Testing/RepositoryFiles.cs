namespace Trading.Testing;

/// <summary>Finds the checkout and the reference data that lies beside it.</summary>
public static class RepositoryFiles
{
    /// <summary>The folder that holds Trading.Orleans.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The bundled sample, data/sample.</summary>
    public static string Sample => Path.Combine(Root, "data", "sample");

    /// <summary>The reference data folder, or null where it is not on this machine.</summary>
    public static string? Shared => Directory.Exists(Path.Combine(Root, "..", "shared", "data"))
        ? Path.GetFullPath(Path.Combine(Root, "..", "shared", "data"))
        : null;

    static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Trading.Orleans.sln")))
                return folder.FullName;
        throw new InvalidOperationException("The tests run outside a checkout: no Trading.Orleans.sln above " + AppContext.BaseDirectory);
    }
}

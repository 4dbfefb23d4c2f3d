using System.Runtime.CompilerServices;
using Xunit;

namespace Trading.Testing;

/// <summary>A fact that needs a PostgreSQL server; skipped with one line where none is installed.</summary>
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        if (PostgresServer.Programs is null) Skip = PostgresServer.Missing;
    }
}

/// <summary>A fact that needs programs of Debian packages; skipped with one line where one is not installed.</summary>
public sealed class ProgramFactAttribute : FactAttribute
{
    static readonly string[] Folders = ["/usr/bin", "/usr/local/bin"];

    public ProgramFactAttribute(
        string[] programs, [CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        if (programs.FirstOrDefault(program => !Folders.Any(folder => File.Exists(Path.Combine(folder, program)))) is { } missing)
            Skip = $"{missing} is not installed.";
    }
}

/// <summary>A fact that reads the reference data beside the checkout; skipped with one line where it is absent.</summary>
public sealed class ReferenceFactAttribute : FactAttribute
{
    public ReferenceFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        if (RepositoryFiles.Shared is null) Skip = "The reference data folder is not beside the checkout.";
    }
}

/// <summary>A fact that needs a Redis server; skipped with one line where there is none.</summary>
public sealed class RedisFactAttribute : FactAttribute
{
    public RedisFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        if (!RedisServer.IsInstalled) Skip = RedisServer.Missing;
    }
}

/// <summary>A fact that needs a PostgreSQL and a Redis server; skipped with one line where one of them is not
/// installed.</summary>
public sealed class ClusterFactAttribute : FactAttribute
{
    public ClusterFactAttribute(
        [CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        if (PostgresServer.Programs is null) Skip = PostgresServer.Missing;
        else if (!RedisServer.IsInstalled) Skip = RedisServer.Missing;
    }
}

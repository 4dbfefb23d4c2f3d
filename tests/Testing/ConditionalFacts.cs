namespace Trading.Testing;

/// <summary>A fact that needs a PostgreSQL server; skipped with one line where none is installed.</summary>
public sealed class PostgresFactAttribute : Xunit.FactAttribute
{
    public PostgresFactAttribute()
    {
        if (PostgresServer.Programs is null)
            Skip = "PostgreSQL is not installed (Debian package postgresql).";
    }
}

/// <summary>A fact that reads the reference data beside the checkout; skipped with one line where it is absent.</summary>
public sealed class ReferenceFactAttribute : Xunit.FactAttribute
{
    public ReferenceFactAttribute()
    {
        if (RepositoryFiles.Shared is null)
            Skip = "The reference data folder is not beside the checkout.";
    }
}

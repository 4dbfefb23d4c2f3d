namespace Trading.Testing;

/// <summary>One server for the class; absent where PostgreSQL is not installed, and then every test is skipped.</summary>
public sealed class PostgresFixture : IDisposable
{
    public PostgresServer? Server { get; } = PostgresServer.Programs is null ? null : new PostgresServer();

    public void Dispose() => Server?.Dispose();
}

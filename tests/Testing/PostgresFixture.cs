using Xunit;

namespace Trading.Testing;

/// <summary>One server for the class. Where PostgreSQL is not installed, a test that asks for it is skipped.</summary>
public sealed class PostgresFixture : IDisposable
{
    readonly PostgresServer? _server = PostgresServer.Programs is null ? null : new PostgresServer();

    public PostgresServer Server
    {
        get
        {
            Assert.SkipWhen(_server is null, PostgresServer.Missing);
            return _server;
        }
    }

    public void Dispose() => _server?.Dispose();
}

using Trading.Testing;

namespace Trading.Silo.Tests;

/// <summary>One program for the tests of a class, which use symbols and keys of their own.</summary>
public sealed class StartedProgram : IAsyncLifetime
{
    readonly TemporaryFolder _folder = new();

    public TradingProcess Program { get; private set; } = null!;

    public string Folder => _folder.Path;

    public async ValueTask InitializeAsync() => Program = await TradingProcess.StartAsync(TradingProcess.Settings(Folder));

    public ValueTask DisposeAsync()
    {
        Program.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}

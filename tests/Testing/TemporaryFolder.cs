namespace Trading.Testing;

/// <summary>An empty folder that goes with the test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("trading-test-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

namespace Trading.Stores;

/// <summary>A folder for copies, which goes with whoever made it. Only its owner can read it.</summary>
sealed class ScratchFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("trading-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

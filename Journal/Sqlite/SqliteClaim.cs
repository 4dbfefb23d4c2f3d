namespace Trading.Journal;

/// <summary>The right to write a journal file, held as a lock on a file beside it, which the kernel releases when the
/// process dies, however it dies. The database itself stays unlocked: other tables of it are written through other
/// connections.</summary>
sealed class SqliteClaim : IDisposable
{
    readonly FileStream _lock;

    SqliteClaim(FileStream held) => _lock = held;

    /// <param name="holder">Says who wrote last, for the message.</param>
    public static SqliteClaim Take(string path, Func<string?> holder)
    {
        try
        {
            return new SqliteClaim(
                new FileStream(
                    path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1));
        }
        catch (IOException held) when (File.Exists(path + ".lock"))
        {
            throw new JournalUnavailableException(
                path, $"it is being written by {holder() ?? "another process"}.", held);
        }
    }

    public void Dispose() => _lock.Dispose();
}

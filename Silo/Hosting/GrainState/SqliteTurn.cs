using Trading.Journal;

namespace Trading.Hosting;

/// <summary>Writes to a SQLite file that the journal writes too, in turn with it. SQLite's ADO.NET provider works while its caller waits, and
/// where it finds the file busy it sleeps for 150 ms at a time: so a thread of the pool waits, not the turn of the grain that
/// asked.</summary>
sealed class SqliteTurn(string path)
{
    readonly SemaphoreSlim _turn = SqliteTurns.Of(path);

    public async Task WriteAsync(Func<Task> write)
    {
        await _turn.WaitAsync();
        try
        {
            await Task.Run(write);
        }
        finally
        {
            _turn.Release();
        }
    }
}

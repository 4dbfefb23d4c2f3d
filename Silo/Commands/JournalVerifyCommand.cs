using System.CommandLine;
using Trading.Hosting;
using Trading.Journal;

namespace Trading.Commands;

/// <summary><c>trading journal verify</c>: recomputes the hash chains, also while a silo runs.</summary>
static class JournalVerifyCommand
{
    public static Command Create()
    {
        var path = new Option<string>("--path") { Description = "The SQLite file.", DefaultValueFactory = _ => new StoreOptions().Path };
        var connection = new Option<string?>("--connection") { Description = "PostgreSQL instead of SQLite: its connection string." };
        var stream = new Option<string?>("--stream") { Description = "Only this stream, for example portfolio/default." };
        var command = new Command("verify", "Recompute every hash of the journal and name each event that does not fit.") { path, connection, stream };
        command.SetAction((parsed, cancellation) => Failure.GuardAsync(() =>
            VerifyAsync(parsed.GetValue(path)!, parsed.GetValue(connection), parsed.GetValue(stream), cancellation)));
        return command;
    }

    static async Task<int> VerifyAsync(string path, string? connection, string? stream, CancellationToken cancellation)
    {
        await using var journal = connection is null
            ? EventJournal.Sqlite(path, TimeProvider.System, readOnly: true)
            : EventJournal.Postgres(connection, TimeProvider.System, readOnly: true);
        var found = await journal.VerifyAsync(stream, cancellation);
        foreach (var defect in found.Defects)
            await Console.Error.WriteLineAsync($"{defect.Stream} {defect.Sequence}: {defect.Problem}");
        Console.WriteLine($"{found.Streams} streams, {found.Events} events, {found.Defects.Count} defects");
        return found.Defects.Count == 0 ? 0 : Failure.Failed;
    }
}

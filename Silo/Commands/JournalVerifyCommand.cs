using System.CommandLine;
using Trading.Configuration;
using Trading.Hosting;
using Trading.Journal;

namespace Trading.Commands;

/// <summary><c>trading journal verify</c>: recomputes the hash chains, also while a silo runs.</summary>
static class JournalVerifyCommand
{
    public static Command Create()
    {
        var path = new Option<string?>("--path") { Description = "The SQLite file; absent for the one that the settings name." };
        var connection = new Option<string?>("--connection") { Description = "PostgreSQL instead of SQLite: its connection string." };
        var stream = new Option<string?>("--stream") { Description = "Only this stream, for example portfolio/default." };
        var settings = Settings.Option("store:path=data/other.db");
        var command = new Command("verify", "Recompute every hash of the journal and name each event that does not fit.") { path, connection, stream, settings };
        command.SetAction((parsed, cancellation) => Failure.GuardAsync(() =>
            VerifyAsync(
                StoreOf(parsed.GetValue(path), parsed.GetValue(connection), parsed.GetValue(settings) ?? []), parsed.GetValue(stream), cancellation)));
        return command;
    }

    /// <summary>The journal that the options name, else the one that the settings do.</summary>
    static StoreOptions StoreOf(string? path, string? connection, string[] settings) =>
        connection is not null ? new() { Kind = "postgres", ConnectionString = connection }
        : path is not null ? new() { Path = path }
        : SoundSettings.Read(settings).Of<StoreOptions>();

    static async Task<int> VerifyAsync(StoreOptions store, string? stream, CancellationToken cancellation)
    {
        await using var journal = store.Kind == "postgres"
            ? EventJournal.Postgres(store.ConnectionString!, TimeProvider.System, readOnly: true)
            : EventJournal.Sqlite(store.Path, TimeProvider.System, readOnly: true);
        var found = await journal.VerifyAsync(stream, cancellation);
        foreach (var defect in found.Defects)
            await Console.Error.WriteLineAsync($"{defect.Stream} {defect.Sequence}: {defect.Problem}");
        Console.WriteLine($"{found.Streams} streams, {found.Events} events, {found.Defects.Count} defects");
        return found.Defects.Count == 0 ? 0 : Failure.Failed;
    }
}

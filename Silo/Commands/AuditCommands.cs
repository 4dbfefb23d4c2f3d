using System.CommandLine;
using System.Text.Json;
using Trading.Audit;
using Trading.Hosting;
using Trading.Journal;
using Trading.Operations;

namespace Trading.Commands;

/// <summary><c>trading audit</c>: the record of who did what, also while a silo runs.</summary>
static class AuditCommands
{
    public static Command Verify()
    {
        var (path, connection) = Store();
        var anchors = new Option<FileInfo?>("--anchors") { Description = "A file of anchors (audit:anchor_file) that the journal must agree with." };
        var command = new Command("verify", "Recompute every hash of the journal, and hold it against anchors that were kept elsewhere.") { path, connection, anchors };
        command.SetAction((parsed, cancellation) => Failure.GuardAsync(() =>
            VerifyAsync(Open(parsed.GetValue(path)!, parsed.GetValue(connection)), parsed.GetValue(anchors), cancellation)));
        return command;
    }

    public static Command Export()
    {
        var (path, connection) = Store();
        var command = new Command("export", "Print every entry as a line of JSON with its number, time and hash.") { path, connection };
        command.SetAction((parsed, cancellation) => Failure.GuardAsync(() => ExportAsync(Open(parsed.GetValue(path)!, parsed.GetValue(connection)), cancellation)));
        return command;
    }

    static (Option<string> Path, Option<string?> Connection) Store() => (
        new Option<string>("--path") { Description = "The SQLite file.", DefaultValueFactory = _ => new StoreOptions().Path },
        new Option<string?>("--connection") { Description = "PostgreSQL instead of SQLite: its connection string." });

    static EventJournal Open(string path, string? connection) => connection is null
        ? EventJournal.Sqlite(path, TimeProvider.System, readOnly: true) : EventJournal.Postgres(connection, TimeProvider.System, readOnly: true);

    static async Task<int> VerifyAsync(EventJournal journal, FileInfo? anchors, CancellationToken cancellation)
    {
        await using var opened = journal;
        if (anchors is { Exists: false }) throw new FileNotFoundException($"There is no file {anchors.FullName}.");
        var found = await journal.VerifyAsync(null, cancellation);
        foreach (var defect in found.Defects) await Console.Error.WriteLineAsync($"{defect.Stream} {defect.Sequence}: {defect.Problem}");
        Anchor[] known = anchors is null ? [] : [.. File.ReadLines(anchors.FullName).Where(line => line.Length > 0).Select(Anchor.Parse)];
        var differences = await Anchor.CompareAsync(journal, known, cancellation);
        foreach (var difference in differences) await Console.Error.WriteLineAsync(difference);
        Console.WriteLine($"{found.Streams} streams, {found.Events} events, {found.Defects.Count} defects; {known.Length} anchors, {differences.Count} differences");
        return found.Defects.Count + differences.Count == 0 ? 0 : Failure.Failed;
    }

    static async Task<int> ExportAsync(EventJournal journal, CancellationToken cancellation)
    {
        await using var opened = journal;
        await foreach (var recorded in journal.ReadAsync(AuditGrain.Stream, 0, cancellation))
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                sequence = recorded.Sequence, at = recorded.RecordedAt, kind = recorded.Type,
                entry = JsonSerializer.Deserialize<JsonElement>(recorded.Payload.Span), hash = Convert.ToHexStringLower(recorded.Hash.Span),
            }));
        return 0;
    }
}

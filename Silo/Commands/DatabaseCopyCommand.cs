using System.CommandLine;
using System.Globalization;
using Trading.Hosting;
using Trading.Journal;
using Trading.Stores;

namespace Trading.Commands;

/// <summary><c>trading database copy</c>: from one store to another, as when a desk outgrows its machine.</summary>
static class DatabaseCopyCommand
{
    public static Command Create()
    {
        var from = new Option<string>("--from")
        {
            Description = "The SQLite file.",
            DefaultValueFactory = _ => new StoreOptions().Path,
        };
        var to = new Option<string>("--to")
        {
            Description = "The connection string of an empty PostgreSQL database.",
            Required = true,
        };
        var command = new Command(
            "copy", "Copy journal, grain state, reminders and bars from SQLite to PostgreSQL, and compare the hashes.")
        {
            from, to,
        };
        command.SetAction((parsed, cancellation) => Failure.GuardAsync(() =>
            CopyAsync(parsed.GetValue(from)!, parsed.GetValue(to)!, cancellation)));
        return command;
    }

    static async Task<int> CopyAsync(string from, string to, CancellationToken cancellation)
    {
        var source = new StoreOptions { Path = from };
        var target = new StoreOptions { Kind = "postgres", ConnectionString = to };
        await using var claim = Claim(from); // whatever still wrote to the file would be missing in the copy
        await claim.StartAsync(cancellation);
        using var scratch = new ScratchFolder();
        IReadOnlyList<TableDigest> read;
        await using (var reader = await StoreCopy.ReaderAsync(source, scratch.Path, cancellation))
        await using (var writer = await StoreCopy.WriterAsync(target, TimeProvider.System, cancellation))
            read = await StoreCopy.WriteAsync(reader, writer, cancellation);
        await using var written = await StoreCopy.ReaderAsync(target, scratch.Path, cancellation);
        var differences = StoreCopy.Compare(read, await StoreCopy.DigestAsync(written, cancellation));
        foreach (var table in read)
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{table.Table,-20} {table.Rows,12:N0} rows  {table.Hash}"));
        await using var journal = EventJournal.Postgres(to, TimeProvider.System, readOnly: true);
        var chains = await journal.VerifyAsync(null, cancellation);
        Console.WriteLine($"{chains.Streams} streams, {chains.Events} events, {chains.Defects.Count} defects");
        foreach (var difference in differences) await Console.Error.WriteLineAsync(difference);
        foreach (var defect in chains.Defects)
            await Console.Error.WriteLineAsync($"{defect.Stream} {defect.Sequence}: {defect.Problem}");
        return differences.Count + chains.Defects.Count == 0 ? 0 : Failure.Failed;
    }

    static EventJournal Claim(string path) => File.Exists(path)
        ? EventJournal.Sqlite(path, TimeProvider.System)
        : throw new FileNotFoundException($"There is no store at {path}.");
}

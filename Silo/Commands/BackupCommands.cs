using System.CommandLine;
using System.Globalization;
using Trading.Backup;
using Trading.Configuration;
using Trading.Hosting;
using Trading.Stores;

namespace Trading.Commands;

/// <summary><c>trading backup …</c>: on demand what a running program does by schedule, and the way back.</summary>
static class BackupCommands
{
    public static Command Create() => new("backup", "Encrypted copies of the whole store, and the way back.")
    {
        Make("create", "Write a backup of the store as it is now, also while the program runs.", CreateAsync),
        Make("list", "The backups in the folder, newest first.", (setup, _) => Task.FromResult(List(setup))),
        Verify(), Restore(), Key(),
    };

    static Command Make(string name, string description, Func<Setup, CancellationToken, Task<int>> run)
    {
        var settings = Settings.Option("backup:folder=/var/backups/trading");
        var command = new Command(name, description) { settings };
        command.SetAction((parsed, cancellation) => Failure.GuardAsync(() =>
            run(Setup.Of(parsed.GetValue(settings)), cancellation)));
        return command;
    }

    static Command Verify()
    {
        var file = Chosen();
        var scratch = new Option<string?>("--scratch")
        {
            Description = "An empty PostgreSQL database to restore into; absent: a SQLite file that goes afterwards.",
        };
        var settings = Settings.Option("backup:key_file=backup.key");
        var command = new Command(
            "verify", "Restore a backup into a scratch store, replay it, compare hashes, and say what would be lost.")
        {
            file, scratch, settings,
        };
        command.SetAction((parsed, cancellation) => Failure.GuardAsync(() =>
            VerifyAsync(
                Setup.Of(parsed.GetValue(settings)), parsed.GetValue(file), parsed.GetValue(scratch), cancellation)));
        return command;
    }

    static Command Restore()
    {
        var file = Chosen();
        var files = new Option<string?>("--files")
        {
            Description = "A folder for the files that are in the backup beside the store.",
        };
        var settings = Settings.Option("store:path=data/trading.db");
        var command = new Command("restore", "Restore a backup into the store of the settings, which must be empty.")
        {
            file, files, settings,
        };
        command.SetAction((parsed, cancellation) => Failure.GuardAsync(() =>
            RestoreAsync(
                Setup.Of(parsed.GetValue(settings)), parsed.GetValue(file), parsed.GetValue(files), cancellation)));
        return command;
    }

    static Argument<string?> Chosen() => new("file")
    {
        Description = "The backup; the newest one where it is absent.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    static Command Key()
    {
        var file = new Argument<string>("file") { Description = "The file, which must not exist." };
        var command = new Command(
            "key", "Write a new key. Keep a copy of it away from the backups: without it nobody can read them.") { file };
        command.SetAction(parsed => BackupOptions.MakeKey(parsed.GetValue(file)!));
        return command;
    }

    static async Task<int> CreateAsync(Setup setup, CancellationToken cancellation)
    {
        var (entry, tables) = await setup.Backups.CreateAsync(cancellation);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{entry.Path}  {entry.Bytes:N0} bytes, {tables.Sum(table => table.Rows):N0} rows"));
        return 0;
    }

    static int List(Setup setup)
    {
        foreach (var entry in setup.Backups.List())
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{entry.CreatedAt:yyyy-MM-dd HH:mm:ss} UTC  {entry.Bytes,14:N0} bytes  {entry.Path}"));
        return 0;
    }

    static async Task<int> VerifyAsync(Setup setup, string? file, string? scratch, CancellationToken cancellation)
    {
        var path = file ?? setup.Newest;
        using var folder = new ScratchFolder();
        var target = scratch is null
            ? new StoreOptions { Path = Path.Combine(folder.Path, "scratch.db") }
            : new StoreOptions { Kind = "postgres", ConnectionString = scratch };
        var key = setup.Options.Key();
        return Report(
            await BackupVerification.RestoreAsync(path, key, target, TimeProvider.System, cancellation), path);
    }

    static async Task<int> RestoreAsync(Setup setup, string? file, string? files, CancellationToken cancellation)
    {
        var key = setup.Options.Key();
        var path = file ?? setup.Newest;
        if (files is not null)
        {
            await using var backup = BackupReader.Open(path, key);
            Directory.CreateDirectory(files);
            foreach (var (name, content) in backup.Files)
                await File.WriteAllBytesAsync(Path.Combine(files, Path.GetFileName(name)), content, cancellation);
        }

        return Report(
            await BackupVerification.RestoreAsync(path, key, setup.Store, TimeProvider.System, cancellation), path);
    }

    static int Report(BackupVerdict verdict, string path)
    {
        foreach (var finding in verdict.Findings) Console.Error.WriteLine(finding);
        var lost = TimeProvider.System.GetUtcNow() - verdict.Newest;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            {path}, of {verdict.Manifest.CreatedAt:yyyy-MM-dd HH:mm:ss} UTC by {verdict.Manifest.Program}
            {verdict.Rows:N0} rows, {verdict.Streams} streams, {verdict.Events:N0} events
            {verdict.Replayed} decisions made again, {verdict.Findings.Count} findings
            RPO {lost?.TotalMinutes ?? 0:N1} min: the newest event is of {verdict.Newest:yyyy-MM-dd HH:mm:ss} UTC
            RTO {verdict.Took.TotalSeconds:N1} s: restored, read back, verified and replayed
            """));
        return verdict.Findings.Count == 0 ? 0 : Failure.Failed;
    }

    sealed record Setup(BackupOptions Options, StoreOptions Store, Backups Backups)
    {
        public string Newest => Backups.List() is [var newest, ..] ? newest.Path : throw new StoreCopyException(
            $"There is no backup in {Options.Folder}. Make one: trading backup create");

        public static Setup Of(string[]? settings)
        {
            var sound = SoundSettings.Read(settings ?? []);
            var (options, store) = (sound.Of<BackupOptions>(), sound.Of<StoreOptions>());
            return new(options, store, new Backups(options, store, TimeProvider.System));
        }
    }
}

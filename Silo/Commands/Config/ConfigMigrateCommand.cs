using System.CommandLine;
using Trading.Configuration;

namespace Trading.Commands;

/// <summary><c>trading config migrate</c>: an older file of settings in the names of today, and what became of every key.</summary>
static class ConfigMigrateCommand
{
    public static Command Create()
    {
        var old = new Argument<FileInfo>("old") { Description = "A .json, .yaml, .yml or .env file of an earlier layout." };
        var to = new Option<FileInfo?>("--output") { Description = "Where the new file goes; absent, it is printed." };
        var command = new Command("migrate", "Bring an older file of settings over. Exit code 2 where a key has no place or a value is no good.") { old, to };
        command.SetAction(parsed => Migrate(parsed.GetValue(old)!, parsed.GetValue(to)));
        return command;
    }

    static int Migrate(FileInfo old, FileInfo? to)
    {
        if (!old.Exists)
        {
            Console.Error.WriteLine($"There is no file {old.FullName}.");
            return Failure.Misconfigured;
        }

        try
        {
            var migration = SettingsMigration.Of(OldSettings.Read(old.FullName));
            foreach (var line in migration.Report) Console.Error.WriteLine(line);
            var text = SettingsFile.Write(migration.Settings);
            if (to is null) Console.Write(text);
            else File.WriteAllText(to.FullName, text);
            return migration.IsWhole ? 0 : Failure.Misconfigured;
        }
        catch (FormatException broken)
        {
            Console.Error.WriteLine($"{old.FullName} cannot be read: {broken.Message}");
            return Failure.Misconfigured;
        }
    }
}

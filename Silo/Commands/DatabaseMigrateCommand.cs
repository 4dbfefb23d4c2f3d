using System.CommandLine;
using Microsoft.Extensions.Options;
using Trading.Configuration;
using Trading.Hosting;

namespace Trading.Commands;

/// <summary><c>trading database migrate</c>: the tables of PostgreSQL, before the silos of a version start.</summary>
static class DatabaseMigrateCommand
{
    public static Command Create()
    {
        var check = new Option<bool>("--check")
        {
            Description = "Change nothing; say whether this version may use the database.",
        };
        var settings = Settings.Option("store:connection_string=Host=db;Database=trading;Username=trading");
        var command = new Command(
            "migrate", "Create the tables of a PostgreSQL database, or bring them to this version.") { check, settings };
        command.SetAction((parsed, cancellation) => Failure.GuardAsync(() =>
            MigrateAsync(parsed.GetValue(check), parsed.GetValue(settings) ?? [], cancellation)));
        return command;
    }

    static async Task<int> MigrateAsync(bool check, string[] settings, CancellationToken cancellation)
    {
        var schema = new DatabaseSchema(ConnectionString(settings), TimeProvider.System);
        var report = check ? await schema.RequireAsync(cancellation) : await schema.MigrateAsync(cancellation);
        var before = report.Found == report.Version ? "nothing to do" : $"before: {(report.Found is { } found ? found : "none")}";
        Console.WriteLine($"{report.Database}: schema version {report.Version}, {before}");
        return 0;
    }

    static string ConnectionString(string[] settings) =>
        SoundSettings.Read(settings).Of<StoreOptions>().ConnectionString is { Length: > 0 } text
            ? text
            : throw new OptionsValidationException("store", typeof(StoreOptions),
                ["store:connection_string is missing; the tables of PostgreSQL need one. "
                    + "A SQLite file has them from its first start."]);
}

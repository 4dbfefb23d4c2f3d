using System.Text.Json;
using System.Text.RegularExpressions;
using Npgsql;
using Trading.Testing;

namespace Trading.Backup.Tests;

/// <summary>What docs/backup.md says of PostgreSQL's archive, done with a real server by the commands that stand there.</summary>
public sealed partial class PointInTimeTests
{
    [PostgresFact]
    public async Task ServerOfAnEarlierMoment_HasWhatWasDecidedByThen_NothingLater_AndDecisionsGoOn()
    {
        using var folder = new TemporaryFolder();
        using var server = new PostgresServer(archives: true);
        var database = server.CreateDatabase();
        var settings = TradingProcess.Settings(folder.Path, "store:kind=postgres", $"store:connection_string={database}");
        (await TradingProcess.RunAsync(["database", "migrate", "--set", .. settings])).ExitCode.ShouldBe(0);
        JsonElement inTheCopy, inTheLog;
        string[] least, most;
        string until;
        using (var running = await TradingProcess.StartAsync(settings))
        {
            inTheCopy = await AskAsync(running, "in-the-copy");
            server.RunScript($"base=base\n{Commands(0)}");
            inTheLog = await AskAsync(running, "in-the-log");
            least = await EventsAsync(database);
            until = (string)(await ScalarAsync(database, "SELECT clock_timestamp()::text"))!;
            most = await EventsAsync(database);
            await AskAsync(running, "too-late");
            running.Kill();
        }

        await ArchiveEverythingAsync(database);
        server.StopAtOnce();
        Directory.Delete(server.Data, recursive: true);
        server.RunScript($"base=base data=data archive={server.Archive} until='{until}'\n{Commands(1)}");
        server.StartAgain();
        await Wait.UntilAsync(async () => await ScalarAsync(database, "SELECT pg_is_in_recovery()") is false);

        var restored = await EventsAsync(database);
        least.ShouldBeSubsetOf(restored);
        restored.ShouldBeSubsetOf(most);
        var (exitCode, output, errors) = await TradingProcess.RunAsync("journal", "verify", "--connection", database);
        exitCode.ShouldBe(0, output + errors);
        using var again = await TradingProcess.StartAsync(settings);
        (await AskAsync(again, "in-the-copy")).ToString().ShouldBe(inTheCopy.ToString());
        (await AskAsync(again, "in-the-log")).ToString().ShouldBe(inTheLog.ToString());
        (await AskAsync(again, "too-late")).GetProperty("decided_at").GetDateTimeOffset()
            .ShouldBeGreaterThan(DateTimeOffset.Parse(until, System.Globalization.CultureInfo.InvariantCulture));
        (await TradingProcess.RunAsync("journal", "verify", "--connection", database)).ExitCode.ShouldBe(0);
    }

    static Task<JsonElement> AskAsync(TradingProcess program, string order) => program.PostAsync("/api/risk/validate-signal",
        new { symbol = "IBM", action = "BUY", position_size = 100.0, confidence = 0.85, client_order_id = order });

    /// <summary>Every event of the journal with its place and hash, by plain SQL.</summary>
    static async Task<string[]> EventsAsync(string database)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            "SELECT stream || ' ' || seq || ' ' || encode(hash, 'hex') FROM journal_events ORDER BY stream, seq", connection);
        await using var rows = await command.ExecuteReaderAsync();
        List<string> events = [];
        while (await rows.ReadAsync()) events.Add(rows.GetString(0));
        return [.. events];
    }

    /// <summary>The moment lies before the end of the archive: that later decisions are not there is not for want of them.</summary>
    static async Task ArchiveEverythingAsync(string database)
    {
        var last = (string)(await ScalarAsync(database, "SELECT pg_walfile_name(pg_switch_wal())"))!;
        await Wait.UntilAsync(async () => await ScalarAsync(database, "SELECT last_archived_wal FROM pg_stat_archiver") is string archived
            && string.CompareOrdinal(archived, last) >= 0);
    }

    static async Task<object?> ScalarAsync(string database, string query)
    {
        await using var connection = new NpgsqlConnection($"{database};Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(query, connection);
        return await command.ExecuteScalarAsync();
    }

    static string Commands(int number) => Bash().Matches(
        File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "backup.md")).Split("## A point in time")[1])[number].Groups[1].Value;

    [GeneratedRegex(@"^```bash\n(.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Bash();
}

using System.Text.Json;
using Trading.Testing;

namespace Trading.Silo.Tests;

/// <summary><c>trading data</c>, as a user types it.</summary>
public sealed class DataCommandsTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Import_StoresEveryFormOfFile_AndRepeatingItChangesNothing()
    {
        await WriteAsync("acme.csv", "date,open,high,low,close,volume,note\n2025-01-02,10,11,9.5,10.5,100,x\n2025-01-03,10.5,11,10,10.75,90,\n");
        await WriteAsync("btcusdt_1m.csv", "time,open,high,low,close,volume\n2025-01-02T00:00:00Z,10,11,9.5,10.5,100\n");
        await WriteAsync("wide.csv", "date,AAA,BBB\n2025-01-02,10,20\n2025-01-03,10.5,20.5\n");
        await WriteAsync("rows.ndjson", """{"symbol":"ccc","date":"2025-01-02","open":10,"high":11,"low":9.5,"close":10.5}""" + "\n");

        var first = await ImportAsync();
        var second = await ImportAsync();

        (first.ExitCode, first.Output).ShouldBe((0, first.Output), first.Errors);
        first.Output.ShouldContain("4 files: 8 bars accepted, 0 in quarantine, 0 rejected, 0 known already");
        second.Output.ShouldContain("4 files: 0 bars accepted, 0 in quarantine, 0 rejected, 8 known already");
    }

    /// <summary>Ten sessions at 700 and ten at 100.</summary>
    [Theory]
    [InlineData(true, "1 files: 20 bars accepted, 0 in quarantine")]
    [InlineData(false, "1 files: 10 bars accepted, 10 in quarantine")]
    public async Task Import_OfASplit_HoldsNothing_WhereTheFolderHasTheCorporateAction(bool known, string expected)
    {
        var days = Enumerable.Range(0, 20).Select(day => (Date: new DateOnly(2025, 3, 3).AddDays(day + (day / 5 * 2)), Close: day < 10 ? 700 : 100));
        await WriteAsync("acme.csv", "date,open,high,low,close\n" + string.Concat(days.Select(day => $"{day.Date:yyyy-MM-dd},{day.Close},{day.Close + 1},{day.Close - 1},{day.Close}\n")));
        if (known) await WriteAsync("actions.csv", "symbol,ex_date,kind,value\nACME,2025-03-17,split,7\n");

        var (exitCode, output, errors) = await ImportAsync();

        (exitCode, output.Contains("1 corporate actions", StringComparison.Ordinal)).ShouldBe((0, known), errors);
        output.ShouldContain(expected);
    }

    [Fact]
    public async Task Import_NamesWhatItRefuses_StoresTheRest_AndEndsWithOne()
    {
        await WriteAsync("good.csv", "date,open,high,low,close\n2025-01-02,10,11,9.5,10.5\n");
        await WriteAsync("half.csv", "date,open,high,low,close\n2025-01-02,10,11,9.5,10.5\n2025-01-03,ten,11,9,10\n2025-01-06,10,9,11,10\n");
        await WriteAsync("wide.csv", "date,AAA\n2025-01-02,abc\n");

        var (exitCode, output, errors) = await ImportAsync();

        exitCode.ShouldBe(1);
        output.ShouldContain("3 files: 2 bars accepted, 0 in quarantine, 1 rejected");
        errors.ShouldContain("half.csv, line 3, open, number");
        errors.ShouldContain("wide.csv cannot be used");
    }

    [Fact]
    public async Task Import_OfAFolderWithoutFiles_OrWithAWrongInterval_IsRefused()
    {
        (await ImportAsync()).ExitCode.ShouldBe(2);
        var (exitCode, _, errors) = await TradingProcess.RunAsync("data", "import", _folder.Path, "--interval", "2d");
        exitCode.ShouldNotBe(0);
        errors.ShouldContain("2d");
    }

    [Fact]
    public async Task Validate_ReportsEveryFile_AndStoresNothing()
    {
        var good = await WriteAsync("good.csv", "date,open,high,low,close\n2025-01-02,10,11,9.5,10.5\n");
        var bad = await WriteAsync("bad.csv", "date,open,high,low,close\n2025-01-02,10,9,11,10\n2025-01-03,1,2\n");

        (await TradingProcess.RunAsync("data", "validate", good)).ExitCode.ShouldBe(0);
        var table = await TradingProcess.RunAsync("data", "validate", good, bad);
        var json = await TradingProcess.RunAsync("data", "validate", bad, "--json");

        table.ExitCode.ShouldBe(1);
        table.Output.ShouldContain("GOOD");
        table.Output.ShouldContain("bad.csv BAD 2025-01-02 00:00 reject: ");
        table.Errors.ShouldContain("bad.csv, line 3, row, cells");
        json.ExitCode.ShouldBe(1);
        var report = JsonDocument.Parse(json.Output).RootElement[0].GetProperty("report");
        (report.GetProperty("rejected").GetInt32(), report.GetProperty("rows").GetProperty("bad").GetInt32()).ShouldBe((1, 1));
        Directory.GetFiles(_folder.Path).Length.ShouldBe(2);
    }

    [Fact]
    public async Task Compact_RemovesWhatTheRulesNoLongerKeep_AndRefusesToGuessThem()
    {
        await WriteAsync("old.csv", "date,open,high,low,close\n2001-01-02,10,11,9.5,10.5\n");
        (await ImportAsync()).ExitCode.ShouldBe(0);
        string[] store = [$"store:path={Path.Combine(_folder.Path, "store", "t.db")}", "logging:file="];

        var kept = await TradingProcess.RunAsync(["data", "compact", "--set", .. store]);
        var removed = await TradingProcess.RunAsync(["data", "compact", "--set", .. store, "market_data:retention:bars_days:1d=3650"]);

        kept.ExitCode.ShouldBe(2);
        kept.Errors.ShouldContain("market_data:retention");
        (removed.ExitCode, removed.Output.Trim()).ShouldBe((0, "1d: 1 records removed"), removed.Errors);
    }

    async Task<string> WriteAsync(string name, string text)
    {
        var path = Path.Combine(_folder.Path, name);
        await File.WriteAllTextAsync(path, text);
        return path;
    }

    Task<(int ExitCode, string Output, string Errors)> ImportAsync() => TradingProcess.RunAsync(
        "data", "import", _folder.Path, "--set", $"store:path={Path.Combine(_folder.Path, "store", "t.db")}", "logging:file=");
}

using System.Text.Json;
using Trading.Testing;

namespace Trading.Silo.Tests;

/// <summary>What the program says of itself: on the console, and in the file.</summary>
public sealed class LogTests
{
    const char Escape = '\u001b';

    [Fact]
    public async Task Start_SaysNothingButTheReport_OnAFreshStoreAndOnAUsedOne()
    {
        using var folder = new TemporaryFolder();
        for (var start = 0; start < 2; start++)
        {
            var (exitCode, output, errors) = await TradingProcess.RunAsync(
                ["run", "--once", "--set", .. TradingProcess.Settings(folder.Path)]);

            exitCode.ShouldBe(0, errors);
            TradingProcess.WithoutMachineNotes(errors).Trim().ShouldBeEmpty();
            JsonDocument.Parse(output).RootElement.GetProperty("portfolio").GetString().ShouldBe("default");
        }
    }

    [Fact]
    public async Task RedirectedOutput_HasNoColourCodes()
    {
        using var folder = new TemporaryFolder();
        using var program = await TradingProcess.StartAsync(TradingProcess.Settings(folder.Path));

        var (exitCode, table, errors) = await TradingProcess.RunAsync("risk", "report", "--url", $"{program.Client.BaseAddress}");

        (exitCode, errors).ShouldBe((0, ""));
        table.ShouldContain("Portfolio default");
        table.ShouldNotContain(Escape);
        await program.StopAsync();
        program.Output.ShouldContain("Portfolio default");
        program.Output.ShouldNotContain(Escape);
    }

    [Fact]
    public async Task File_HasAnEventALine_ToTheLastOne_AndRequestsButNoQuestionsAboutSignals()
    {
        using var folder = new TemporaryFolder();
        var settings = TradingProcess.Settings(folder.Path,
            "logging:level=Information", $"logging:file={Path.Combine(folder.Path, "log", "trading.jsonl")}");
        using (var program = await TradingProcess.StartAsync(settings))
        {
            await program.GetAsync("/api/risk/limits");
            await program.PostAsync("/api/risk/validate-signal", new { symbol = "IBM", action = "BUY", position_size = 1.0, confidence = 0.85 });
            await program.StopAsync();
        }

        var file = Directory.GetFiles(Path.Combine(folder.Path, "log"), "*.jsonl").ShouldHaveSingleItem();
        Path.GetFileName(file).ShouldBe("trading.jsonl");
        var events = File.ReadLines(file).Select(line => JsonDocument.Parse(line).RootElement).ToArray();

        events.ShouldAllBe(log => log.GetProperty("@t").GetDateTimeOffset() > DateTimeOffset.UnixEpoch);
        // On a busy machine a call that was under way may be answered after it.
        events.TakeLast(5).Select(log => log.GetProperty("@m").GetString()).ShouldContain("Orleans Silo stopped.");
        var requests = events.Where(log => log.TryGetProperty("RequestPath", out _)).ToArray();
        requests.Select(log => log.GetProperty("RequestPath").GetString()).Distinct().ShouldBe(["/api/risk/limits"]);
        requests.ShouldAllBe(log => log.GetProperty("StatusCode").GetInt32() > 0);
        requests.ShouldAllBe(log => log.GetProperty("correlation_id").GetString()!.Length > 0);
    }

    [Fact]
    public async Task Requests_AreNotLogged_WhereOnlyWarningsAre()
    {
        using var folder = new TemporaryFolder();
        using (var program = await TradingProcess.StartAsync(
            TradingProcess.Settings(folder.Path, $"logging:file={Path.Combine(folder.Path, "log", "trading.jsonl")}")))
        {
            await program.GetAsync("/api/risk/limits");
            await program.StopAsync();
        }

        // The file is begun with its first event, and on a busy machine the silo may have had something to warn of.
        var logged = Directory.Exists(Path.Combine(folder.Path, "log"))
            ? Directory.GetFiles(Path.Combine(folder.Path, "log")).SelectMany(File.ReadAllLines)
            : [];
        logged.ShouldAllBe(line => !line.Contains("/api/risk/limits"));
    }
}

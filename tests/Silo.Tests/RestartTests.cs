using System.Text.Json;
using Trading.Testing;

namespace Trading.Silo.Tests;

public sealed class RestartTests
{
    [Fact]
    public async Task AfterKill_ReservationsFillsAndLimitsAreThere_AndTheJournalVerifies()
    {
        using var folder = new TemporaryFolder();
        var settings = TradingProcess.Settings(folder.Path);
        JsonElement decision, filled;
        using (var first = await TradingProcess.StartAsync(settings))
        {
            decision = await first.PostAsync("/api/risk/validate-signal", Signal("restart-1", 1000.0));
            decision.GetProperty("approved").GetBoolean().ShouldBeTrue(decision.ToString());
            filled = await first.PostAsync("/api/risk/validate-signal", Signal("restart-2", 200.0));
            await first.PostAsync("/api/portfolios/default/fills", Fill);
            await first.PostAsync("/api/risk/update-limits", new { changed_by = "risk desk", reason = "test", limits = new { max_position_weight = 0.07 } });
            first.Kill();
        }

        using var second = await TradingProcess.StartAsync(settings);
        var book = await second.GetAsync("/api/portfolios/default");
        var reservation = book.GetProperty("reservations").EnumerateArray().ShouldHaveSingleItem();
        reservation.GetProperty("reservation_id").GetString().ShouldBe(decision.GetProperty("decision_id").GetString());
        reservation.GetProperty("remaining").GetDecimal().ShouldBe(1000m);
        Position(book, "IBM").ShouldBe(SampleQuantity("IBM") + 200m);
        (await second.GetAsync("/api/risk/limits")).GetProperty("current").GetProperty("limits").GetProperty("max_position_weight").GetDouble().ShouldBe(0.07);

        var again = await second.PostAsync("/api/risk/validate-signal", Signal("restart-2", 200.0));
        again.ToString().ShouldBe(filled.ToString(), "the same client order id gets the same answer");
        await second.PostAsync("/api/portfolios/default/fills", Fill);
        Position(await second.GetAsync("/api/portfolios/default"), "IBM").ShouldBe(SampleQuantity("IBM") + 200m, "a fill has one effect");

        var replay = await second.GetAsync($"/api/risk/decisions/{decision.GetProperty("decision_id").GetString()}/replay");
        replay.GetProperty("identical").GetBoolean().ShouldBeTrue();
        replay.GetProperty("recomputed").ToString().ShouldBe(decision.ToString(), "a decision is made again from the journal alone");

        var (exitCode, output, _) = await TradingProcess.RunAsync("journal", "verify", "--path", Path.Combine(folder.Path, "trading.db"));
        exitCode.ShouldBe(0, output);
        output.ShouldContain("0 defects");
    }

    static object Signal(string order, double size) =>
        new { symbol = "IBM", action = "BUY", position_size = size, confidence = 0.85, client_order_id = order };

    static object Fill => new { client_order_id = "restart-2", symbol = "IBM", action = "BUY", quantity = 200.0, price = 24.5, fees = 1.25 };

    static decimal Position(JsonElement book, string symbol) => book.GetProperty("positions").EnumerateArray()
        .Single(position => position.GetProperty("symbol").GetString() == symbol).GetProperty("quantity").GetDecimal();

    static decimal SampleQuantity(string symbol) => Position(
        JsonDocument.Parse(File.ReadAllText(Path.Combine(RepositoryFiles.Sample, "portfolio.json"))).RootElement, symbol);
}

using System.Text.Json;
using Trading.Testing;

namespace Trading.Hosting.Tests;

/// <summary>A store as the previous release left it, in Recorded/previous-release.db: an approval that is open, one
/// that was filled, a refusal, limits in their second version with a restricted symbol, a book that was halted and
/// stopped, reminders.</summary>
public sealed class PreviousReleaseTests
{
    [Fact]
    public async Task StoreOfThePreviousRelease_IsGoneOnWith()
    {
        using var folder = new TemporaryFolder();
        File.Copy(
            Path.Combine(RepositoryFiles.Root, "tests/Silo.Tests/Hosting/Recorded/previous-release.db"),
            Path.Combine(folder.Path, "trading.db"));
        using var trading = await TradingProcess.StartAsync(TradingProcess.Settings(
            folder.Path, "portfolio:sample=", "market_data:replay_start=1991-06-03",
                "market_data:replay_interval=3600"));

        var again = await trading.PostAsync("/api/risk/validate-signal", Signal("kept", 100));
        (Text(again, "decision_id"), again.GetProperty("approved").GetBoolean(), again.GetProperty("reference_price")
            .GetDecimal())
            .ShouldBe(("default:6", true, 26.43m));
        (await trading.GetAsync("/api/risk/decisions/default:6/replay")).GetProperty("identical").GetBoolean()
            .ShouldBeTrue();
        (await trading.PostAsync("/api/risk/validate-signal", Signal("refused", 1_000_000))).GetProperty("approved")
            .GetBoolean().ShouldBeFalse();

        var limits = (await trading.GetAsync("/api/risk/limits")).GetProperty("current");
        limits.GetProperty("version").GetInt64().ShouldBe(2);
        limits.GetProperty("limits").GetProperty("restricted_symbols").EnumerateArray()
            .Select(symbol => symbol.GetString()).ShouldBe(["GE"]);
        Text(await trading.GetAsync("/api/risk/breakers?portfolio=second"), "mode").ShouldBe("halted");
        var position = (await trading.GetAsync("/api/portfolios/default")).GetProperty("positions").EnumerateArray()
            .ShouldHaveSingleItem();
        (Text(position, "symbol"), position.GetProperty("quantity").GetDecimal()).ShouldBe(("IBM", 200m));

        (await trading.PostAsync("/api/risk/validate-signal", Signal("next", 10))).GetProperty("approved").GetBoolean()
            .ShouldBeTrue();
    }

    static object Signal(string order, double size) =>
        new { symbol = "IBM", action = "BUY", position_size = size, confidence = 0.9, client_order_id = order };

    static string? Text(JsonElement element, string member) => element.GetProperty(member).GetString();
}

using Trading.Testing;

namespace Trading.Silo.Tests;

/// <summary>What a first start leaves a user with, once it says that it is ready.</summary>
public sealed class FirstStartTests
{
    [Fact]
    public async Task FirstDecisionsOfAFreshStore_AreMadeOnTheWholeSampleBook_WithTheNumbersOfTheReadme_AlsoOfACoin()
    {
        using var folder = new TemporaryFolder();
        using var trading = await TradingProcess.StartAsync(
            TradingProcess.Settings(folder.Path, "market_data:replay_start=1996-01-02", "market_data:replay_interval=3600"));

        var decision = await trading.PostAsync("/api/risk/validate-signal", new { symbol = "IBM", action = "BUY", position_size = 1000.0m, confidence = 0.85 });

        decision.GetProperty("decision_id").GetString().ShouldBe("default:66");
        var before = decision.GetProperty("before");
        before.GetProperty("equity").GetDecimal().ShouldBe(12_000_000m);
        before.GetProperty("cash").GetDecimal().ShouldBe(2_841_207m);
        before.GetProperty("value_at_risk_95").GetDouble().ShouldBe(0.006266858404781953);
        decision.GetProperty("after").GetProperty("value_at_risk_95").GetDouble().ShouldBe(0.006286893186156172);

        // The request that everybody tries first, without a network.
        var large = await trading.PostAsync("/api/risk/validate-signal", new { symbol = "BTCUSDT", action = "BUY", position_size = 1000.0m, confidence = 0.85 });
        var small = await trading.PostAsync("/api/risk/validate-signal", new { symbol = "BTCUSDT", action = "BUY", position_size = 1.0m, confidence = 0.85 });
        large.GetProperty("approved").GetBoolean().ShouldBeFalse(large.ToString());
        large.GetProperty("violations").EnumerateArray().Select(one => one.GetProperty("observed").ValueKind).ShouldAllBe(kind => kind == System.Text.Json.JsonValueKind.Number);
        small.GetProperty("approved").GetBoolean().ShouldBeTrue(small.ToString());
        var quality = await trading.GetAsync("/api/data/quality/BTCUSDT");
        (quality.GetProperty("sector").GetString(), quality.GetProperty("quality").GetProperty("mode").GetString()).ShouldBe(("Crypto", "normal"));
    }

    [Fact]
    public async Task StartWithoutASample_HasNoBook_AndOneCanBeOpened()
    {
        using var folder = new TemporaryFolder();
        using var trading = await TradingProcess.StartAsync(Empty(folder.Path));

        (await trading.GetAsync("/health")).GetProperty("ready").GetBoolean().ShouldBeTrue();
        (await trading.GetAsync("/api/portfolios")).GetArrayLength().ShouldBe(0);
        using (var report = await trading.Client.GetAsync("/api/risk/report")) ((int)report.StatusCode).ShouldBe(404);
        using (var status = await trading.Client.GetAsync("/api/system/status")) ((int)status.StatusCode).ShouldBe(200);
        await trading.PostAsync("/api/portfolios", new { id = "default", cash = 1_000_000 });
        (await trading.GetAsync("/api/risk/report")).GetProperty("equity").GetDecimal().ShouldBe(1_000_000m);
    }

    [Fact]
    public async Task RunOnce_WithoutABook_SaysThatThereIsNone()
    {
        using var folder = new TemporaryFolder();
        var (exitCode, output, errors) = await TradingProcess.RunAsync(["run", "--once", "--set", .. Empty(folder.Path)]);

        (exitCode, output).ShouldBe((1, ""));
        TradingProcess.WithoutMachineNotes(errors).Trim().ShouldBe("There is no portfolio 'default'. There is nothing to report.");
    }

    /// <summary>Every setting that may be empty is.</summary>
    static string[] Empty(string folder) => TradingProcess.Settings(
        folder, "portfolio:sample=", "market_data:sectors=", "market_data:instruments=", "logging:file=");
}

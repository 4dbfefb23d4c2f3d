using System.Text.Json;
using System.Text.RegularExpressions;
using Trading.Testing;
using static Trading.Backtests.Tests.TestMarkets;

namespace Trading.Backtests.Tests;

public sealed partial class ReportTests
{
    static readonly MarketHistory Stocks = Sample("IBM", "KO", "INTC", "GE");

    static readonly BacktestResult Result = BacktestRunner.Run(
        new()
        {
            Strategies = [StrategySpec.Of("mean_reversion", ("allow_short", 1))],
            Execution = new() { AssumedDailyVolume = 1_000_000 },
        }, Stocks, StrategyCatalog.BuiltIn);

    [Fact]
    public void ThePage_NeedsNothingButItself()
    {
        var page = HtmlReport.Of(Result, Stocks);
        page.ShouldNotContain("http:");
        page.ShouldNotContain("https:");
        page.ShouldNotContain("src=");
        page.ShouldNotContain("@import");
        page.ShouldContain(Result.Hash);
    }

    [BrowserFact]
    public async Task InABrowser_EveryChartIsDrawn_WithinItsFrame()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "report.html");
        // Each chart says how wide and high it came out, and whether a drawn shape leaves it.
        const string Measure = """
            <script>for (const chart of document.querySelectorAll('svg')) {
              const frame = chart.getBoundingClientRect();
              const inside = [...chart.querySelectorAll('polyline,rect,polygon')].every(shape => {
                const box = shape.getBoundingClientRect();
                return box.left >= frame.left - 2 && box.right <= frame.right + 2 && box.top >= frame.top - 2 && box.bottom <= frame.bottom + 2;
              });
              chart.dataset.seen = [Math.round(frame.width), Math.round(frame.height), inside].join(' ');
            }</script></body>
            """;
        await File.WriteAllTextAsync(file, HtmlReport.Of(Result, Stocks).Replace("</body>", Measure, StringComparison.Ordinal));
        var (page, log) = await Browser.RenderAsync(file);
        var seen = Seen().Matches(page).Select(match => match.Groups["seen"].Value).ToArray();
        seen.Length.ShouldBe(5, "equity, drawdown, rolling Sharpe ratio, costs, trades");
        foreach (var chart in seen)
        {
            var parts = chart.Split(' ');
            int.Parse(parts[0]).ShouldBeGreaterThan(700);
            int.Parse(parts[1]).ShouldBeGreaterThan(100);
            parts[2].ShouldBe("true", chart);
        }

        log.ShouldNotContain("CONSOLE");
        Sections().Matches(page).Select(match => match.Groups["id"].Value)
            .ShouldBe(["equity", "drawdown", "months", "rolling", "costs", "trades", "drawdowns", "measures"]);
    }

    [Fact]
    public void ARunThatNeverTraded_HasAPage_Too()
    {
        var idle = BacktestRunner.Run(
            new() { Strategies = [StrategySpec.Of("model_driven")], Execution = new() { AssumedDailyVolume = 1_000_000 } }, Stocks, StrategyCatalog.BuiltIn);
        HtmlReport.Of(idle, Stocks).ShouldContain("not known");
    }

    [Fact]
    public void WhateverAStrategyIsCalled_IsNoMarkup() =>
        HtmlReport.Of(Result with { Strategies = [Result.Strategies[0] with { Name = "<script>alert(1)</script>" }] }, Stocks)
            .ShouldNotContain("<script>");

    [Fact]
    public void AResult_IsTheSameAfterItsJson()
    {
        var back = JsonSerializer.Deserialize<BacktestResult>(BacktestJson.Write(Result), BacktestJson.Options).ShouldNotBeNull();
        back.Profit.ShouldBe(Result.Profit);
        back.Performance.Sharpe.ShouldBe(Result.Performance.Sharpe);
        back.Daily.ShouldBe(Result.Daily);
        back.Fills.ShouldBe(Result.Fills);
        back.Orders.ShouldBe(Result.Orders);
        JsonSerializer.Serialize(back, BacktestJson.Options).ShouldBe(JsonSerializer.Serialize(Result, BacktestJson.Options));
    }

    [Theory]
    [InlineData("""{"cash": "much"}""")]
    [InlineData("""{"speed": 1}""")]
    [InlineData("null")]
    [InlineData("[")]
    public void WhatIsNoTest_IsRefused(string json) =>
        Should.Throw<BacktestRefusedException>(() => BacktestJson.ReadSpec(System.Text.Encoding.UTF8.GetBytes(json)))
            .Errors.ShouldHaveSingleItem().Rule.ShouldBe("json");

    [GeneratedRegex("data-seen=\"(?<seen>[^\"]*)\"")]
    private static partial Regex Seen();

    [GeneratedRegex("<section id=\"(?<id>[a-z]+)\"")]
    private static partial Regex Sections();
}

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
    public void ThePage_NamesNothingThatABrowserWouldLoad()
    {
        var page = HtmlReport.Of(Result, Stocks).Replace(ReportAssets.Charts, "", StringComparison.Ordinal);
        page.ShouldNotContain("src=");
        page.ShouldNotContain("<link");
        page.ShouldNotContain("@import");
        page.ShouldNotContain("url(");
        page.ShouldContain(Result.Hash);
        page.ShouldContain("Apache License 2.0");
    }

    [BrowserFact]
    public async Task InABrowser_EveryChartIsDrawn_AndNothingIsLoaded()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "report.html");
        // Each chart says how wide and high it came out, and how many colors its canvases show in how many dots.
        const string Measure = """
            <script>requestAnimationFrame(() => requestAnimationFrame(() => {
              for (const chart of document.querySelectorAll('.chart')) {
                const frame = chart.getBoundingClientRect();
                const dots = [...chart.querySelectorAll('canvas')].reduce((sum, canvas) => {
                  if (canvas.width === 0 || canvas.height === 0) return sum;
                  const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
                  for (let i = 3; i < pixels.length; i += 4) if (pixels[i] > 0) sum++;
                  return sum;
                }, 0);
                const legend = chart.previousElementSibling.textContent;
                chart.dataset.seen = [Math.round(frame.width), Math.round(frame.height), dots, legend.length > 8].join(' ');
              }
              document.body.dataset.loaded = performance.getEntriesByType('resource').length;
            }));</script></body>
            """;
        await File.WriteAllTextAsync(file, HtmlReport.Of(Result, Stocks).Replace("</body>", Measure, StringComparison.Ordinal));
        var (page, log) = await Browser.RenderAsync(file);
        var seen = Seen().Matches(page).Select(match => match.Groups["seen"].Value).ToArray();
        seen.Length.ShouldBe(4, "equity, drawdown, rolling Sharpe ratio, trades");
        foreach (var chart in seen)
        {
            var parts = chart.Split(' ');
            int.Parse(parts[0]).ShouldBeGreaterThan(900);
            int.Parse(parts[1]).ShouldBeGreaterThan(150);
            int.Parse(parts[2]).ShouldBeGreaterThan(5_000, chart);
            parts[3].ShouldBe("true", chart);
        }

        page.ShouldContain("data-loaded=\"0\"");
        log.ShouldNotContain("CONSOLE");
        Sections().Matches(page).Select(match => match.Groups["id"].Value)
            .ShouldBe(["equity", "drawdown", "months", "rolling", "costs", "trades", "drawdowns", "measures"]);
    }

    [Fact]
    public void TheChartsNumbers_AreThoseOfTheResult()
    {
        var page = HtmlReport.Of(Result, Stocks);
        using var data = JsonDocument.Parse(Data().Match(page).Groups["data"].Value);
        var root = data.RootElement;
        root.GetProperty("dates").GetArrayLength().ShouldBe(Result.Daily.Length);
        root.GetProperty("equity")[Result.Daily.Length - 1].GetDouble().ShouldBe((double)Result.Daily[^1].Equity, 0.1);
        root.GetProperty("drawdown").EnumerateArray().Min(one => one.GetDouble()).ShouldBe(-Result.Performance.MaxDrawdown!.Value, 1e-7);
        root.GetProperty("rolling")[0].ValueKind.ShouldBe(JsonValueKind.Null);
        var trades = root.GetProperty("trades");
        var fills = Result.Fills.Where(fill => fill.Symbol == trades.GetProperty("symbol").GetString()).TakeLast(400).ToArray();
        trades.GetProperty("marks").EnumerateArray().Select(mark => mark.GetProperty("quantity").GetDecimal())
            .ShouldBe(fills.Select(fill => fill.Quantity));
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
            .ShouldNotContain("<script>alert");

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

    [GeneratedRegex("id=\"data\">(?<data>.*?)</script>")]
    private static partial Regex Data();

    [GeneratedRegex("<section id=\"(?<id>[a-z]+)\"")]
    private static partial Regex Sections();
}

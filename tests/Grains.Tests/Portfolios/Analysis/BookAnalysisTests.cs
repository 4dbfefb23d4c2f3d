using Trading.Journal;
using Trading.MarketData;
using Trading.Risk;
using Trading.Testing;
using static Trading.Portfolios.Tests.Books;

namespace Trading.Portfolios.Tests;

/// <summary>Analyses, forecasts and stress as a grain keeps them.</summary>
public sealed class BookAnalysisTests : IAsyncLifetime
{
    readonly ManualTimeProvider _clock = new(Now);
    readonly Market _market = new();
    readonly InMemoryJournal _journal;
    TestSilo _silo = null!;

    public BookAnalysisTests() => _journal = new InMemoryJournal(_clock);

    public async ValueTask InitializeAsync()
    {
        Release(300);
        _silo = await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _silo.DisposeAsync();
        _journal.Dispose();
    }

    [Fact]
    public async Task TheReport_HasAnAnalysis_ThatSaysOfWhichEventItIs()
    {
        var book = await OpenAsync("analysed");
        var report = (await book.GetRiskReportAsync(RiskLimits.Default)).Value!;
        report.Standing.ShouldBe(TrafficLights.Off);
        var analysis = report.Analysis.ShouldNotBeNull();
        analysis.Sequence.ShouldBe(report.Sequence);
        analysis.CalculatedAt.ShouldBe(Now);
        analysis.Measures.Single(measure => measure is { Method: "historical", Convention: "order_statistic", Confidence: 0.95, HorizonDays: 1 })
            .ValueAtRisk.ShouldBe(report.Measures[0].Fraction, 1e-12);
    }

    [Fact]
    public async Task ABookWithoutPositions_HasNoAnalysis_AndSaysWhy()
    {
        await _silo.Grains.GetGrain<IPortfolioGrain>("empty").CreateAsync(new("USD", 1_000m, false));
        var book = _silo.Grains.GetGrain<IPortfolioGrain>("empty");
        (await book.GetRiskReportAsync(RiskLimits.Default)).Value!.Analysis.ShouldBeNull();
        (await book.GetStressAsync(null)).Value!.Warnings.ShouldHaveSingleItem().Code.ShouldBe("no_positions");
        (await book.GetBacktestAsync()).Value!.Realised.ShouldBeNull();
        (await _silo.Grains.GetGrain<IPortfolioGrain>("nobody-here").GetBacktestAsync()).Kind.ShouldBe(OutcomeKind.NotFound);
        (await _silo.Grains.GetGrain<IPortfolioGrain>("nobody-here").GetStressAsync(null)).Kind.ShouldBe(OutcomeKind.NotFound);
    }

    [Fact]
    public async Task EverySessionThatAdvances_LeavesAForecast_AlsoAcrossARestart()
    {
        var book = await OpenAsync("judged");
        for (var sessions = 301; sessions <= 306; sessions++)
        {
            if (sessions == 304)
            {
                await _silo.DisposeAsync();
                _silo = await StartAsync();
                book = _silo.Grains.GetGrain<IPortfolioGrain>("judged");
            }

            Release(sessions);
            await _silo.TickUntilAsync(async () => (await ForecastsAsync(book)).FirstOrDefault()?.Session == Walk(sessions).LastSession);
        }

        var forecasts = await ForecastsAsync(book);
        forecasts.Length.ShouldBeInRange(6, 7); // the session in which the book began has one where the book was calculated in it
        forecasts[0].Realised.ShouldBeNull();
        forecasts[1..].ShouldAllBe(forecast => forecast.Realised!.Sessions == 1);
        var report = (await book.GetBacktestAsync()).Value!;
        report.Realised!.Observations.ShouldBe(forecasts.Length - 1);
        report.Standing.Observations.ShouldBe(forecasts.Length - 1);
        report.Standing.Zone.ShouldBeNull();
    }

    [Fact]
    public async Task Shocks_AreAnsweredFromThePositions_OrRefusedWithEveryBrokenRule()
    {
        var book = await OpenAsync("stressed");
        var report = (await book.GetStressAsync(new("half", null, [], [new("AA", -0.5)]))).Value!;
        var equity = report.Equity!.Value;
        report.Results.ShouldHaveSingleItem().LossMoney.ShouldBe(0.5m * 400 * Walk(300).LastPrice, 0.01m);
        report.Results[0].Loss.ShouldBe((double)report.Results[0].LossMoney / (double)equity, 1e-6);
        (await book.GetStressAsync(new("", -2, [], [new("ZZ", 0)]))).Errors.Select(error => error.Field).ShouldBe(["name", "market", "symbols[0].symbol"]);
        (await book.GetStressAsync(null)).Value!.Results.Select(result => result.Name).ShouldContain("market_down_10");
    }

    static async Task<Forecast[]> ForecastsAsync(IPortfolioGrain book) => [.. (await book.GetBacktestAsync()).Value!.Forecasts];

    async Task<IPortfolioGrain> OpenAsync(string id)
    {
        var book = _silo.Grains.GetGrain<IPortfolioGrain>(id);
        (await book.CreateAsync(new("USD", 100_000m, AllowShort: false))).IsDone.ShouldBeTrue();
        (await book.FillAsync(External("f", Side.Buy, 400, 100))).IsDone.ShouldBeTrue();
        return book;
    }

    void Release(int sessions) => _market["AA"] = Walk(sessions);

    static PriceSeries Walk(int sessions)
    {
        var walk = Market.Walk("AA", 100m, sessions: 400);
        return walk with { Dates = walk.Dates[..sessions], Closes = walk.Closes[..sessions], Version = sessions };
    }

    Task<TestSilo> StartAsync() => BookSilo.StartAsync(
        _clock, _journal, _market, new() { Analysis = { MinInterval = 3_600, MonteCarloScenarios = 10_000 } });
}

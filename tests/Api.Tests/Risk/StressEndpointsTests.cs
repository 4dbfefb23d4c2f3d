using NSubstitute;
using Trading.Portfolios;

namespace Trading.Api.Tests;

public sealed class StressEndpointsTests(ApiHost api) : IClassFixture<ApiHost>
{
    static readonly DateTimeOffset Noon = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    static readonly StressReport Report = new("default", "USD", Noon, 42, new DateOnly(2026, 1, 2), 1_000_000m, null,
        [new("crash", "hypothetical", "IBM -0.3", null, null, null, 0.01, 10_000m, "loss_positive", [new("IBM", "Technology", -0.3, 10_000m)])], []);

    [Fact]
    public async Task ConfiguredEvents_AreRead()
    {
        api.Book.GetStressAsync(null).Returns(Outcome.Done(Report));
        var result = (await api.GetAsync("/api/risk/stress?portfolio=default")).Json.GetProperty("results")[0];
        result.GetProperty("loss_money").GetDecimal().ShouldBe(10_000m);
        result.GetProperty("parts")[0].GetProperty("shock").GetDouble().ShouldBe(-0.3);
    }

    [Fact]
    public async Task Shocks_ReachTheBook_AsTheyAreGiven()
    {
        StressShocks? asked = null;
        api.Book.GetStressAsync(Arg.Do<StressShocks?>(shocks => asked = shocks)).ReturnsForAnyArgs(Outcome.Done(Report));
        var reply = await api.PostAsync("/api/risk/stress",
            """{"name":"crash","market":-0.2,"sectors":[{"sector":"Energy","shock":-0.3}],"symbols":[{"symbol":"ibm","shock":0.1}]}""");
        reply.Status.ShouldBe(200);
        asked!.Name.ShouldBe("crash");
        asked.Market.ShouldBe(-0.2);
        asked.Sectors.ShouldBe([new("Energy", -0.3)]);
        asked.Symbols.ShouldBe([new("IBM", 0.1)]);
    }

    [Fact]
    public async Task EveryBrokenRule_OfTheShape_OrOfTheValues_ComesAtOnce()
    {
        (await api.PostAsync("/api/risk/stress", """{"market":"down","sectors":[{"sector":"Energy"}],"symbols":[{"shock":-1}],"extra":1}""")).Errors
            .ShouldBe(["market type", "sectors[0].shock required", "symbols[0].symbol required", "extra unknown_member"]);
        api.Book.GetStressAsync(null).ReturnsForAnyArgs(Outcome.Invalid<StressReport>(new FieldError("market", "range", "m"), new FieldError("name", "length", "n")));
        var refused = await api.PostAsync("/api/risk/stress", """{"market":-2,"name":""}""");
        refused.Status.ShouldBe(400);
        refused.Errors.ShouldBe(["market range", "name length"]);
        (await api.PostAsync("/api/risk/stress?portfolio=default", """{"market":-0.2,"portfolio":"other"}""")).Errors.ShouldBe(["portfolio one_book"]);
    }

    [Fact]
    public async Task ABacktest_IsReadWithItsForecasts()
    {
        var loss = new LossForecast(0.02, 20_000m);
        var test = new CoverageTestResult(1.5, 1, 0.22, false);
        var backtest = new Backtest("realised", "p", "historical/order_statistic/252d/1d", 252, 250, new(2025, 1, 2), new(2026, 1, 2),
            [new(0.99, 250, 5, 2.5, test, test, test, new("yellow", 0.96, 0.1, 0.4, "basel_table", 250, 5))], null);
        api.Book.GetBacktestAsync().Returns(Outcome.Done(new BacktestReport(
            "default", "USD", Noon, 42, new("yellow", 0.9, false, 0.99, 250, 5), backtest, null,
            [new(new(2026, 1, 2), Noon, 41, 1_000_000m, 1_000_000m, "historical", 252, loss, loss, loss, loss)], [])));
        var report = (await api.GetAsync("/api/risk/backtest")).Json;
        report.GetProperty("standing").GetRawText().ShouldBe(
            """{"zone":"yellow","multiplier":0.9,"reducing_only":false,"confidence":0.99,"observations":250,"exceptions":5}""");
        report.GetProperty("realised").GetProperty("coverage")[0].GetProperty("traffic_light").GetProperty("zone").GetString().ShouldBe("yellow");
        report.GetProperty("forecasts")[0].GetProperty("value_at_risk_97_5").GetProperty("money").GetDecimal().ShouldBe(20_000m);
    }
}

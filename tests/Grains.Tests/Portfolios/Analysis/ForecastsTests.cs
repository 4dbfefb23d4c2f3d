using Trading.Risk;
using static Trading.Portfolios.Tests.Books;

namespace Trading.Portfolios.Tests;

public sealed class ForecastsTests
{
    static readonly DateOnly First = new(2020, 1, 1);

    [Fact]
    public void EverySession_HasOneForecast()
    {
        var (valuation, forecaster) = Walked(300);
        var made = forecaster.Next(Now).ShouldNotBeNull();
        made.Realised.ShouldBeNull();
        made.Forecast.Session.ShouldBe(valuation.Prices.Find("AA")!.LastSession);
        made.Forecast.ValueAtRisk95.Money.ShouldBe((decimal)valuation.Tail!.Value.ValueAtRisk, 0.001m);
        valuation.Apply(made);
        forecaster.Next(Now).ShouldBeNull();
        Advance(valuation, 301);
        forecaster.Next(Now)!.Realised!.Session.ShouldBe(valuation.Prices.Find("AA")!.LastSession);
    }

    [Fact]
    public void WhereTheRiskIsNotKnown_NothingIsForecast()
    {
        var (valuation, forecaster) = Walked(30);
        forecaster.Next(Now).ShouldBeNull();
        new Forecaster(new BookValuation(Opened(), new PortfolioOptions())).Next(Now).ShouldBeNull();
    }

    [Fact]
    public void WhatCameOfIt_IsTheChangeOfTheValue_LessPayments()
    {
        var (valuation, forecaster) = Walked(300);
        valuation.Apply(forecaster.Next(Now)!);
        var equity = valuation.Equity!.Value;
        valuation.Apply(BookRules.Transfer(valuation.Book, new("in", 5_000), equity, Now).Value!);
        Advance(valuation, 301);
        var realised = forecaster.Next(Now)!.Realised.ShouldNotBeNull();
        realised.ProfitAndLoss.ShouldBe(valuation.Equity!.Value - 5_000 - equity);
        realised.Fraction.ShouldBe((double)realised.ProfitAndLoss / (double)equity, 1e-15);
        realised.Sessions.ShouldBe(1);
    }

    [Fact]
    public void AfterAPause_TheProfitOfManySessions_TestsNothing()
    {
        var (valuation, forecaster) = Walked(300);
        valuation.Apply(forecaster.Next(Now)!);
        Advance(valuation, 304);
        var made = forecaster.Next(Now)!;
        made.Realised!.Sessions.ShouldBe(4);
        valuation.Apply(made);
        made.Standing.Observations.ShouldBe(0);
        Forecasts.Comparable(valuation.Book.Forecasts.All).ShouldBeEmpty();
    }

    [Fact]
    public void TheyAreBounded_AndSurviveSnapshots()
    {
        var book = Opened();
        for (var day = 0; day < Forecasts.Capacity + 50; day++)
            book.Apply(Recorded(Made(day, pnl: -0.001), book.Sequence + 1));
        book.Forecasts.Count.ShouldBe(Forecasts.Capacity);
        book.Forecasts.All[0].Session.ShouldBe(First.AddDays(50));
        var restored = Book.Restore("test", book.Save(), RecentKeys);
        BookJson.Encode(restored.Save()).ToArray().ShouldBe(BookJson.Encode(book.Save()).ToArray());
        restored.Apply(Made(Forecasts.Capacity + 50, pnl: 0));
        restored.Forecasts.Count.ShouldBe(Forecasts.Capacity);
    }

    [Theory]
    [InlineData(59, 9, null, 1, false)]
    [InlineData(250, 4, "green", 1, false)]
    [InlineData(250, 5, "yellow", 0.9, false)]
    [InlineData(250, 7, "yellow", 0.8167, false)]
    [InlineData(250, 9, "yellow", 0.75, false)]
    [InlineData(250, 10, "red", 0.5, true)]
    [InlineData(60, 0, "green", 1, false)]
    public void TheZone_MultipliesTheLimit(int observations, int exceptions, string? zone, double multiplier, bool reducing)
    {
        var standing = TrafficLights.Of(observations, exceptions, 60);
        (standing.Zone, standing.ReducingOnly).ShouldBe((zone, reducing));
        standing.Multiplier.ShouldBe(multiplier, 1e-4);
        standing.Bind(RiskLimits.Default).MaxValueAtRisk95!.Value.ShouldBe(0.03 * multiplier, 1e-5);
        standing.Bind(new RiskLimits()).MaxValueAtRisk95.ShouldBeNull();
    }

    [Fact]
    public void MoreExceptions_NeverLoosenTheLimit()
    {
        for (var observations = 60; observations <= 250; observations += 10)
            for (var exceptions = 0; exceptions < 20; exceptions++)
                TrafficLights.Of(observations, exceptions + 1, 60).Multiplier.ShouldBeLessThanOrEqualTo(TrafficLights.Of(observations, exceptions, 60).Multiplier);
    }

    [Fact]
    public void AYellowLight_MakesTheLimit_AndTheRefusalSaysSo()
    {
        var (valuation, _) = Walked(300);
        var limit = valuation.Tail!.Value.ValueAtRisk / (double)valuation.Equity!.Value * 1.2;
        Decide(valuation, limit).Approved.ShouldBeTrue();
        valuation.Apply(Made(0, 0, TrafficLights.Of(250, 9, 60)));
        var refused = Decide(valuation, limit);
        var violation = refused.Violations.ShouldHaveSingleItem();
        violation.Code.ShouldBe(RiskRule.ValueAtRisk95);
        ((double)violation.Limit!.Value).ShouldBe(0.75 * limit, 1e-9);
        violation.Detail.ShouldContain("the traffic light of the book's forecasts is yellow (9 of 250");
        refused.Headroom.Single(usage => usage.Code == RiskRule.ValueAtRisk95).Limit.ShouldBe(violation.Limit);
    }

    [Fact]
    public void ARedLight_LetsTheBookOnlyReduce()
    {
        var (valuation, _) = Walked(300);
        valuation.Apply(Made(0, 0, TrafficLights.Of(250, 12, 60)));
        var refused = Decide(valuation, 1);
        refused.Violations[0].Code.ShouldBe(RiskRule.ReducingOnly);
        refused.Violations[0].Detail.ShouldContain("red (12 of 250");
        GuardReporting.Report(valuation, Now).Mode.ShouldBe(TradingMode.Reducing);
        PreTradeCheck.Decide(valuation, Order(Side.Sell, 10), new(1, new() { MaxValueAtRisk95 = 1 }, "", Now, ""), Now).Decision.Approved.ShouldBeTrue();
    }

    [Fact]
    public void TheBooksOwnBacktest_CountsItsOwnExceptions()
    {
        var book = Opened();
        for (var day = 0; day < 101; day++)
            book.Apply(Made(day, pnl: day % 20 == 10 ? -0.05 : 0.001));
        var backtest = Backtests.Realised(book.Forecasts.All, new PortfolioOptions()).ShouldNotBeNull();
        backtest.Name.ShouldBe("realised");
        backtest.Observations.ShouldBe(100);
        backtest.Coverage.Select(coverage => (coverage.Confidence, coverage.Exceptions)).ShouldBe([(0.95, 5), (0.99, 5)]);
        backtest.Shortfall!.Statistic.ShouldBe(1 - 5 * (0.05 / 0.025) / (100 * 0.025), 1e-9);
        Backtests.Realised(book.Forecasts.All[..1], new PortfolioOptions()).ShouldBeNull();
        DrawdownReports.OfEquity(book.Forecasts.All)!.Path.ShouldBe("equity");
    }

    /// <summary>A forecast of 2 % at 95, 2.2 at 97.5 and 3 at 99, and what came of the one before.</summary>
    static ForecastMade Made(int day, double pnl, ForecastStanding? standing = null) => new(
        new(First.AddDays(day), Now, day, 100_000m, 100_000m, "historical", 252,
            new(0.02, 2_000m), new(0.022, 2_200m), new(0.03, 3_000m), new(0.025, 2_500m)),
        day == 0 ? null : new(First.AddDays(day), 1, (decimal)(pnl * 100_000), pnl), standing ?? TrafficLights.Off, Now);

    static SignalDecision Decide(BookValuation valuation, double limit)
    {
        var decided = PreTradeCheck.Decide(valuation, Order(Side.Buy, 1), new(1, new() { MaxValueAtRisk95 = limit }, "", Now, ""), Now);
        return decided.Decision;
    }

    static (BookValuation Valuation, Forecaster Forecaster) Walked(int sessions)
    {
        var valuation = new BookValuation(Opened(), new PortfolioOptions());
        Advance(valuation, sessions);
        valuation.Apply(FillRules.Post(valuation.Book, External("1", Side.Buy, 400, 100), Now));
        return (valuation, new Forecaster(valuation));
    }

    /// <summary>The first sessions of a walk of 400, as a replay releases them.</summary>
    static void Advance(BookValuation valuation, int sessions)
    {
        var walk = Market.Walk("AA", 100m, sessions: 400);
        valuation.Reprice([("AA", Market.Update(walk with { Dates = walk.Dates[..sessions], Closes = walk.Closes[..sessions], Version = sessions }))], Now);
    }
}

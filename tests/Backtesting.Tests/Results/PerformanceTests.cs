using static Trading.Backtests.Tests.TestMarkets;

namespace Trading.Backtests.Tests;

public sealed class PerformanceTests
{
    const decimal AuditTrail = 0.000072m;

    static readonly BacktestSpec Free = new() { Cash = 10_000, Costs = CostOptions.Zero, Execution = TestRun.Free };

    static BacktestResult Run(BacktestSpec spec, MarketHistory history) => BacktestRunner.Run(spec, history, StrategyCatalog.BuiltIn);

    [Fact]
    public void Performance_IsThatOfTheEquity_ByTheDefinitions()
    {
        var history = Sample("IBM", "KO", "INTC");
        var result = Run(Free with { Strategies = [StrategySpec.Of("momentum_rank", ("lookback", 60), ("skip", 5), ("share", 0.4))] }, history);
        var equity = result.Daily.Select(day => (double)day.Equity).ToArray();
        var returns = equity.Skip(1).Zip(equity, (now, before) => now / before - 1).ToArray();
        var (mean, n) = (returns.Average(), returns.Length);
        var deviation = Math.Sqrt(returns.Sum(value => (value - mean) * (value - mean)) / (n - 1));
        var performance = result.Performance;
        performance.Returns.ShouldBe(n);
        performance.TotalReturn.ShouldBe(equity[^1] / equity[0] - 1, 1e-12);
        performance.Volatility!.Value.ShouldBe(deviation * Math.Sqrt(252), 1e-12);
        performance.Sharpe!.Value.ShouldBe(mean / deviation * Math.Sqrt(252), 1e-9);
        performance.Sortino!.Value.ShouldBe(
            mean / Math.Sqrt(returns.Sum(value => Math.Pow(Math.Min(value, 0), 2)) / n) * Math.Sqrt(252), 1e-9);
        var years = (result.Daily[^1].Date.DayNumber - result.Daily[0].Date.DayNumber) / 365.25;
        performance.Cagr!.Value.ShouldBe(Math.Pow(equity[^1] / equity[0], 1 / years) - 1, 1e-12);
        performance.MaxDrawdown!.Value.ShouldBe(
            equity.Select((value, i) => 1 - value / equity.Take(i + 1).Max()).Max(), 1e-12);
        performance.Calmar!.Value.ShouldBe(performance.Cagr.Value / performance.MaxDrawdown.Value, 1e-12);
        performance.ValueAtRisk95!.Value.ShouldBe(-returns.Order().ElementAt((int)Math.Ceiling(n * 0.05 - 1e-9) - 1), 1e-12);
    }

    [Fact]
    public void TheMonths_CompoundToTheTotal()
    {
        var result = Run(Free with { Strategies = [StrategySpec.Of("buy_and_hold")] }, Sample("IBM", "KO"));
        result.Performance.Months.Aggregate(1.0, (product, month) => product * (1 + month.Return))
            .ShouldBe(1 + result.Performance.TotalReturn, 1e-9);
        result.Performance.Months.Length.ShouldBe(121 + 1);
    }

    [Fact]
    public void BuyAndHold_IsItsOwnBenchmark()
    {
        var result = Run(Free with { Strategies = [StrategySpec.Of("buy_and_hold")] }, Sample("IBM", "KO", "GE"));
        result.Performance.Beta!.Value.ShouldBe(1, 0.01);
        result.Performance.Alpha!.Value.ShouldBe(0, 0.005);
        result.Benchmark[^1].ShouldBe((double)result.Daily[^1].Equity, 0.01 * result.Benchmark[^1]);
    }

    [Fact]
    public void Drawdowns_HaveTheirDates()
    {
        var history = Of(Closes("A", [.. Enumerable.Repeat(10m, 20), 12, 12, 9, 6, 8, 12.5m, 13, 11]));
        var result = Run(Free with { Cash = 1_000, Strategies = [StrategySpec.Of("buy_and_hold", ("quantity", 100))] }, history);
        var deepest = result.Performance.Drawdowns[0];
        deepest.Depth.ShouldBe(0.5, 1e-12);
        (deepest.Peak, deepest.Trough, deepest.Recovered).ShouldBe((Date(21), Date(23), Date(25)));
        deepest.Days.ShouldBe(4);
        result.Performance.Drawdowns[1].Recovered.ShouldBeNull();

        static DateOnly Date(int day) => DateOnly.FromDateTime(Day(day).Date);
    }

    [Fact]
    public void RoundTrips_AreCountedFromFlatToFlat_WithFees()
    {
        var history = Of(Closes("A", 10, 10, 12, 11, 11, 9, 9, 9));
        var run = new TestRun(history, (context, moment) =>
        {
            if (moment == 0) context.Submit(new(0, 100)); // bought at 10
            if (moment == 1) context.Submit(new(0, -40)); // 40 sold at 12
            if (moment == 2) context.Submit(new(0, -80)); // 60 sold at 11 and 20 sold short
            if (moment == 4) context.Submit(new(0, 20)); // bought back at 9
        }, CostOptions.Zero with { Commission = "us_broker_fixed", BorrowRate = 0 });
        run.Recording.Trips.Select(trip => (trip.Quantity, decimal.Round(trip.Profit, 2))).ShouldBe([
            (100, decimal.Round(40 * 2 + 60 * 1 - 1 - 100 * AuditTrail - SaleFee(40, 12) - 0.75m * SaleFee(80, 11), 2)),
            (-20, decimal.Round(20 * 2 - 0.25m * SaleFee(80, 11) - 1 - 20 * AuditTrail, 2))]);

        static decimal SaleFee(decimal units, decimal price) =>
            1 + units * price * 0.0000278m + units * 0.000166m + units * AuditTrail;
    }

    [Fact]
    public void ARecordOfAFewDays_TellsLittle()
    {
        var performance = Run(Free with { Strategies = [StrategySpec.Of("buy_and_hold")] }, Of(Closes("A", 10, 11, 12))).Performance;
        (performance.Sharpe, performance.Volatility, performance.ValueAtRisk95, performance.Beta).ShouldBe((null, null, null, null));
        performance.TotalReturn.ShouldBe(0.1, 1e-12, "Ordered at 10, bought at 11, worth 12.");
    }

    [Fact]
    public void WithoutADraw_ThereIsNoRatioToIt()
    {
        var performance = Run(Free with { Strategies = [StrategySpec.Of("buy_and_hold")] }, Of(Closes("A", [.. Enumerable.Range(10, 40).Select(i => (decimal)i)]))).Performance;
        (performance.MaxDrawdown, performance.Calmar, performance.Sortino).ShouldBe((0.0, null, null));
    }

    [Fact]
    public void BreakEvenImpact_LeavesNothing()
    {
        var spec = new BacktestSpec
        {
            Cash = 1_000_000, Strategies = [StrategySpec.Of("buy_and_hold")],
            Costs = CostOptions.Zero with { Impact = 0.5 }, Execution = TestRun.Free with { AssumedDailyVolume = 1_000 },
        };
        var performance = Run(spec, Sample("KO")).Performance;
        // Bought in one order: the fills do not depend on the price, so that the line is exact.
        var there = Run(spec with { Costs = spec.Costs with { Impact = performance.BreakEvenImpact!.Value } }, Sample("KO"));
        ((double)(there.Profit.Net / 1_000_000m)).ShouldBe(0, 1e-6);
        performance.Capacity!.Value.ShouldBeGreaterThan(1_000_000);
    }

    [Fact]
    public void WhatCannotBeRun_IsRefused_WithEveryReason()
    {
        var spec = new BacktestSpec
        {
            Symbols = ["A", "A", "NONE"], From = new(2020, 2, 1), To = new(2020, 1, 1), Cash = 0,
            Strategies = [StrategySpec.Of("unknown"), StrategySpec.Of("moving_average_cross", ("fast", 50), ("slow", 20), ("speed", 1))],
            Costs = new() { Commission = "cheap", Impact = -1 }, Execution = new() { MaxParticipation = 2 }, Benchmark = "NONE",
        };
        var refused = Should.Throw<BacktestRefusedException>(() => Run(spec, Of(Daily("A", null, (1, 1, 1, 1, null)))));
        refused.Errors.Select(error => $"{error.Field} {error.Rule}").ShouldBe([
            "symbols duplicate", "from order", "cash range", "strategies[0].name unknown",
            "strategies[1].parameters.speed unknown", "strategies[1].parameters.fast order", "strategies shares",
            "costs.impact range", "costs.commission unknown", "execution.max_participation range",
            "symbols no_data", "benchmark no_data", "execution.assumed_daily_volume required"]);
    }
}

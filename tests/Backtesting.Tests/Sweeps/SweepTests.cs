using System.Collections.Immutable;
using Trading.Quant;
using static Trading.Backtests.Tests.TestMarkets;

namespace Trading.Backtests.Tests;

public sealed class SweepTests
{
    static readonly MarketHistory Stocks = Sample("IBM", "KO", "INTC");

    static readonly SweepSpec Crosses = new()
    {
        Test = new() { Strategies = [StrategySpec.Of("moving_average_cross")], Execution = new() { AssumedDailyVolume = 2_000_000 } },
        Ranges = ImmutableSortedDictionary<string, ParameterRange>.Empty.Add("fast", new(5, 25, 5)).Add("slow", new(20, 60, 20)),
        Blocks = 8,
    };

    [Fact]
    public void TheTrials_AreAllCombinations_ThatTheStrategyTakes()
    {
        var trials = SweepTrials.Of(Crosses, StrategyCatalog.BuiltIn);
        trials.Length.ShouldBe(5 * 3 - 2, "fast 20 and 25 are not below slow 20");
        trials.Select(trial => (trial.Strategies[0].Parameters["fast"], trial.Strategies[0].Parameters["slow"])).ShouldBeUnique();
    }

    [Fact]
    public void DrawnTrials_AreTheSameForASeed_AndNeverTwice()
    {
        var wide = Crosses with
        {
            Draws = 200,
            Ranges = ImmutableSortedDictionary<string, ParameterRange>.Empty.Add("fast", new(2, 100, 1)).Add("slow", new(101, 300, 1)),
        };
        double[] Drawn(long seed) => [.. SweepTrials.Of(wide with { Test = wide.Test with { Seed = seed } }, StrategyCatalog.BuiltIn)
            .Select(trial => trial.Strategies[0].Parameters["fast"] * 1_000 + trial.Strategies[0].Parameters["slow"])];
        Drawn(1).Length.ShouldBe(200);
        Drawn(1).ShouldBeUnique();
        Drawn(1).ShouldBe(Drawn(1));
        Drawn(1).ShouldNotBe(Drawn(2));
    }

    [Fact]
    public void TheReport_IsTheSame_HoweverManyWorkThere_AndInWhateverOrder()
    {
        var alone = SweepRunner.Run(Crosses, Stocks, StrategyCatalog.BuiltIn, workers: 1);
        var together = SweepRunner.Run(Crosses, Stocks, StrategyCatalog.BuiltIn, workers: 3);
        together.Hash.ShouldBe(alone.Hash);
        together.Best.Select(trial => trial.Place).ShouldBe(alone.Best.Select(trial => trial.Place));
        together.Overfitting.ShouldBe(alone.Overfitting);
        together.DeflatedSharpe.ShouldBe(alone.DeflatedSharpe);
    }

    [Fact]
    public void EveryTrial_IsTheTestOfItsParameters()
    {
        var report = SweepRunner.Run(Crosses, Stocks, StrategyCatalog.BuiltIn, workers: 2);
        var (best, trials) = (report.Best[0], SweepTrials.Of(Crosses, StrategyCatalog.BuiltIn));
        report.Trials.ShouldBe(13);
        var single = BacktestRunner.Run(trials[best.Place], Stocks, StrategyCatalog.BuiltIn);
        best.TotalReturn.ShouldBe(single.Performance.TotalReturn);
        (best.Sharpe!.Value.Ratio * Math.Sqrt(252)).ShouldBe(single.Performance.Sharpe!.Value, 1e-12);
        best.Fills.ShouldBe(single.FillCount);
    }

    [Fact]
    public void TheDeflatedRatio_CountsEveryTrial_AndTheOverfittingIsThatOfTheReturns()
    {
        var report = SweepRunner.Run(Crosses, Stocks, StrategyCatalog.BuiltIn, workers: 2);
        BacktestResult[] runs = [.. SweepTrials.Of(Crosses, StrategyCatalog.BuiltIn).Select(trial => BacktestRunner.Run(trial, Stocks, StrategyCatalog.BuiltIn))];
        double[][] returns = [.. runs.Select(run => PerformanceMeasures.Returns(run.Daily, run.Spec.Cash))];
        report.Overfitting.ShouldBe(BacktestOverfitting.Of(returns, 8));
        var ratios = returns.Select(one => SharpeEstimate.Of(one)!.Value.Ratio).ToArray();
        var variance = ratios.Sum(ratio => Math.Pow(ratio - ratios.Average(), 2)) / (ratios.Length - 1);
        var best = SharpeEstimate.Of(returns[Array.IndexOf(ratios, ratios.Max())])!.Value;
        report.DeflatedSharpe!.Value.ShouldBe(best.Deflated(13, variance), 1e-12);
        report.DeflatedSharpe.Value.ShouldBeLessThan(best.Probabilistic(0));
    }

    [Fact]
    public void AWalkForward_JudgesOnDaysAfterTheChoice()
    {
        var report = SweepRunner.Run(Crosses with { WalkForward = new(500, 250) }, Stocks, StrategyCatalog.BuiltIn, workers: 2);
        var steps = report.WalkForward.ShouldNotBeNull().Steps;
        steps.Length.ShouldBeGreaterThan(8);
        foreach (var step in steps)
        {
            step.TestFrom.ShouldBe(step.TrainFrom.AddDays(500));
            step.TestTo.ShouldBeGreaterThan(step.TestFrom);
        }

        steps.Zip(steps.Skip(1)).ShouldAllBe(pair => pair.First.TestTo == pair.Second.TestFrom);
        // The choice of a step does not change with what comes after it.
        var cut = Stocks.Slice(new(1990, 1, 1), steps[2].TestFrom.AddDays(40))!;
        SweepRunner.Run(Crosses with { WalkForward = new(500, 250) }, cut, StrategyCatalog.BuiltIn, workers: 2).WalkForward!.Steps
            .Take(3).Select(step => step.Chosen).ShouldBe(steps.Take(3).Select(step => step.Chosen));
    }

    [Fact]
    public void ACancelledSweep_Ends()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Should.Throw<OperationCanceledException>(() =>
            SweepRunner.Run(Crosses, Stocks, StrategyCatalog.BuiltIn, workers: 2, cancellation: cancelled.Token));
    }

    [Fact]
    public void WhatIsNoSweep_IsRefused_WithEveryReason()
    {
        var spec = Crosses with
        {
            Blocks = 7, Draws = 0,
            Ranges = ImmutableSortedDictionary<string, ParameterRange>.Empty.Add("fast", new(5, 1, 1)).Add("slow", new(1, 2, 0)),
        };
        SweepTrials.Check(spec, StrategyCatalog.BuiltIn).Select(error => $"{error.Field} {error.Rule}")
            .ShouldBe(["ranges.fast range", "ranges.slow range", "draws range", "blocks even"]);
        SweepTrials.Check(Crosses with { Ranges = Crosses.Ranges.Add("speed", new(1, 2, 1)) }, StrategyCatalog.BuiltIn)
            .ShouldHaveSingleItem().Field.ShouldBe("ranges.speed");
    }
}

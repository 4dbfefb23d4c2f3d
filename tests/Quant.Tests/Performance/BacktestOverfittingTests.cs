namespace Trading.Quant.Tests;

public sealed class BacktestOverfittingTests
{
    [Fact]
    public void EveryNumber_IsThatOfTheDefinition()
    {
        var trials = Noise(trials: 7, rows: 50, seed: 5);
        var estimate = BacktestOverfitting.Of(trials, 6);
        var (ranks, winners) = ByDefinition(trials, 6);
        estimate.Combinations.ShouldBe(20);
        estimate.RowsUsed.ShouldBe(48);
        estimate.Probability.ShouldBe(ranks.Average(rank => Math.Log(rank / (1 - rank)) <= 0 ? 1.0 : 0), 1e-12);
        estimate.ProbabilityOfLoss.ShouldBe(winners.Average(one => one.Out < 0 ? 1.0 : 0), 1e-12);
        var (mean, meanOut) = (winners.Average(one => one.In), winners.Average(one => one.Out));
        estimate.DegradationSlope.ShouldNotBeNull().ShouldBe(
            winners.Sum(one => (one.In - mean) * (one.Out - meanOut)) / winners.Sum(one => Math.Pow(one.In - mean, 2)), 1e-9);
    }

    [Fact]
    public void ATrialThatIsAlwaysBetter_WasNotLuck()
    {
        var trials = Noise(20, 800, seed: 1);
        for (var i = 0; i < trials[3].Length; i++) trials[3][i] += 0.02;
        var estimate = BacktestOverfitting.Of(trials);
        estimate.Probability.ShouldBe(0);
        estimate.ProbabilityOfLoss.ShouldBe(0);
        estimate.MedianRank.ShouldBe(20 / 21.0, 1e-12);
    }

    [Fact]
    public void OfTrialsThatSumToNothing_TheBestOfOneHalfIsTheWorstOfTheOther()
    {
        var trials = Noise(10, 320, seed: 2);
        foreach (var trial in trials)
        {
            var mean = trial.Average();
            for (var i = 0; i < trial.Length; i++) trial[i] -= mean;
        }

        var estimate = BacktestOverfitting.Of(trials, 8);
        estimate.Probability.ShouldBeGreaterThan(0.9);
        estimate.ProbabilityOfLoss.ShouldBe(1);
        estimate.DegradationSlope.ShouldNotBeNull().ShouldBeLessThan(-0.5);
    }

    [Fact]
    public void AmongNoise_TheChoiceIsAsGoodAsChance() =>
        Enumerable.Range(100, 30).Average(seed => BacktestOverfitting.Of(Noise(20, 160, seed), 8).Probability)
            .ShouldBeInRange(0.4, 0.6);

    [Fact]
    public void TheOrderOfTheTrials_DoesNotMatter()
    {
        var trials = Noise(15, 100, seed: 9);
        BacktestOverfitting.Of([.. trials.Reverse()], 10).ShouldBe(BacktestOverfitting.Of(trials, 10));
    }

    [Fact]
    public void TrialsThatNeverTraded_RankAsZero()
    {
        var trials = Noise(4, 64, seed: 3).Select((trial, i) => i < 2 ? new double[64] : trial).ToArray();
        for (var i = 0; i < 64; i++) (trials[2][i], trials[3][i]) = (Math.Abs(trials[2][i]), -Math.Abs(trials[3][i]));
        var estimate = BacktestOverfitting.Of(trials, 8);
        estimate.Probability.ShouldBe(0);
        estimate.MedianRank.ShouldBe(4 / 5.0, 1e-12);
    }

    [Fact]
    public void WhatCannotBeCutIntoBlocks_IsRefused()
    {
        var fine = Noise(3, 40, seed: 4);
        Should.Throw<ArgumentException>(() => BacktestOverfitting.Of(fine, 7)).ParamName.ShouldBe("blocks");
        Should.Throw<ArgumentException>(() => BacktestOverfitting.Of(fine, 22)).ParamName.ShouldBe("blocks");
        Should.Throw<ArgumentException>(() => BacktestOverfitting.Of([fine[0]], 4)).ParamName.ShouldBe("trials");
        Should.Throw<ArgumentException>(() => BacktestOverfitting.Of([fine[0], new double[41]], 4)).ParamName.ShouldBe("trials");
        Should.Throw<ArgumentException>(() => BacktestOverfitting.Of([new double[31], new double[31]])).ParamName.ShouldBe("returns");
        fine[1][7] = double.NaN;
        Should.Throw<ArgumentException>(() => BacktestOverfitting.Of(fine, 4)).ParamName.ShouldBe("returns");
    }

    /// <summary>As the paper states it: rows in and out of sample, two-pass moments, ranks by sorting.</summary>
    static (double[] Ranks, (double In, double Out)[] Winners) ByDefinition(double[][] trials, int blocks)
    {
        var perBlock = trials[0].Length / blocks;
        var skipped = trials[0].Length - blocks * perBlock;
        var (ranks, winners) = (new List<double>(), new List<(double, double)>());
        for (var mask = 0; mask < 1 << blocks; mask++)
        {
            if (Enumerable.Range(0, blocks).Count(block => (mask >> block & 1) == 1) != blocks / 2) continue;
            double[] Ratios(int bit) =>
                [.. trials.Select(trial => Sharpe([.. trial.Skip(skipped).Where((_, i) => (mask >> i / perBlock & 1) == bit)]))];
            var (inside, outside) = (Ratios(1), Ratios(0));
            var winner = Array.IndexOf(inside, inside.Max());
            ranks.Add((outside.Order().ToList().IndexOf(outside[winner]) + 1.0) / (trials.Length + 1));
            winners.Add((inside[winner], outside[winner]));
        }

        return ([.. ranks], [.. winners]);
    }

    static double Sharpe(double[] returns)
    {
        var mean = returns.Average();
        return mean / Math.Sqrt(returns.Sum(value => (value - mean) * (value - mean)) / (returns.Length - 1));
    }

    static double[][] Noise(int trials, int rows, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, trials).Select(_ =>
            Enumerable.Range(0, rows).Select(_ => (random.NextDouble() + random.NextDouble() - 1) / 50).ToArray())];
    }
}

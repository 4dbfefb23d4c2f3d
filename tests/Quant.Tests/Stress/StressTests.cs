using FsCheck.Fluent;

namespace Trading.Quant.Tests;

public sealed class StressTests
{
    static readonly FsCheck.Gen<(double[][] Series, double[] Weights)> Sets =
        from series in RandomSeries.Of(1, 6, 1, 30)
        from weights in RandomSeries.Weights(series.Length)
        select (series.Select(one => one.Select(value => Math.Clamp(value, -1, 1)).ToArray()).ToArray(), weights);

    [Fact]
    public void Shocks_CostTheirShareOfEachWeight()
    {
        var stress = StressLoss.UnderShocks([1_000, -500], [-0.2, -0.1]);
        stress.Loss.ShouldBe(150, 1e-12);
        stress.Components.ShouldBe([200, -50], 1e-12);
        stress.Window.ShouldBeNull();
    }

    [Fact]
    public void AStretchOfHistory_Compounds_AndIsNotRebalanced()
    {
        var stress = HistoricalStress.Compounded([[-0.1, -0.1], [0.5, -0.5]], [100, 100]);
        stress.Components.ShouldBe([19, 25], 1e-12); // 1 - 0.9², and 1 - 1.5 · 0.5
        stress.Window.ShouldBe(0..2);
    }

    [Fact]
    public void TheWorstStretch_BeginsAndEndsAnywhere()
    {
        double[][] series = [[0.1, -0.1, 0.02, -0.2, 0.3]];
        var worst = HistoricalStress.Worst(series, [100], 5);
        (worst.Window, worst.Loss).ShouldBe((1..4, 100 * (1 - 0.9 * 1.02 * 0.8)), "");
        HistoricalStress.Worst(series, [100], 1).Window.ShouldBe(3..4);
        HistoricalStress.Worst(series, [-100], 5).Window.ShouldBe(4..5);
    }

    [Fact]
    public void TheWorstStretch_IsTheWorstOfAll() => Sets.Hold(set =>
    {
        var (series, weights) = set;
        var longest = Math.Max(1, series[0].Length / 2);
        var worst = HistoricalStress.Worst(series, weights, longest);
        var all = from start in Enumerable.Range(0, series[0].Length)
                  from length in Enumerable.Range(1, Math.Min(longest, series[0].Length - start))
                  select HistoricalStress.Compounded([.. series.Select(one => one[start..(start + length)])], weights).Loss;
        worst.Loss.ShouldBe(all.Max(), 1e-9);
        worst.Components.Sum().ShouldBe(worst.Loss, 1e-10);
        HistoricalStress.Worst(series, [.. weights.Select(weight => 2 * weight)], longest).Loss.ShouldBe(2 * worst.Loss, 1e-9);
    });

    [Fact]
    public void BadInput_IsRefused()
    {
        Should.Throw<ArgumentException>(() => StressLoss.UnderShocks([], [])).ParamName.ShouldBe("weights");
        Should.Throw<ArgumentException>(() => StressLoss.UnderShocks([1], [1, 2])).ParamName.ShouldBe("shocks");
        Should.Throw<ArgumentException>(() => StressLoss.UnderShocks([1], [-1.1])).ParamName.ShouldBe("shocks");
        Should.Throw<ArgumentException>(() => StressLoss.UnderShocks([double.NaN], [0])).ParamName.ShouldBe("weights");
        Should.Throw<ArgumentException>(() => HistoricalStress.Compounded([[]], [1])).ParamName.ShouldBe("series");
        Should.Throw<ArgumentException>(() => HistoricalStress.Compounded([[-2]], [1])).ParamName.ShouldBe("series");
        Should.Throw<ArgumentException>(() => HistoricalStress.Compounded([[0.1]], [double.NaN])).ParamName.ShouldBe("weights");
        Should.Throw<ArgumentException>(() => HistoricalStress.Compounded([[0.1]], [1, 2])).ParamName.ShouldBe("weights");
        Should.Throw<ArgumentException>(() => HistoricalStress.Worst([[0.1]], [1], 2)).ParamName.ShouldBe("longest");
    }
}

namespace Trading.Quant.Tests;

public sealed class HorizonTests
{
    static readonly double[] Returns = [.. Enumerable.Range(0, 60).Select(i => 0.01 * Math.Sin(i))];

    [Fact]
    public void TheSquareRootOfTime_IsSaid()
    {
        var day = HistoricalTail.Measure(Returns, 0.95);
        var ten = Horizon.SquareRootOfTime(day, 10);
        ten.ValueAtRisk.ShouldBe(day.ValueAtRisk * Math.Sqrt(10));
        ten.ExpectedShortfall.ShouldBe(day.ExpectedShortfall * Math.Sqrt(10));
        ten.Horizon.ShouldBe(new(10, HorizonRule.SquareRootOfTime));
        Should.Throw<ArgumentException>(() => Horizon.SquareRootOfTime(ten, 2)).ParamName.ShouldBe("measure");
    }

    [Fact]
    public void OverlappingRuns_AreSummedOrCompounded_AndSaid()
    {
        double[]? runs = null;
        var measure = Horizon.Overlapping(Returns, 3, HorizonRule.OverlappingSums, sums => HistoricalTail.Measure(runs = sums, 0.95));
        measure.Horizon.ShouldBe(new(3, HorizonRule.OverlappingSums));
        measure.SampleCount.ShouldBe(58);
        runs![57].ShouldBe(Returns[57] + Returns[58] + Returns[59], 1e-15);

        Horizon.Overlapping(Returns, 3, HorizonRule.OverlappingCompounds, growth => HistoricalTail.Measure(runs = growth, 0.95));
        runs[0].ShouldBe((1 + Returns[0]) * (1 + Returns[1]) * (1 + Returns[2]) - 1, 1e-15);
    }

    [Fact]
    public void AHorizonOutOfRange_IsRefused()
    {
        TailMeasure Measure(double[] runs) => HistoricalTail.Measure(runs, 0.95);
        Should.Throw<ArgumentException>(() => Horizon.SquareRootOfTime(Measure(Returns), 0)).ParamName.ShouldBe("periods");
        Should.Throw<ArgumentException>(() => Horizon.Overlapping(Returns, 61, HorizonRule.OverlappingSums, Measure)).ParamName.ShouldBe("periods");
        Should.Throw<ArgumentException>(() => Horizon.Overlapping(Returns, 5, HorizonRule.SquareRootOfTime, Measure)).ParamName.ShouldBe("rule");
    }
}

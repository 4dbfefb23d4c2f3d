using FsCheck.Fluent;

namespace Trading.Quant.Tests;

public sealed class DrawdownRiskTests
{
    static readonly FsCheck.Gen<double[]> Paths =
        from count in Gen.Choose(21, 400)
        from steps in Gen.Choose(-90, 100).ArrayOf(count)
        select DrawdownRisk.Compound([.. steps.Select(step => step / 1000.0)]);

    [Fact]
    public void AFall_IsCountedFromItsPeak_NotFromTheStart()
    {
        double[] equity = [100, 120, 150, 90, 120, 150, 200, 180, 210, 170];
        DrawdownRisk.Falls(equity).ShouldBe(
        [
            new(0.4, 2, 3, 5),
            new(1 - 180.0 / 200, 6, 7, 8),
            new(1 - 170.0 / 210, 8, 9, null),
        ]);
    }

    [Fact]
    public void TheAverages_RunOverTime()
    {
        // Half of the path a quarter below its peak, and one period a half.
        double[] equity = [1, .. Enumerable.Repeat(4.0, 9), .. Enumerable.Repeat(3.0, 10), 2];
        var measure = DrawdownRisk.Measure(equity, 0.9);
        measure.SampleCount.ShouldBe(20);
        measure.Maximum.ShouldBe(new(0.5, 9, 20, null));
        measure.Average.ShouldBe((10 * 0.25 + 0.5) / 20, 1e-15);
        measure.UlcerIndex.ShouldBe(Math.Sqrt((10 * 0.0625 + 0.25) / 20), 1e-15);
        measure.AtRisk.ShouldBe(0.25, 1e-15);
        measure.ConditionalAtRisk.ShouldBe((0.5 + 0.25) / 2, 1e-15);
    }

    [Fact]
    public void APathThatNeverFalls_HasNoDrawdown()
    {
        var measure = DrawdownRisk.Measure([.. Enumerable.Range(1, 30).Select(i => (double)i)], 0.95);
        measure.Maximum.ShouldBeNull();
        (measure.Average, measure.UlcerIndex, measure.AtRisk, measure.ConditionalAtRisk).ShouldBe((0, 0, 0, 0));
    }

    [Fact]
    public void TheMeasures_AreOrdered_AndDoNotDependOnTheUnitOfEquity() => Paths.Hold(equity =>
    {
        var measure = DrawdownRisk.Measure(equity, 0.95);
        var maximum = measure.Maximum?.Depth ?? 0;
        const double Slack = 1e-12;
        measure.AtRisk.ShouldBeLessThanOrEqualTo(measure.ConditionalAtRisk);
        measure.ConditionalAtRisk.ShouldBeLessThanOrEqualTo(maximum + Slack);
        measure.Average.ShouldBeInRange(0, measure.ConditionalAtRisk + Slack);
        measure.UlcerIndex.ShouldBeInRange(measure.Average - Slack, maximum + Slack);
        DrawdownRisk.Measure([.. equity.Select(value => 8 * value)], 0.95).ShouldBe(measure);
    });

    [Fact]
    public void APathOfReturns_StartsAtOne() => DrawdownRisk.Compound([0.5, -0.5]).ShouldBe([1, 1.5, 0.75]);

    [Fact]
    public void WhatIsNoPath_IsRefused()
    {
        double[] fine = [.. Enumerable.Range(1, 30).Select(i => (double)i)];
        Should.Throw<ArgumentException>(() => DrawdownRisk.Measure(fine, 1)).ParamName.ShouldBe("confidence");
        Should.Throw<ArgumentException>(() => DrawdownRisk.Measure(fine.AsSpan(0, 20), 0.95)).ParamName.ShouldBe("equity");
        Should.Throw<ArgumentException>(() => DrawdownRisk.Measure([.. fine, 0], 0.95)).ParamName.ShouldBe("equity");
        Should.Throw<ArgumentException>(() => DrawdownRisk.Measure([.. fine, double.NaN], 0.95)).ParamName.ShouldBe("equity");
        Should.Throw<ArgumentException>(() => DrawdownRisk.Compound([0.1, -1])).ParamName.ShouldBe("returns");
    }
}

namespace Trading.Quant.Tests;

public sealed class ScenarioCorrelationTests
{
    static readonly double[] Unit = [1, -2, 3, 0.5, -1.5, 2];
    static readonly double[] Rest = [2, 1, -1, 0.25, -3, 4];

    [Fact]
    public void Correlation_LeavesOutWhatIsHeldOfTheThingItself()
    {
        var whole = Rest.Zip(Unit, (rest, unit) => rest + (7 * unit)).ToArray();
        ScenarioCorrelation.WithRest(whole, Unit, 7).ShouldBe(ScenarioCorrelation.WithRest(Rest, Unit, 0), 1e-12);
        ScenarioCorrelation.WithRest(Rest, Unit, 0).ShouldBe(Pearson(Rest, Unit), 1e-12);
    }

    [Fact]
    public void Twins_CorrelateFully_OppositesInReverse_AndWhatStandsStillNotAtAll()
    {
        ScenarioCorrelation.WithRest(Unit, Unit, 0).ShouldBe(1, 1e-15);
        ScenarioCorrelation.WithRest([.. Unit.Select(x => -3 * x)], Unit, 0).ShouldBe(-1, 1e-15);
        ScenarioCorrelation.WithRest([5, 5, 5, 5, 5, 5], Unit, 0).ShouldBe(0);
    }

    [Fact]
    public void Vectors_ThatDifferInLength_AreEmpty_OrNotFinite_AreRefused()
    {
        Should.Throw<ArgumentException>(() => ScenarioCorrelation.WithRest([1], Unit, 0));
        Should.Throw<ArgumentException>(() => ScenarioCorrelation.WithRest([], [], 0));
        Should.Throw<ArgumentException>(() => ScenarioCorrelation.WithRest([1, double.NaN], [1, 2], 0));
    }

    static double Pearson(double[] x, double[] y)
    {
        var (mx, my) = (x.Average(), y.Average());
        var both = x.Zip(y, (a, b) => (a - mx) * (b - my)).Sum();
        return both / Math.Sqrt(x.Sum(a => (a - mx) * (a - mx)) * y.Sum(b => (b - my) * (b - my)));
    }
}

namespace Trading.Quant.Tests;

public sealed class AreaInfluenceTests
{
    static (double[] Scores, bool[] Rises) Sample(Random random, int count, double skill)
    {
        bool[] rises = [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() < 0.4)];
        return ([.. rises.Select(rise => Math.Round((rise ? skill : 0) + random.NextDouble(), 2))], rises);
    }

    static double Area(double[] scores, bool[] rises) =>
        ClassificationScores.Of([.. scores.Select(score => score / 2)], rises).AreaUnderCurve!.Value;

    static double Error(double[] influence) => Math.Sqrt(influence.Sum(value => value * value)) / influence.Length;

    [Fact]
    public void TheSquaredError_IsThatOfDeLong_FromEveryPair()
    {
        var (scores, rises) = Sample(new(1), 120, skill: 0.3);
        double[] up = [.. scores.Where((_, i) => rises[i])], down = [.. scores.Where((_, i) => !rises[i])];
        static double Wins(double one, double other) => (1 + one.CompareTo(other)) / 2.0;
        double[] ofUp = [.. up.Select(one => down.Average(other => Wins(one, other)))];
        double[] ofDown = [.. down.Select(other => up.Average(one => Wins(one, other)))];
        var area = ofUp.Average();
        static double Variance(double[] values) => values.Average(value => Math.Pow(value - values.Average(), 2));
        var influence = AreaInfluence.Of(scores, rises)!;
        influence.Sum().ShouldBe(0, 1e-9);
        Error(influence).ShouldBe(Math.Sqrt(Variance(ofUp) / up.Length + Variance(ofDown) / down.Length), 1e-12);
        Area(scores, rises).ShouldBe(area, 1e-12);
    }

    [Fact]
    public void TheError_IsWhatAreasScatterBy()
    {
        var random = new Random(2);
        List<double> areas = [], errors = [];
        for (var i = 0; i < 400; i++)
        {
            var (scores, rises) = Sample(random, 200, skill: 0.3);
            areas.Add(Area(scores, rises));
            errors.Add(Error(AreaInfluence.Of(scores, rises)!));
        }

        var mean = areas.Average();
        errors.Average().ShouldBe(Math.Sqrt(areas.Average(area => (area - mean) * (area - mean))), 0.004);
    }

    [Fact]
    public void OneOutcome_HasNoArea_AndBadInputIsRefused()
    {
        AreaInfluence.Of([0.1, 0.2], [true, true]).ShouldBeNull();
        Should.Throw<ArgumentException>(() => AreaInfluence.Of([0.1], [true, false]));
        Should.Throw<ArgumentException>(() => AreaInfluence.Of([double.NaN, 1], [true, false]));
    }
}

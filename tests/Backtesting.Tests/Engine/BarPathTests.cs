namespace Trading.Backtests.Tests;

public sealed class BarPathTests
{
    static BarPath Path(IntrabarPath rule) => new(100, 130, 80, 110, rule);

    [Fact]
    public void ThePath_GoesToTheNearerExtremeFirst()
    {
        Path(IntrabarPath.NearestFirst).At(1 / 3.0).ShouldBe(80);
        Path(IntrabarPath.HighFirst).At(1 / 3.0).ShouldBe(130);
        new BarPath(100, 105, 80, 90, IntrabarPath.NearestFirst).At(1 / 3.0).ShouldBe(105);
    }

    [Fact]
    public void ThePath_BeginsAndEndsWithOpenAndClose()
    {
        var path = Path(IntrabarPath.LowFirst);
        (path.At(0), path.At(1 / 6.0), path.At(0.5), path.At(1)).ShouldBe((100, 90, 105, 110));
    }

    [Fact]
    public void ALevel_IsReachedWhereThePathCrossesIt()
    {
        var path = Path(IntrabarPath.LowFirst);
        path.Reaches(90, upwards: false, 0).ShouldNotBeNull().ShouldBe(1 / 6.0, 1e-12);
        path.Reaches(105, upwards: true, 0).ShouldNotBeNull().ShouldBe(0.5, 1e-12);
        path.Reaches(105, upwards: true, 0.6).ShouldBe(0.6);
        path.Reaches(90, upwards: false, 0.5).ShouldBeNull();
        path.Reaches(131, upwards: true, 0).ShouldBeNull();
    }

    [Fact]
    public void Whatever_IsReached_ThePathIsThere()
    {
        var random = new Random(8);
        for (var round = 0; round < 2_000; round++)
        {
            var (low, high) = (random.Next(1, 500_000), random.Next(500_000, 1_000_000));
            var path = new BarPath(random.Next(low, high + 1), high, low, random.Next(low, high + 1), (IntrabarPath)random.Next(3));
            var (level, upwards, from) = (random.Next(1, 1_000_000), random.Next(2) == 0, random.NextDouble());
            var reached = path.Reaches(level, upwards, from);
            var ahead = Enumerable.Range(0, 1_001).Select(i => from + (1 - from) * i / 1_000.0).Where(place => upwards ? path.At(place) >= level : path.At(place) <= level);
            if (reached is not { } place)
            {
                ahead.ShouldBeEmpty();
                continue;
            }

            place.ShouldBeInRange(from, 1);
            ((double)path.At(place)).ShouldBe(upwards ? Math.Max(level, path.At(place)) : Math.Min(level, path.At(place)), 1.0);
            ahead.All(later => later >= place - 2e-3).ShouldBeTrue();
        }
    }
}

namespace Trading.Quant.Tests;

/// <summary>Rolling forms against the plain definition on the window, taken afresh each time.</summary>
public sealed class RollingTests
{
    const int Count = 1_000, Length = 37;
    static readonly double[] X = Values(1), Y = Values(2);

    static double[] Values(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, Count).Select(_ => Math.Round(random.NextDouble() - 0.45, 2))]; // with ties
    }

    static IEnumerable<(int At, double[] X, double[] Y)> Windows() => Enumerable.Range(Length - 1, Count - Length + 1)
        .Select(at => (at, X[(at - Length + 1)..(at + 1)], Y[(at - Length + 1)..(at + 1)]));

    static double Mean(double[] values) => values.Sum() / values.Length;
    static double Moment(double[] values, int power) => values.Sum(value => Math.Pow(value - Mean(values), power)) / values.Length;
    static double Covariance(double[] x, double[] y) => x.Zip(y, (a, b) => (a - Mean(x)) * (b - Mean(y))).Sum() / x.Length;

    [Fact]
    public void Moments_AndShape_AreThoseOfTheWindow()
    {
        var (moments, shape) = (new RollingMoments(Length), new RollingShape(Length));
        var at = 0;
        foreach (var (end, x, _) in Windows())
        {
            for (; at <= end; at++)
            {
                moments.Add(X[at]);
                shape.Add(X[at]);
            }

            moments.Mean.ShouldBe(Mean(x), 1e-13);
            moments.PopulationDeviation.ShouldBe(Math.Sqrt(Moment(x, 2)), 1e-12);
            moments.SampleVariance.ShouldBe(Moment(x, 2) * Length / (Length - 1), 1e-12);
            shape.Shape!.Value.Skewness.ShouldBe(Moment(x, 3) / Math.Pow(Moment(x, 2), 1.5), 1e-9);
            shape.Shape.Value.ExcessKurtosis.ShouldBe(Moment(x, 4) / Math.Pow(Moment(x, 2), 2) - 3, 1e-9);
        }
    }

    [Fact]
    public void Comovement_IsThatOfTheWindow()
    {
        var rolling = new RollingComovement(Length);
        for (var i = 0; i < Length - 1; i++)
            rolling.Add(X[i], Y[i]);
        foreach (var (at, x, y) in Windows())
        {
            rolling.Add(X[at], Y[at]);
            var expected = Comovement.Of(y, x);
            rolling.Slope!.Value.ShouldBe(expected.Beta!.Value, 1e-10);
            rolling.Correlation!.Value.ShouldBe(expected.Correlation!.Value, 1e-10);
            rolling.Covariance.ShouldBe(Covariance(x, y), 1e-12);
            rolling.ResidualVariance!.Value.ShouldBe(Moment(y, 2) * (1 - Math.Pow(expected.Correlation.Value, 2)), 1e-12);
        }
    }

    [Fact]
    public void ExtremesAndRanks_AreThoseOfTheWindow_AndTheNewestOfEqualsCounts()
    {
        var (maximum, minimum, rank) = (new RollingMaximum(Length), new RollingMinimum(Length), new RollingRank(Length));
        for (var i = 0; i < Count; i++)
        {
            maximum.Add(X[i]);
            minimum.Add(X[i]);
            var ranked = rank.Add(X[i]);
            if (i < Length - 1) continue;
            var x = X[(i - Length + 1)..(i + 1)];
            (maximum.Value, minimum.Value).ShouldBe((x.Max(), x.Min()));
            (maximum.Age, minimum.Age).ShouldBe((Length - 1 - Array.LastIndexOf(x, x.Max()), Length - 1 - Array.LastIndexOf(x, x.Min())));
            ranked.ShouldBe(x[..^1].Sum(value => value < x[^1] ? 1 : value == x[^1] ? 0.5 : 0) / (Length - 1), 1e-12);
        }
    }

    [Fact]
    public void TrendLine_IsTheLeastSquaresLineOfTheWindow()
    {
        var line = new TrendLine(Length);
        double[] places = [.. Enumerable.Range(0, Length).Select(i => (double)i)];
        for (var i = 0; i < Length - 1; i++)
            line.Add(X[i]);
        foreach (var (at, x, _) in Windows())
        {
            line.Add(X[at]);
            var expected = Comovement.Of(x, places);
            line.Line!.Value.Slope.ShouldBe(expected.Beta!.Value, 1e-10);
            line.Line.Value.Explained.ShouldBe(Math.Pow(expected.Correlation!.Value, 2), 1e-10);
        }
    }

    [Fact]
    public void WhereNothingMoves_NothingIsMadeUp()
    {
        var (moments, shape, pair, line, maximum) =
            (new RollingMoments(5), new RollingShape(5), new RollingComovement(5), new TrendLine(5), new RollingMaximum(5));
        for (var i = 0; i < 12; i++)
        {
            moments.Add(0.1);
            shape.Add(0.1);
            pair.Add(0.1, X[i]);
            line.Add(0.1);
            maximum.Add(0.1);
        }

        (moments.PopulationVariance, shape.Shape, pair.Slope, pair.Correlation, line.Line, maximum.Age)
            .ShouldBe((0, null, null, null, null, 0));
    }

    [Fact]
    public void RoundingDoesNotAddUp_OverAMillionValues()
    {
        var moments = new RollingMoments(20);
        for (var i = 0; i < 1_000_000; i++)
            moments.Add(1e6 + X[i % Count]);
        double[] window = [.. Enumerable.Range(999_980, 20).Select(i => 1e6 + X[i % Count])];
        moments.Mean.ShouldBe(Mean(window), 1e-8);
    }

    [Fact]
    public void Window_IsNewestFirst_AndOfPositiveLength()
    {
        var window = new RollingWindow(3);
        foreach (var value in (double[])[1, 2, 3, 4])
            window.Add(value);
        (window[0], window[1], window[2], window.IsFull).ShouldBe((4, 3, 2, true));
        Should.Throw<ArgumentException>(() => new RollingWindow(0));
    }

    [Fact]
    public void CorwinSchultz_FindsTheSpreadOfAStandingMarket()
    {
        // Trades at bid and ask of 99 and 101 on two days that do not move: the spread is 2 %.
        RangeVolatility.CorwinSchultzSpread(101, 99, 101, 99).ShouldBe(2 * (101.0 - 99) / (101 + 99), 1e-4);
        RangeVolatility.CorwinSchultzSpread(110, 100, 100, 90).ShouldBe(0);
    }
}

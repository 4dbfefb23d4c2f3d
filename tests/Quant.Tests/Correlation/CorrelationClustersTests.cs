using FsCheck.Fluent;

namespace Trading.Quant.Tests;

public sealed class CorrelationClustersTests
{
    [Fact]
    public void Groups_AreThoseWhoseMeanDistanceIsSmall()
    {
        // 0, 2 and 4 belong together, so do 1 and 3; 5 is alone; 6 never moves.
        var correlation = Correlations(7, (i, j) => i % 2 == j % 2 ? 0.9 : 0.1, constant: 6, alone: 5);
        var clusters = CorrelationClusters.Of(correlation, 0.7);
        clusters.Groups.Select(group => string.Join(' ', group)).ShouldBe(["0 2 4", "1 3", "5"]);
        clusters.Unknown.ShouldBe([6]);
    }

    [Fact]
    public void ACloseChain_DoesNotTieItsEndsTogether()
    {
        // Neighbours are correlated by 0.8; with single linkage all ten would be one group at 0.7.
        var correlation = Correlations(10, (i, j) => Math.Pow(0.8, Math.Abs(i - j)));
        var clusters = CorrelationClusters.Of(correlation, 0.7);
        clusters.Groups.Length.ShouldBeGreaterThan(1);
        clusters.Groups.ShouldAllBe(group => group.Length < 5);
    }

    [Fact]
    public void Groups_AreThoseOfJoiningTheNearestPairEachTime() =>
        (from series in RandomSeries.Of(1, 24, 12, 40) from least in Gen.Choose(-5, 9) select (series, least / 10.0)).Hold(sample =>
        {
            var correlation = CorrelationMatrix.Of(Covariance.Sample(sample.series).Matrix);
            var clusters = CorrelationClusters.Of(correlation, sample.Item2);
            clusters.Groups.Select(group => string.Join(' ', group)).ShouldBe(ByDefinition(correlation, sample.Item2));
        });

    [Fact]
    public void AtTheEnds_EveryVariableIsAlone_OrAllAreTogether()
    {
        var correlation = CorrelationMatrix.Of(Covariance.Sample(RandomSeries.Draw(new Random(5), 12, 60)).Matrix);
        CorrelationClusters.Of(correlation, 1).Groups.Length.ShouldBe(12);
        CorrelationClusters.Of(correlation, -1).Groups.Length.ShouldBe(1);
        Should.Throw<ArgumentException>(() => CorrelationClusters.Of(correlation, 1.1)).ParamName.ShouldBe("leastCorrelation");
        Should.Throw<ArgumentException>(() => CorrelationClusters.Of(correlation, double.NaN));
    }

    static IEnumerable<string> ByDefinition(CorrelationMatrix correlation, double least)
    {
        var groups = correlation.Known.Select(variable => new List<int> { variable }).ToList();
        while (groups.Count > 1)
        {
            var (distance, one, other) = (from i in Enumerable.Range(0, groups.Count) from j in Enumerable.Range(0, i)
                                          select ((from a in groups[i] from b in groups[j] select Math.Sqrt((1 - correlation[a, b]!.Value) / 2)).Average(), i, j)).Min();
            if (distance > Math.Sqrt((1 - least) / 2)) break;
            groups[other].AddRange(groups[one]);
            groups.RemoveAt(one);
        }

        return groups.Select(group => group.Order().ToArray()).OrderBy(group => group[0]).Select(group => string.Join(' ', group));
    }

    static CorrelationMatrix Correlations(int order, Func<int, int, double> correlation, int constant = -1, int alone = -1)
    {
        var values = new double[order * order];
        for (var i = 0; i < order; i++)
            for (var j = 0; j < order; j++)
                values[i * order + j] = i == constant || j == constant ? 0 : i == j ? 1 : i == alone || j == alone ? 0.05 : correlation(i, j);
        return CorrelationMatrix.Of(SymmetricMatrix.Of(values, order));
    }
}

using FsCheck;
using FsCheck.Fluent;

namespace Trading.Quant.Tests;

/// <summary>What holds for every measure and both models.</summary>
public sealed class AttributionTests
{
    delegate RiskAttribution Attribute(double[][] series, double[] weights, double confidence);

    static readonly Gen<(double[][] Series, double[] Weights, double Confidence)> Sets =
        from series in RandomSeries.Of(1, 12, 20, 200)
        from weights in RandomSeries.Weights(series.Length)
        from confidence in Gen.Elements(0.9, 0.95, 0.975, 0.99)
        where weights.Any(weight => weight != 0)
        select (series, weights, confidence);

    static IEnumerable<Attribute> All =>
        from measure in Enum.GetValues<LossMeasure>()
        from attribute in (Attribute[])
        [
            (series, weights, confidence) => HistoricalAttribution.Of(measure, series, weights, confidence),
            (series, weights, confidence) => GaussianAttribution.Of(measure, Covariance.Sample(series).Matrix, Means(series), weights, confidence),
        ]
        select attribute;

    [Fact]
    public void Components_SumToTheWhole() => Sets.Hold(set =>
    {
        foreach (var attribute in All)
        {
            var parts = attribute(set.Series, set.Weights, set.Confidence);
            parts.Components.Sum().ShouldBe(parts.Whole, 1e-10 * Math.Max(1, Math.Abs(parts.Whole)));
            if (parts.Whole != 0) Enumerable.Range(0, set.Weights.Length).Sum(i => parts.Share(i)!.Value).ShouldBe(1, 1e-9 + 1e-10 / Math.Abs(parts.Whole));
        }
    });

    [Fact]
    public void TwiceTheWeights_TwiceTheLoss_AndTheSameMarginals() => Sets.Hold(set =>
    {
        double[] twice = [.. set.Weights.Select(weight => 2 * weight)];
        foreach (var attribute in All)
        {
            var (one, two) = (attribute(set.Series, set.Weights, set.Confidence), attribute(set.Series, twice, set.Confidence));
            two.Whole.ShouldBe(2 * one.Whole);
            two.Marginal.ShouldBe(one.Marginal);
            two.Components.ShouldBe(one.Components.Select(component => 2 * component));
        }
    });

    [Fact]
    public void ReorderedTerms_ReorderTheComponents() => Sets.Hold(set =>
    {
        double[][] series = [.. set.Series.Reverse()];
        double[] weights = [.. set.Weights.Reverse()];
        foreach (var attribute in All)
        {
            var (straight, reversed) = (attribute(set.Series, set.Weights, set.Confidence), attribute(series, weights, set.Confidence));
            reversed.Whole.ShouldBe(straight.Whole, 1e-11);
            reversed.Components.Reverse().ShouldBe(straight.Components, 1e-11);
        }
    });

    [Fact]
    public void AnIncrement_IsTheDifferenceOfTheWholes() => Sets.Hold(set =>
    {
        double[] change = [.. set.Weights.Select((weight, i) => i % 2 == 0 ? 0.3 - weight : 0.25)];
        double[] changed = [.. set.Weights.Zip(change, (weight, more) => weight + more)];
        foreach (var measure in Enum.GetValues<LossMeasure>())
        {
            var covariance = Covariance.Sample(set.Series).Matrix;
            var gaussian = GaussianAttribution.Increment(measure, covariance, Means(set.Series), set.Weights, change, set.Confidence);
            gaussian.Before.ShouldBe(GaussianAttribution.Of(measure, covariance, Means(set.Series), set.Weights, set.Confidence).Whole);
            gaussian.After.ShouldBe(GaussianAttribution.Of(measure, covariance, Means(set.Series), changed, set.Confidence).Whole);
            var historical = HistoricalAttribution.Increment(measure, set.Series, set.Weights, change, set.Confidence);
            historical.Before.ShouldBe(HistoricalAttribution.Of(measure, set.Series, set.Weights, set.Confidence).Whole);
            historical.Change.ShouldBe(HistoricalAttribution.Of(measure, set.Series, changed, set.Confidence).Whole - historical.Before);
        }
    });

    [Fact]
    public void AMarginal_IsTheIncrementOfASmallChange() => Sets.Hold(set =>
    {
        var covariance = Covariance.Sample(set.Series).Matrix;
        foreach (var measure in Enum.GetValues<LossMeasure>())
            for (var i = 0; i < set.Weights.Length; i++)
            {
                var change = new double[set.Weights.Length];
                change[i] = 1e-6;
                var marginal = GaussianAttribution.Of(measure, covariance, [], set.Weights, set.Confidence).Marginal[i];
                var increment = GaussianAttribution.Increment(measure, covariance, [], set.Weights, change, set.Confidence);
                (increment.Change / 1e-6).ShouldBe(marginal, 1e-2 * Math.Max(1e-3, Math.Abs(marginal)));
            }
    });

    [Fact]
    public void AnEmptySet_HasNoLoss_AndCannotBeAttributedByDerivatives()
    {
        var covariance = SymmetricMatrix.Of([1, 0, 0, 1], 2);
        GaussianAttribution.Increment(LossMeasure.ValueAtRisk, covariance, [], [0, 0], [1, 0], 0.95).Before.ShouldBe(0);
        Should.Throw<ArgumentException>(() => GaussianAttribution.Of(LossMeasure.ValueAtRisk, covariance, [], [0, 0], 0.95)).ParamName.ShouldBe("weights");
        var empty = HistoricalAttribution.Of(LossMeasure.ValueAtRisk, [new double[20]], [1], 0.95);
        (empty.Whole, empty.Share(0)).ShouldBe((0, null));
    }

    [Fact]
    public void BadInput_IsRefused()
    {
        var covariance = SymmetricMatrix.Of([1, 0, 0, 1], 2);
        double[][] series = [[.. Enumerable.Range(0, 30).Select(i => (double)i)]];
        Refused("weights", () => GaussianAttribution.Of(LossMeasure.ValueAtRisk, covariance, [], [1], 0.95));
        Refused("means", () => GaussianAttribution.Of(LossMeasure.ValueAtRisk, covariance, [1], [1, 1], 0.95));
        Refused("means", () => GaussianAttribution.Of(LossMeasure.ValueAtRisk, covariance, [1, double.NaN], [1, 1], 0.95));
        Refused("confidence", () => GaussianAttribution.Of(LossMeasure.ValueAtRisk, covariance, [], [1, 1], 1));
        Refused("change", () => GaussianAttribution.Increment(LossMeasure.ValueAtRisk, covariance, [], [1, 1], [1], 0.95));
        Refused("weights", () => HistoricalAttribution.Of(LossMeasure.ValueAtRisk, series, [1, 2], 0.95));
        Refused("series", () => HistoricalAttribution.Of(LossMeasure.ValueAtRisk, [[1, 2]], [1], 0.95));
        Refused("weights", () => GaussianAttribution.Of(LossMeasure.ValueAtRisk, covariance, [], [1, double.NaN], 0.95));
        Refused("weights", () => HistoricalAttribution.Of(LossMeasure.ValueAtRisk, series, [double.PositiveInfinity], 0.95));
        Refused("confidence", () => HistoricalAttribution.Of(LossMeasure.ExpectedShortfall, series, [1], double.NaN));
        Refused("series", () => HistoricalAttribution.Of(LossMeasure.ExpectedShortfall, [[.. series[0], double.NaN]], [0], 0.95));
    }

    static void Refused(string name, Action action) => Should.Throw<ArgumentException>(action).ParamName.ShouldBe(name);

    static double[] Means(double[][] series) => [.. series.Select(one => one.Average())];
}

using FsCheck.Fluent;

namespace Trading.Quant.Tests;

public sealed class ClassificationScoresTests
{
    [Fact]
    public void Scores_OfAWorkedExample()
    {
        var scores = ClassificationScores.Of([0.9, 0.4, 0.6, 0.2], [true, true, false, false]);
        scores.Accuracy.ShouldBe(0.5);
        scores.LogLoss.ShouldBe(-(Math.Log(0.9) + Math.Log(0.4) + Math.Log(0.4) + Math.Log(0.8)) / 4, 1e-15);
        scores.BrierScore.ShouldBe((0.01 + 0.36 + 0.36 + 0.04) / 4, 1e-15);
        scores.AreaUnderCurve.ShouldBe(0.75); // three of the four pairs stand in the right order
    }

    [Fact]
    public void AreaUnderCurve_IsTheShareOfPairsInTheRightOrder_TiesCountingHalf() =>
        (from count in Gen.Choose(2, 80)
         from probabilities in Gen.Choose(0, 10).Select(value => value / 10.0).ArrayOf(count)
         from outcomes in Gen.Elements(true, false).ArrayOf(count)
         select (probabilities, outcomes)).Hold(sample =>
        {
            var (probabilities, outcomes) = sample;
            var all = probabilities.Zip(outcomes).ToArray();
            double[] pairs = [.. from yes in all where yes.Second from no in all where !no.Second select (1 + yes.First.CompareTo(no.First)) / 2.0];
            var area = ClassificationScores.Of(probabilities, outcomes).AreaUnderCurve;
            if (pairs.Length == 0)
                area.ShouldBeNull();
            else
                area!.Value.ShouldBe(pairs.Average(), 1e-12);
        });

    [Fact]
    public void AreaUnderCurve_OfManyTies_StaysAShare()
    {
        double[] probabilities = [.. Enumerable.Range(0, 100_000).Select(i => i % 4 == 0 ? 0.25 : 0.75)];
        bool[] outcomes = [.. Enumerable.Range(0, 100_000).Select(i => i % 2 == 0)];
        // Of the yes half are low and half are high; of the no all are high.
        ClassificationScores.Of(probabilities, outcomes).AreaUnderCurve.ShouldBe(0.25);
    }

    [Fact]
    public void ACertainAndWrongForecast_IsExpensive_NotInfinite() =>
        ClassificationScores.Of([1], [false]).LogLoss.ShouldBe(-Math.Log(ClassificationScores.LeastProbability), 1e-9);

    [Fact]
    public void BadInput_IsRefused()
    {
        Should.Throw<ArgumentException>(() => ClassificationScores.Of([], []));
        Should.Throw<ArgumentException>(() => ClassificationScores.Of([0.5], [true, false]));
        foreach (var probability in (double[])[-0.1, 1.1, double.NaN])
            Should.Throw<ArgumentException>(() => ClassificationScores.Of([probability], [true]));
    }
}

using Trading.Quant;

namespace Trading.Learning.Tests;

public sealed class PermutationTests
{
    static readonly Sample Train = Planted.Of(1_500, 5, telling: 1, signal: 0.3, seed: 61);
    static readonly Sample Test = Planted.Of(1_500, 5, telling: 1, signal: 0.3, seed: 62);

    static readonly FoldModel Model = FoldTraining.Learn(Train, Runs.Spec, [new LogisticTrainer(10)], CancellationToken.None);

    static Dictionary<string, double> Importance(int seed) =>
        Permutation.Importance(Model, Test, seed, CancellationToken.None).ToDictionary(pair => pair.Name, pair => pair.Growth);

    [Fact]
    public void WithoutTheFeatureThatTells_TheLossGrows_WithoutNoiseItDoesNot()
    {
        var growth = Importance(seed: 1);
        growth.Count.ShouldBe(5);
        growth["signal_0"].ShouldBeGreaterThan(0.02);
        growth.Where(pair => pair.Key != "signal_0").ShouldAllBe(pair => Math.Abs(pair.Value) < 0.005);
    }

    [Fact]
    public void TheGrowth_IsThatOfTheLoss_WithThatColumnAloneExchanged()
    {
        int[] order = [.. Enumerable.Range(0, Test.Count)];
        new Random(3).Shuffle(order);
        var exchanged = Test.Column(0);
        var values = Test.Values.ToArray();
        for (var row = 0; row < order.Length; row++)
            values[row * 5] = exchanged[order[row]];
        double Loss(Sample rows) => ClassificationScores.Of(Model.Probabilities(rows), rows.Outcomes()).LogLoss;
        Importance(seed: 3)["signal_0"].ShouldBe(
            Loss(new(Test.Columns, values, Test.Labels, Test.Weights, Test.Symbols)) - Loss(Test), 1e-12);
    }
}

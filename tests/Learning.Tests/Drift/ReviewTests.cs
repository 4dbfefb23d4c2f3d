using Trading.Quant;

namespace Trading.Learning.Tests;

public sealed class ReviewTests
{
    static readonly Sample Train = Planted.Of(900, 6, telling: 2, signal: 0.4, seed: 51);
    static readonly Predictor Model = new(Runs.Of(Train).Report!.Model, [new LogisticTrainer()], Runs.Names(Train));

    static Sample Later(int rows, int telling, double signal, int seed, double shift = 0)
    {
        var sample = Planted.Of(rows, 6, telling, signal, seed);
        return new(sample.Columns, [.. sample.Values.ToArray().Select(value => value + shift)], sample.Labels, sample.Weights, sample.Symbols);
    }

    [Fact]
    public void TheSameWorld_IsNoDrift()
    {
        var drift = ModelReview.Drift(Model, Later(400, 2, 0.4, seed: 52));
        (drift.Act, drift.Decayed, drift.DriftedShare).ShouldBe((false, false, 0));
        drift.Scores!.Value.ShouldBeLessThan(PopulationStability.Act);
        drift.SameScores!.Value.ShouldBeGreaterThan(0.001);
        Math.Abs(drift.CalibrationError!.Value).ShouldBeLessThan(3);
    }

    [Fact]
    public void InputsThatMoved_AreNamed_TheMostMovedFirst()
    {
        var drift = ModelReview.Drift(Model, Later(400, 2, 0.4, seed: 53, shift: 2));
        (drift.Act, drift.DriftedShare).ShouldBe((true, 1));
        drift.Features.Select(feature => feature.Index).ShouldBe(drift.Features.Select(feature => feature.Index).OrderDescending());
        drift.SameScores!.Value.ShouldBeLessThan(0.001);
    }

    [Fact]
    public void ASignalThatIsGone_IsDecay_OnceTheWholeBandIsAboveWhatWasExpected()
    {
        var drift = ModelReview.Drift(Model, Later(1_500, 2, -0.4, seed: 54));
        (drift.Decayed, drift.Act, drift.DriftedShare).ShouldBe((true, true, 0));
        drift.Loss!.Value.Low.ShouldBeGreaterThan(drift.ExpectedLoss);
    }

    [Fact]
    public void TooFewRows_SayNothing()
    {
        var drift = ModelReview.Drift(Model, Later(DriftReport.LeastRows - 1, 2, 0.4, seed: 55));
        (drift.Scores, drift.Loss, drift.Act).ShouldBe((null, null, false));
    }

    [Fact]
    public void OfTwoModels_TheOneThatKnows_IsBetter()
    {
        var blind = new Predictor(Runs.Of(Planted.Of(900, 6, 0, 0, seed: 56)).Report!.Model, [new LogisticTrainer()],
            [.. Enumerable.Range(0, 6).Select(i => $"noise_{i}@1")]);
        var later = Later(400, 2, 0.4, seed: 57);
        ModelReview.Compare(Model, blind, later, 20)!.Value.PValueBetter.ShouldBeLessThan(0.01);
        ModelReview.Compare(blind, Model, later, 20)!.Value.PValueBetter.ShouldBeGreaterThan(0.99);
        ModelReview.Compare(Model, Model, later, 20).ShouldBeNull();
        ModelReview.Compare(Model, blind, later, leastRows: 401).ShouldBeNull();
    }

    [Fact]
    public void Since_LeavesOutWhatAModelHasSeen() => ModelReview.Since(Train, Model).Count.ShouldBe(0);
}

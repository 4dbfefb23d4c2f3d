namespace Trading.Learning.Tests;

public sealed class TrainerTests
{
    static readonly Sample Sample = Planted.Of(1_200, 12, telling: 3, signal: 0.5, seed: 1);

    public static TheoryData<string> Methods => [.. Trainers.All.Select(trainer => trainer.Method)];

    static IModelTrainer Trainer(string method) => Trainers.All.Single(trainer => trainer.Method == method);

    static double[] Scores(IFittedModel model, Sample sample)
    {
        var scores = new double[sample.Count];
        model.Score(sample.Values, scores);
        return scores;
    }

    [Theory, MemberData(nameof(Methods))]
    public void ASignal_IsFound_WithItsSign_OutOfSample(string method)
    {
        var (trainer, train, test) = (Trainer(method), Sample.Take([.. Enumerable.Range(0, 900)]), Sample.Take([.. Enumerable.Range(900, 300)]));
        trainer.Unavailable.ShouldBeNull();
        var model = trainer.Fit(train, trainer.Candidates[0], 1, CancellationToken.None);
        double[] probabilities = [.. Scores(model, test).Select(score => 1 / (1 + Math.Exp(-score)))];
        Quant.ClassificationScores.Of(probabilities, test.Outcomes()).AreaUnderCurve!.Value.ShouldBeInRange(0.60, 0.80);
        var strongest = model.Importance.Select((value, i) => (Math.Abs(value), i)).OrderDescending().Take(3).Select(pair => pair.i);
        strongest.Order().ShouldBe([0, 1, 2]);
        if (model.IsLinear) model.Importance[0].ShouldBeGreaterThan(0);
    }

    [Theory, MemberData(nameof(Methods))]
    public void TwoFits_AndAModelThatWasStored_AreTheSameToTheByte(string method)
    {
        var trainer = Trainer(method);
        var settings = trainer.Candidates[^1];
        var (one, other) = (trainer.Fit(Sample, settings, 7, CancellationToken.None), trainer.Fit(Sample, settings, 7, CancellationToken.None));
        other.Save().ShouldBe(one.Save());
        var loaded = trainer.Load(one.Save());
        Scores(loaded, Sample).ShouldBe(Scores(one, Sample));
        loaded.Save().ShouldBe(one.Save());
    }

    [Theory, MemberData(nameof(Methods))]
    public void WhatIsNotAStoredModel_IsRefused(string method)
    {
        var trainer = Trainer(method);
        var saved = trainer.Fit(Sample, trainer.Candidates[0], 1, CancellationToken.None).Save();
        foreach (var broken in (string[])["", "null", "{}", saved[..^20], saved.Replace("0.", "x.", StringComparison.Ordinal)])
            Should.Throw<CorruptModelException>(() => trainer.Load(broken));
    }

    [Theory, MemberData(nameof(Methods))]
    public void ACancelledFit_Ends(string method) => Should.Throw<OperationCanceledException>(() =>
        Trainer(method).Fit(Sample, Trainer(method).Candidates[0], 1, new CancellationToken(canceled: true)));

    [Fact]
    public void WeightsCount_AsIfRowsWereRepeated()
    {
        var rows = Enumerable.Range(0, 200).ToList();
        var twice = Sample.Take([.. rows, .. rows.Where(row => row % 2 == 0)]);
        var weighted = Sample.Take(rows).Weighted([.. rows.Select(row => row % 2 == 0 ? 2.0 : 1)]);
        // The standardisation is of rows, not of weights: compare on features that are standardised the same.
        var (one, other) = (new LogisticTrainer(1).Fit(weighted, TrainerSettings.Of(("penalty", 1e-6)), 1, default),
            new LogisticTrainer(1).Fit(twice, TrainerSettings.Of(("penalty", 1e-6)), 1, default));
        Scores(one, Sample).ShouldBe(Scores(other, Sample), 1e-5);
    }

    [Fact]
    public void TheBeginningOfATreeModel_IsWhatFewerTreesLearn()
    {
        var trainer = new FastTreeTrainer();
        var settings = trainer.Candidates[0];
        var whole = (IStagedModel)trainer.Fit(Sample, settings, 1, default);
        whole.Stages.ShouldBe(60);
        Scores(whole.Take(20), Sample).ShouldBe(Scores(trainer.Fit(Sample, settings.With("trees", 20), 1, default), Sample), 1e-12);
    }

    [Theory]
    [InlineData("libgomp.so.1", "libgomp1")]
    [InlineData("lib_lightgbm", "lib_lightgbm")]
    public void WithoutItsNativeLibrary_LightGbm_SaysWhatIsMissing(string missing, string named) =>
        NativeLibraries.Missing(name => name != missing)!.ShouldContain(named);

    [Theory]
    [InlineData("{\"Width\":2,\"Bias\":0,\"Trees\":[{\"Features\":[5],\"Thresholds\":[1],\"Gains\":[1],\"Left\":[-1],\"Right\":[-2],\"Leaves\":[1,2]}]}")]
    [InlineData("{\"Width\":2,\"Bias\":0,\"Trees\":[{\"Features\":[1,1],\"Thresholds\":[1,1],\"Gains\":[1,1],\"Left\":[1,0],\"Right\":[-2,-3],\"Leaves\":[1,2,3]}]}")]
    [InlineData("{\"Width\":2,\"Bias\":0,\"Trees\":[{\"Features\":[1],\"Thresholds\":[1],\"Gains\":[1],\"Left\":[-1],\"Right\":[-1],\"Leaves\":[1,2]}]}")]
    public void TreesThatAreNone_AreRefused(string saved) =>
        Should.Throw<CorruptModelException>(() => TreeEnsemble.Load(saved));
}

namespace Trading.Learning.Tests;

public sealed class ArtefactTests
{
    static readonly Sample Sample = Planted.Of(700, 6, telling: 2, signal: 0.3, seed: 31);
    static readonly ModelArtefact Artefact = Runs.Of(Sample).Report!.Model;

    static Predictor Predictor(ModelArtefact? artefact = null) => new(artefact ?? Artefact, Trainers.All, Runs.Names(Sample));

    [Fact]
    public void AStoredModel_SaysTheSame()
    {
        var loaded = ModelArtefact.Load(Artefact.Save());
        loaded.Save().ShouldBe(Artefact.Save());
        Predictor(loaded).Predict(Sample.Row(5), 0.01).ShouldBe(Predictor().Predict(Sample.Row(5), 0.01));
    }

    [Fact]
    public void OneChangedCharacter_IsFound()
    {
        var saved = Artefact.Save();
        var at = saved.IndexOf("base_rate", StringComparison.Ordinal) + 12;
        Should.Throw<CorruptModelException>(() => ModelArtefact.Load(saved[..at] + (saved[at] == '1' ? '2' : '1') + saved[(at + 1)..]));
        Should.Throw<CorruptModelException>(() => ModelArtefact.Load(""));
        Should.Throw<CorruptModelException>(() => ModelArtefact.Load(saved[..^5]));
    }

    [Fact]
    public void AFeatureThatIsGone_OrOfAnotherVersion_IsNamed()
    {
        var name = Artefact.Columns[0];
        var others = Runs.Names(Sample).Replace(name, name.Replace("@1", "@2", StringComparison.Ordinal));
        Should.Throw<ArgumentException>(() => new Predictor(Artefact, Trainers.All, others)).Message.ShouldContain(name);
    }

    [Fact]
    public void AMethodThatNobodyKnows_IsAnError() =>
        Should.Throw<CorruptModelException>(() => Predictor(Artefact with { Method = "oracle" })).Message.ShouldContain("oracle");

    [Fact]
    public void Lineage_SaysWhatTheModelWasMadeOf()
    {
        var lineage = Artefact.Lineage;
        (lineage.Rows, lineage.CodeVersion, lineage.Seed, lineage.Features).ShouldSatisfyAllConditions(
            each => each.Rows.ShouldBe(700), each => each.CodeVersion.ShouldBe("test"), each => each.Features.ShouldBe(Runs.Names(Sample)));
        lineage.DataHash.ShouldBe(Lineage.Hash(Sample));
        lineage.TrainedThrough.ShouldBe(Sample.Labels[^1].Interval.To);
        Lineage.Hash(Sample.Take([.. Enumerable.Range(0, 699)])).ShouldNotBe(lineage.DataHash);
    }

    [Fact]
    public void ARowUnlikeTheTraining_IsAnsweredWithAnAbstention()
    {
        var far = Sample.Row(0).ToArray();
        Predictor().Predict(far, 0.01).Abstention.ShouldBeNull();
        far[0] += 100;
        var prediction = Predictor().Predict(far, 0.01);
        prediction.Probability.ShouldBeNull();
        prediction.Abstention!.ShouldStartWith("The inputs are unlike the training: dissimilarity ");
        far[0] = double.NaN;
        Predictor().Predict(far, 0.01).Abstention!.ShouldBe($"The feature {Runs.Names(Sample)[0]} is not known.");
    }

    [Fact]
    public void AnEffect_IsWhatTheProbabilityIsHigherBy_ThanWithTheFeatureAtItsMean()
    {
        var row = Sample.Row(7).ToArray();
        var effects = Predictor().Effects(row);
        effects.Length.ShouldBe(Artefact.Columns.Length);
        for (var i = 0; i < effects.Length; i++)
        {
            var column = Runs.Names(Sample).IndexOf(Artefact.Columns[i]);
            var changed = (double[])row.Clone();
            changed[column] = Sample.Column(column).Average();
            effects[i].ShouldBe(Predictor().Predict(row, null).Probability!.Value - Predictor().Predict(changed, null).Probability!.Value, 1e-9);
        }

        // The features that tell have a positive weight: above their mean they raise the probability.
        var signal = Artefact.Columns.IndexOf("signal_0@1");
        Math.Sign(effects[signal]).ShouldBe(Math.Sign(row[0] - Sample.Column(0).Average()));
    }

    [Fact]
    public void OfTheTrainingRows_HardlyOneIsUnlikeTheTraining()
    {
        var predictor = Predictor();
        Enumerable.Range(0, 700).Count(row => predictor.Predict(Sample.Row(row), null).Abstention is not null).ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public void TheInterval_HoldsAboutNineInTenReturns_ThatTheModelHasNotSeen()
    {
        var fresh = Planted.Of(2_000, 6, telling: 2, signal: 0.3, seed: 32);
        var predictor = Predictor();
        var inside = Enumerable.Range(0, fresh.Count).Select(row => (Label: fresh.Labels[row], Said: predictor.Predict(fresh.Row(row), 0.01)))
            .Where(pair => pair.Said.Abstention is null)
            .Average(pair => pair.Said.Low <= pair.Label.Return && pair.Label.Return <= pair.Said.High ? 1.0 : 0);
        inside.ShouldBeInRange(0.86, 0.94);
    }
}

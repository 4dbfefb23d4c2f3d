using Trading.Learning;

namespace Trading.Models.Tests;

public sealed class ModelRulesTests
{
    static readonly DateTimeOffset Now = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);
    static readonly TimeSpan Day = TimeSpan.FromDays(1);
    static readonly TrainingAttempt Attempt = new(Now, "test", null);
    static readonly ModelTrainers Methods = new(new LogisticTrainer(10));
    static readonly ModelOptions Options = Learned();
    static readonly double[] Closes = Histories.WithEdge();

    static readonly TrainingReport Report = ModelTraining.Train(History(Closes), Options.ToSpec(), Methods.Usable, TrialTally.None,
        new Progress<TrainingProgress>(), CancellationToken.None).Report!;

    static readonly ModelRecord Trained = ModelPromotion.After(new ModelRecord(), Report, Attempt, 10, Now);

    static ModelOptions Learned()
    {
        var options = new ModelOptions();
        Histories.Learn(options);
        return options;
    }

    static ModelHistory History(double[] closes) => ModelHistory.Of(Histories.Of("A", closes), null, null);

    static ModelPrediction Predict(ModelRecord record, double[] closes, DateTimeOffset? now = null)
    {
        var latest = History(closes).Latest();
        var (champion, problem) = ModelTraining.Load(record.Model, Methods, latest.Ids);
        return ModelRules.Predict("A", Histories.Of("A", closes), latest, record, new(champion, null, problem),
            ModelRules.Status("A", record, null), TimeSpan.FromDays(30), now ?? Now);
    }

    static ModelRecord InShadow() => ModelPromotion.After(Trained, Report, Attempt, 10, Now + Day);

    static ShadowResult Shadow(double p) => new(2, 1, 60, -0.01, p);

    [Theory]
    [InlineData(0, false)]
    [InlineData(12, false)]
    [InlineData(23.99, true)] // the tick a day after the one that began the training
    [InlineData(240, true)] // ticks that nobody was there for
    public void ATraining_IsDue_ByTheAgeOfTheModel(double hours, bool due) =>
        ModelRules.IsDue(Trained, Now.AddHours(hours), Day).ShouldBe(due);

    [Fact]
    public void StartingAgain_DoesNotPutTheNextTrainingOff() =>
        ModelRules.DueIn(Trained, Now.AddHours(10), Day).ShouldBe(TimeSpan.FromHours(14));

    [Fact]
    public void AModelThatWasNeverTrained_IsDue() => ModelRules.IsDue(new(), Now, Day).ShouldBeTrue();

    [Fact]
    public void AShadow_IsNotReplacedByTheNextTraining_UnlessTheModelInUseHasDrifted()
    {
        var record = InShadow();
        ModelRules.IsInShadow(record).ShouldBeTrue();
        ModelRules.IsDue(record, Now + 10 * Day, Day).ShouldBeFalse();
        ModelRules.IsDue(record, Now + 100 * Day, Day).ShouldBeTrue();
        ModelRules.IsDue(record with { Drift = new(80, 0.5, "x", 0, 0, 0, 0, Decayed: true, Act: true) }, Now + 10 * Day, Day).ShouldBeTrue();
    }

    [Fact]
    public void AGoodModel_IsInUseAtOnce_WhereThereIsNone_AndInShadowBesideOne()
    {
        (Trained.Model!.Version, Trained.Challenger).ShouldBe((1, null));
        var record = InShadow();
        (record.Model!.Version, record.Challenger!.Version, record.Newest!.Version).ShouldBe((1, 2, 2));
        record.Challenger.Evidence!.Gate.Single(rule => !rule.Passed).Code.ShouldBe("shadow_p_value");
    }

    [Fact]
    public void TheShadow_PromotesRejectsOrGoesOn()
    {
        ModelRecord After(double p) => ModelPromotion.After(InShadow(), new ModelReviewed(null, Shadow(p), null), 10, Now);
        (After(0.01).Model!.Version, After(0.01).Former.Single().Version, After(0.01).Challenger).ShouldBe((2, 1, null));
        After(0.01).Events[0].Reason.ShouldContain("60 sessions");
        (After(0.5).Model!.Version, ModelRules.IsInShadow(After(0.5))).ShouldBe((1, true));
        (After(0.99).Model!.Version, ModelRules.IsInShadow(After(0.99)), After(0.99).Events[0].Kind).ShouldBe((1, false, ModelEventKind.Rejected));
    }

    [Fact]
    public void AModelThatHasDecayed_IsTakenBack_WhereTheOneBeforeItLosesLess()
    {
        var second = ModelPromotion.After(InShadow(), new ModelReviewed(null, Shadow(0.01), null), 10, Now);
        var decayed = new ModelDrift(80, 0, null, 0, 0.8, 0.9, 0.69, Decayed: true, Act: true);
        var former = new ShadowResult(1, 2, 80, -0.1, 0.01);
        var back = ModelPromotion.After(second, new ModelReviewed(decayed, null, former), 10, Now);
        (back.Model!.Version, back.Former.Single().Version, back.Events[0].Kind).ShouldBe((1, 2, ModelEventKind.RolledBack));
        ModelPromotion.After(second, new ModelReviewed(decayed, null, former with { PValue = 0.4 }), 10, Now).Model!.Version.ShouldBe(2);
        ModelPromotion.After(second, new ModelReviewed(decayed with { Decayed = false }, null, former), 10, Now).Model!.Version.ShouldBe(2);
    }

    [Fact]
    public void OnlySoManyVersions_AreKept()
    {
        var record = Trained;
        for (var i = 0; i < 6; i++)
            record = ModelPromotion.Promote(ModelPromotion.After(record, Report, Attempt, 4, Now), new(null, "a", "b", "c"), 4, Now).Value!;
        (record.Model!.Version, record.Former.Length).ShouldBe((7, 2));
    }

    [Fact]
    public void Status_FollowsTheTraining()
    {
        ModelRules.Status("A", new(), null).ShouldBe(new("A", TrainingState.Untrained, 0, 0, null, null, null, null));
        var run = new TrainingRun(Attempt, always: true);
        run.Report(new(0.4, "fold 3 of 5"));
        ModelRules.Status("A", new(), run).ShouldBe(new("A", TrainingState.Running, 0, 0.4, Now, null, "test", "fold 3 of 5"));
        ModelRules.Status("A", Trained, null).ShouldBe(new("A", TrainingState.Trained, 1, 1, Now, Now, "test", null));
        ModelRules.Status("A", Trained with { Last = Attempt with { Failure = "Too little." } }, null)
            .ShouldBe(new("A", TrainingState.Failed, 1, 0, Now, Now, "test", "Too little."));
    }

    [Fact]
    public void Performance_IsOfTheForecastsOfAllFolds_WithItsBand()
    {
        var performance = ModelRules.Performance("A", Trained, ModelRules.Status("A", Trained, null));
        performance.Observations.ShouldBe(performance.Folds.Sum(fold => fold.Observations));
        performance.LogLoss!.Value.ShouldBe(performance.Folds.Average(fold => fold.LogLoss), 1e-12); // folds are of one size
        performance.LogLoss.Value.ShouldBeInRange(performance.Evidence!.LossLow, performance.Evidence.LossHigh);
        performance.AreaUnderCurve!.Value.ShouldBeInRange(performance.Evidence.AreaLow!.Value, performance.Evidence.AreaHigh!.Value);
        performance.Evidence.Folds.Length.ShouldBe(5);
        ModelRules.Performance("A", new(), ModelRules.Status("A", new(), null)).Accuracy.ShouldBeNull();
    }

    [Fact]
    public void APrediction_IsOfTheLastSession_WithWhatEachFeatureWeighs()
    {
        var prediction = Predict(Trained, Histories.WithEdge(more: 10));
        prediction.AsOf.ShouldBe(Histories.First.AddDays(Closes.Length + 9));
        prediction.ProbabilityUp!.Value.ShouldBeInRange(0.05, 0.95);
        prediction.Features.Length.ShouldBe(Trained.Model!.Features.Length);
        prediction.Dissimilarity!.Value.ShouldBeInRange(0.1, 5);
    }

    [Fact]
    public void AModel_SaysWhyItSaysNothing()
    {
        Predict(Trained, Closes[..^1]).Abstention!.ShouldStartWith("The model has seen sessions after");
        Predict(Trained, Closes, Now + 31 * Day).Abstention.ShouldBe("The model is 31 days old; it may be 30.");
        Predict(new(), Closes).Abstention.ShouldBe("No version was promoted.");
        Predict(Trained, Closes[..100]).Abstention.ShouldNotBeNull();
        var corrupt = Trained with { Model = Trained.Model! with { Saved = Trained.Model.Saved[..^9] } };
        Predict(corrupt, Closes).Abstention!.ShouldStartWith("Version 1 cannot be used: The stored model is damaged");
        var earlier = Trained with { Model = Trained.Model! with { Evidence = null, Saved = "{}" } };
        Predict(earlier, Closes).Abstention!.ShouldStartWith("Version 1 was trained by an earlier build on other features");
        ModelRules.Predict("A", null, null, new(), LoadedModels.None, ModelRules.Status("A", new(), null), Day, Now)
            .Abstention.ShouldBe("There is no series of the symbol.");
    }

    [Fact]
    public void ADamagedModelInUse_IsDueAndNoRival_AndTheNextTrainingTakesItsPlace()
    {
        var damaged = Trained with { Model = Trained.Model! with { Saved = Trained.Model.Saved[..^9] } };
        var review = ModelTraining.Review(History(Histories.WithEdge(more: 100)), damaged, Methods, Options, CancellationToken.None);
        review.Unusable!.ShouldStartWith("Version 1 cannot be used: The stored model is damaged");
        var known = ModelPromotion.After(damaged, review, 10, Now);
        ModelRules.IsDue(known, Now, Day).ShouldBeTrue();
        var replaced = ModelPromotion.After(known, Report, Attempt, 10, Now + Day);
        (replaced.Model!.Version, replaced.Unusable, replaced.Former.Single().Version).ShouldBe((2, null, 1));
        // A shadow that ran beside it waits for nothing any more.
        ModelRules.IsInShadow(ModelPromotion.After(InShadow() with { Model = damaged.Model }, review, 10, Now)).ShouldBeFalse();
    }

    [Fact]
    public void AReview_ComparesOnSessionsThatNeitherHasSeen()
    {
        var longer = History(Histories.WithEdge(more: 100));
        var review = ModelTraining.Review(longer, InShadow(), Methods, Options, CancellationToken.None);
        review.Drift!.Sessions.ShouldBe(99); // a hundred more, the last one's outcome is not known
        review.Drift.Act.ShouldBeFalse();
        (review.Shadow!.Sessions, review.Shadow.PValue).ShouldBe((99, null)); // two models that always say the same
        review.Former.ShouldBeNull();
        ModelTraining.Review(History(Closes), Trained, Methods, Options, CancellationToken.None).Drift!.DriftedShare.ShouldBeNull();
    }

    [Fact]
    public void MovesOfAnotherKind_AreDrift()
    {
        double[] changed = [.. Closes, .. Histories.Walk(120, carry: 0, seed: 9).Select((close, i) => Closes[^1] * Math.Pow(close / 100, 4) * (i % 2 == 0 ? 1.02 : 0.98))];
        var drift = ModelTraining.Review(History(changed), Trained, Methods, Options, CancellationToken.None).Drift!;
        drift.DriftedShare!.Value.ShouldBeGreaterThan(0.3);
        drift.Act.ShouldBeTrue();
    }

    [Fact]
    public void ARecordThatEarlierBuildsWrote_IsReadAndReplaced()
    {
        var old = new ModelRecord { Model = new(4, "logistic", ["return_1"], "{}", Now, new(2025, 12, 31), new(1, 1, 1, 1, 1, null, [])) };
        var record = ModelPromotion.After(old, Report, Attempt, 10, Now);
        (record.Model!.Version, record.Former.Single().Version).ShouldBe((5, 4));
    }
}

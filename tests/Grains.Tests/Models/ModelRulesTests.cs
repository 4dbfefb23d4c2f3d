using Microsoft.Extensions.Options;

namespace Trading.Models.Tests;

public sealed class ModelRulesTests
{
    static readonly DateTimeOffset Now = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);
    static readonly TimeSpan Day = TimeSpan.FromDays(1);
    static readonly LogisticTrainer Trainer = new(Options.Create(new ModelOptions()));
    static readonly TrainingAttempt Attempt = new(Now, "test", null);

    static readonly Outcome<WalkForwardResult> Learned = WalkForward.Train(
        Histories.Of("A", Histories.Walk(600, carry: 0.3, seed: 1)), Trainer, 5, new Progress<double>(), CancellationToken.None);

    static readonly ModelRecord Trained = ModelRules.After(new(), Learned, "logistic", Attempt, Now);

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
    public void AFailure_KeepsTheEarlierModel_AndItsReasonIsTold()
    {
        var failed = ModelRules.After(Trained, Outcome.Conflict<WalkForwardResult>("history", "x", "Too little."), "logistic", Attempt with { Reason = "again" }, Now + Day);
        failed.Model.ShouldBe(Trained.Model);
        ModelRules.Status("A", failed, null).ShouldBe(new("A", TrainingState.Failed, 1, 0, Now, Now, "again", "Too little."));
        ModelRules.After(failed, Learned, "logistic", Attempt, Now + Day).Model!.Version.ShouldBe(2);
    }

    [Fact]
    public void Status_FollowsTheTraining()
    {
        ModelRules.Status("A", new(), null).ShouldBe(new("A", TrainingState.Untrained, 0, 0, null, null, null, null));
        ModelRules.Status("A", new(), (Attempt, 0.4)).ShouldBe(new("A", TrainingState.Running, 0, 0.4, Now, null, "test", null));
        ModelRules.Status("A", Trained, null).ShouldBe(new("A", TrainingState.Trained, 1, 1, Now, Now, "test", null));
    }

    [Fact]
    public void Performance_IsOfTheForecastsOfAllFolds()
    {
        var performance = ModelRules.Performance("A", "logistic", Trained.Model!.Scores, ModelRules.Status("A", Trained, null));
        performance.Observations.ShouldBe(performance.Folds.Sum(fold => fold.Observations));
        performance.LogLoss!.Value.ShouldBe(performance.Folds.Average(fold => fold.LogLoss), 1e-12); // folds are of one size
        performance.Accuracy!.Value.ShouldBe(performance.Folds.Average(fold => fold.Accuracy), 1e-12);
        performance.BaselineLogLoss!.Value.ShouldBe(performance.Folds.Average(fold => fold.BaselineLogLoss), 1e-12);
    }

    [Fact]
    public void Performance_BeforeTheFirstTraining_IsUnknown()
    {
        var performance = ModelRules.Performance("A", "logistic", null, ModelRules.Status("A", new(), null));
        (performance.Accuracy, performance.LogLoss, performance.AreaUnderCurve).ShouldBe((null, null, null));
        performance.Folds.ShouldBeEmpty();
    }

    [Fact]
    public void APrediction_IsOfTheLastSession_FromTheLastFiftyCloses()
    {
        var closes = Histories.Walk(610, carry: 0.3, seed: 1);
        var (model, through) = (Trainer.Load(Trained.Model!.Saved), Trained.Model.TrainedThrough);
        var prediction = ModelRules.Predict("A", Histories.Of("A", closes), model, through, ModelRules.Status("A", Trained, null));
        prediction.AsOf.ShouldBe(new DateOnly(2020, 1, 1).AddDays(609));
        prediction.ProbabilityUp!.Value.ShouldBe(model.Probability([.. prediction.Features.Select(feature => feature.Value)]));
        prediction.Features.Select(feature => feature.Name).ShouldBe(Features.Names);
        prediction.Features.Select(feature => feature.Coefficient!.Value).ShouldBe(model.Coefficients);
    }

    [Fact]
    public void AModelThatHasSeenLaterSessions_GivesNoProbability()
    {
        var (model, through) = (Trainer.Load(Trained.Model!.Saved), Trained.Model.TrainedThrough);
        var earlier = Histories.Of("A", Histories.Walk(599, carry: 0.3, seed: 1));
        ModelRules.Predict("A", earlier, model, through, ModelRules.Status("A", Trained, null)).ProbabilityUp.ShouldBeNull();
    }

    [Fact]
    public void WithoutSeriesHistoryOrModel_ThereIsNoProbability()
    {
        var status = ModelRules.Status("A", new(), null);
        ModelRules.Predict("A", null, null, null, status).ShouldBe(new ModelPrediction("A", null, null, 0, null, status, []));
        var brief = ModelRules.Predict("A", Histories.Of("A", Histories.Walk(49, 0, 1)), null, null, status);
        (brief.ProbabilityUp, brief.Features.Length, brief.AsOf).ShouldBe((null, 0, new DateOnly(2020, 2, 18)));
        var untrained = ModelRules.Predict("A", Histories.Of("A", Histories.Walk(50, 0, 1)), null, null, status);
        untrained.ProbabilityUp.ShouldBeNull();
        untrained.Features.ShouldAllBe(feature => feature.Coefficient == null);
    }
}

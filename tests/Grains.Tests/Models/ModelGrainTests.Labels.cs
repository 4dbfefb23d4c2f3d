using Trading.Testing;

namespace Trading.Models.Tests;

/// <summary>What a model learns, and who says so.</summary>
public sealed partial class ModelGrainTests
{
    static readonly LabelChoice Barriers = new(LabelChoice.TripleBarrier, Horizon: 10, BarrierAbove: 1, BarrierBelow: 0.5);

    [Fact]
    public async Task ALabelThatIsAskedFor_IsLearned_PurgedByItsIntervals_AndToldByLineageAndPrediction()
    {
        (await Model().TrainAsync(new("swing", Barriers))).Value!.Reason.ShouldBe("swing");
        await TrainedAsync(Model(), 1);
        var evidence = (await Model().GetPerformanceAsync()).Evidence!;
        evidence.Lineage.Label.ShouldBe("triple_barrier(1,0.5,10)");
        evidence.Lineage.Configuration.ShouldContain("label=triple_barrier(1,0.5,10) folds=5 inner=3 embargo=10");
        // What is purged are the rows whose own label reaches the test: of ten, no more than ten, and barriers end most before.
        evidence.Folds.ShouldAllBe(fold => fold.Purged >= 2 && fold.Purged <= 10);
        if ((await Model().GetPredictionAsync()).ModelVersion == 0) await Model().PromoteAsync(By("quant", "head"));
        var prediction = await Model().GetPredictionAsync();
        prediction.Label.ShouldBe("triple_barrier(1,0.5,10)");
        prediction.LabelMeaning!.ShouldStartWith("within 10 sessions the price rises by 1 times its volatility before");
        // No barrier is farther than a volatility over ten sessions of 1 % each and the carry of the walk.
        prediction.ExpectedReturn!.Value.ShouldBeInRange(-0.05, 0.05);
        (await Model().GetForecastsAsync()).Value!.Label.ShouldBe("triple_barrier(1,0.5,10)");
    }

    [Fact]
    public async Task ALabelThatWasAskedFor_StaysUntilAnotherIs_AndOutlivesTheActivation()
    {
        await Model().TrainAsync(new("swing", Barriers));
        await TrainedAsync(Model(), 1);
        await TestSilo.EndAsync(Model());
        await Model().RetrainAsync("by hand");
        await TrainedAsync(Model(), 2);
        (await Model().GetPerformanceAsync()).Evidence!.Lineage.Label.ShouldBe("triple_barrier(1,0.5,10)");
        await Model().TrainAsync(new("back", new(LabelChoice.Configured)));
        await TrainedAsync(Model(), 3);
        (await Model().GetPerformanceAsync()).Evidence!.Lineage.Label.ShouldBe("next_return(1)");
    }

    [Fact]
    public async Task AModelOfAnotherLabel_IsNotComparedInShadow_AndWaitsForAPerson()
    {
        await Model().StartAsync();
        await TrainedAsync(Model(), 1);
        await Model().TrainAsync(new("swing", new(LabelChoice.ScaledReturn, Horizon: 1, Threshold: 0)));
        await TrainedAsync(Model(), 2);
        var versions = await Model().GetVersionsAsync();
        versions.Versions[0].Evidence!.Reason.ShouldBe(
            "It learned another label than the model in use: which of them is wanted, a person decides.");
        (await Model().GetPredictionAsync()).ModelVersion.ShouldBe(1);
        (await Model().PromoteAsync(By("quant", "head"))).Value!.Versions[0].Role.ShouldBe(ModelRole.Champion);
        (await Model().GetPredictionAsync()).Label.ShouldBe("scaled_return(0,1)");
        // What is in use is reviewed by its own label; the next reminder's training can run in shadow again.
        await _time.AdvanceAsync(Day);
        await Model().RetrainAsync("by hand");
        (await TrainedAsync(Model(), 3)).Detail.ShouldBeNull();
    }

    [Fact]
    public async Task EveryParameterThatCannotBe_IsNamed_AndNothingIsTrained()
    {
        var refused = await Model().TrainAsync(new("swing", new(LabelChoice.TripleBarrier, Horizon: 64, BarrierAbove: 0, BarrierBelow: 11, Threshold: 1)));
        refused.Kind.ShouldBe(OutcomeKind.Invalid);
        refused.Errors.Select(error => (error.Field, error.Rule)).ShouldBe(
            [("label_threshold", "inapplicable"), ("horizon", "range"), ("barrier_above", "range"), ("barrier_below", "range")]);
        (await Model().TrainAsync(new("swing", new("oracle")))).Errors.ShouldHaveSingleItem().Message
            .ShouldBe("label is 'oracle'; it can be next_return, scaled_return, triple_barrier.");
        (await Model().GetPerformanceAsync()).Training.State.ShouldBe(TrainingState.Untrained);
    }

    [Fact]
    public async Task AnotherLabel_WhileATrainingRuns_IsAConflict()
    {
        _trainer.Close();
        await Model().RetrainAsync("by hand");
        (await Model().TrainAsync(new("swing", Barriers))).Kind.ShouldBe(OutcomeKind.Conflict);
        (await Model().TrainAsync(new("again", null))).Value!.Reason.ShouldBe("by hand");
        _trainer.Open();
        await TrainedAsync(Model(), 1);
        (await Model().GetPerformanceAsync()).Evidence!.Lineage.Label.ShouldBe("next_return(1)");
    }
}

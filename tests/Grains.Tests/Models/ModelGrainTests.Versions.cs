using Trading.Testing;

namespace Trading.Models.Tests;

/// <summary>Which version is in use, and who decides it.</summary>
public sealed partial class ModelGrainTests
{
    static ModelCommand By(string person, string? second = null, int? version = null) => new(version, person, "because", second);

    [Fact]
    public async Task AModelWithoutEdge_IsNotPromoted_AndSaysWhyItSaysNothing()
    {
        _prices["NOISE"] = Histories.Walk(800, carry: 0, seed: 5);
        await Model("NOISE").RetrainAsync("by hand");
        await TrainedAsync(Model("NOISE"), 1);
        var prediction = await Model("NOISE").GetPredictionAsync();
        (prediction.ProbabilityUp, prediction.ModelVersion).ShouldBe((null, 0));
        prediction.Abstention!.ShouldStartWith("No version was promoted.");
        prediction.ShadowProbabilityUp.ShouldNotBeNull();
        var versions = await Model("NOISE").GetVersionsAsync();
        versions.Versions.ShouldHaveSingleItem().Role.ShouldBe(ModelRole.Challenger);
        versions.Events.ShouldHaveSingleItem().By.ShouldBe("gate");
    }

    [Fact]
    public async Task ASecondVersion_RunsInShadow_AndTheFirstAnswers()
    {
        await Model().StartAsync();
        await TrainedAsync(Model(), 1);
        var before = await Model().GetPredictionAsync();
        await Model().RetrainAsync("by hand");
        await TrainedAsync(Model(), 2);
        var after = await Model().GetPredictionAsync();
        (after.ProbabilityUp, after.ModelVersion).ShouldBe((before.ProbabilityUp, 1));
        after.ShadowProbabilityUp!.Value.ShouldBe(before.ProbabilityUp!.Value, 1e-12); // the same data gave the same model
        (await Model().GetVersionsAsync()).Versions.Select(version => (version.Version, version.Role))
            .ShouldBe([(2, ModelRole.Challenger), (1, ModelRole.Champion)]);
    }

    [Fact]
    public async Task APerson_PromotesWhatTheGateDidNot_OnlyWithASecondOne_AndCanGoBack()
    {
        await Model().StartAsync();
        await TrainedAsync(Model(), 1);
        await Model().RetrainAsync("by hand");
        await TrainedAsync(Model(), 2);

        (await Model().PromoteAsync(By("quant"))).Errors.ShouldHaveSingleItem().Field.ShouldBe("second_person");
        (await Model().PromoteAsync(By("quant", "Quant"))).Errors.ShouldHaveSingleItem().Field.ShouldBe("second_person");
        (await Model().PromoteAsync(By("quant", "head", version: 7))).Kind.ShouldBe(OutcomeKind.NotFound);
        var promoted = (await Model().PromoteAsync(By("quant", "head"))).Value!;
        promoted.Versions.Select(version => (version.Version, version.Role)).ShouldBe([(2, ModelRole.Champion), (1, ModelRole.Former)]);
        (await Model().GetPredictionAsync()).ModelVersion.ShouldBe(2);

        await TestSilo.EndAsync(Model());
        var back = (await Model().RollBackAsync(By("quant"))).Value!;
        back.Versions.Select(version => (version.Version, version.Role)).ShouldBe([(2, ModelRole.Former), (1, ModelRole.Champion)]);
        back.Events.Select(each => (each.Kind, each.By)).ShouldBe(
            [(ModelEventKind.RolledBack, "quant"), (ModelEventKind.Promoted, "quant, head"), (ModelEventKind.Held, "gate"), (ModelEventKind.Promoted, "gate")]);
        (await Model().RollBackAsync(By("quant", version: 9))).Kind.ShouldBe(OutcomeKind.NotFound);
    }

    [Fact]
    public async Task TheLedger_CountsEveryTraining_ThoseThatFailToo_AndOutlivesTheActivation()
    {
        await Model().StartAsync();
        await TrainedAsync(Model(), 1);
        (await Model().GetTrialsAsync()).Count.ShouldBe(1);
        _trainer.Failure = new InvalidOperationException("Out of luck.");
        await Model().RetrainAsync("by hand");
        await EndedAsync(Model());
        await TestSilo.EndAsync(Model());
        var trials = await Model().GetTrialsAsync();
        trials.Count.ShouldBe(2);
        trials.Newest.Select(trial => (trial.Number, trial.Settings, trial.Sharpe is null)).ShouldBe([(2, "penalty=10", true), (1, "penalty=10", false)]);
        trials.Fits.ShouldBe(5 * (3 + 1) + 1);
    }

    [Fact]
    public async Task ATraining_CanBeEnded_AndTheVersionInUseStays()
    {
        await Model().StartAsync();
        await TrainedAsync(Model(), 1);
        var fits = _trainer.Fits;
        _trainer.Close();
        await Model().RetrainAsync("by hand");
        await Wait.UntilAsync(() => _trainer.Fits != fits);
        await Model().CancelAsync();
        var status = await EndedAsync(Model());
        (status.State, status.ModelVersion).ShouldBe((TrainingState.Trained, 1));
        (await Model().GetTrialsAsync()).Count.ShouldBe(2);
    }
}

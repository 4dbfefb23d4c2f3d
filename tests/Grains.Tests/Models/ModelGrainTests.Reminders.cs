using Trading.Testing;

namespace Trading.Models.Tests;

/// <summary>Reminders that fall due, and activations that end.</summary>
public sealed partial class ModelGrainTests
{
    [Fact]
    public async Task TheReminder_RetrainsAModelThatIsOldEnough()
    {
        await Model().StartAsync();
        await TrainedAsync(Model(), 1);
        await _time.AdvanceAsync(Day);
        (await TrainedAsync(Model(), 2)).Reason.ShouldBe("reminder");
    }

    [Fact]
    public async Task TheReminder_LeavesAModelAlone_ThatWasTrainedByHandSince()
    {
        await Model().StartAsync();
        await TrainedAsync(Model(), 1);
        await _time.AdvanceAsync(Day / 2);
        await Model().RetrainAsync("by hand");
        await TrainedAsync(Model(), 2);
        var fits = _trainer.Fits;
        await _time.AdvanceAsync(Day / 2);
        (await EndedAsync(Model())).ModelVersion.ShouldBe(2);
        _trainer.Fits.ShouldBe(fits);
    }

    [Fact]
    public async Task TheReminder_WakesAModelWhoseActivationHasEnded()
    {
        await Model().StartAsync();
        await TrainedAsync(Model(), 1);
        await TestSilo.EndAsync(Model());
        await _time.AdvanceAsync(Day);
        (await TrainedAsync(Model(), 2)).Reason.ShouldBe("reminder");
    }

    [Fact]
    public async Task AModel_OutlivesItsActivation_AndIsNotTrainedAgain()
    {
        await Model().StartAsync();
        await TrainedAsync(Model(), 1);
        var before = await Model().GetPredictionAsync();
        var fits = _trainer.Fits;
        await TestSilo.EndAsync(Model());
        await Model().StartAsync();
        var after = await Model().GetPredictionAsync();
        (after.ProbabilityUp, after.ModelVersion).ShouldBe((before.ProbabilityUp, 1));
        (await EndedAsync(Model())).ShouldBe(before.Training);
        _trainer.Fits.ShouldBe(fits);
    }
}

namespace Trading.Models.Tests;

/// <summary>Reminders that fall due, and activations that are collected, under virtual time.</summary>
public sealed partial class ModelGrainTests
{
    [Fact]
    public async Task TheReminder_RetrainsAModelThatIsOldEnough()
    {
        await Model().StartAsync();
        await TrainedAsync(Model(), 1);
        _clock.Advance(Day);
        (await TrainedAsync(Model(), 2)).Reason.ShouldBe("reminder");
    }

    [Fact]
    public async Task TheReminder_LeavesAModelAloneThatWasTrainedByHandSince()
    {
        await Model().StartAsync();
        await TrainedAsync(Model(), 1);
        _clock.Advance(Day / 2);
        await Model().RetrainAsync("by hand");
        await TrainedAsync(Model(), 2);
        var fits = _trainer.Fits;
        _clock.Advance(Day / 2);
        await Model().GetPerformanceAsync(); // behind the reminder's tick in the grain's queue
        _trainer.Fits.ShouldBe(fits);
    }

    [Fact]
    public async Task AModel_OutlivesItsActivation_AndIsNotTrainedAgain()
    {
        await Model().StartAsync();
        await TrainedAsync(Model(), 1);
        var before = await Model().GetPredictionAsync();
        var fits = _trainer.Fits;
        for (var minute = 0; minute < 40; minute++) // idle activations are collected
            _clock.Advance(TimeSpan.FromMinutes(1));
        await Model().StartAsync();
        var after = await Model().GetPredictionAsync();
        (after.ProbabilityUp, after.ModelVersion, after.Training).ShouldBe((before.ProbabilityUp, 1, before.Training));
        _trainer.Loads.ShouldBe(1);
        _trainer.Fits.ShouldBe(fits);
    }
}

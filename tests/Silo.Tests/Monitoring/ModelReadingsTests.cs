using Trading.Models;

namespace Trading.Monitoring.Tests;

public sealed class ModelReadingsTests
{
    static readonly ModelPerformance Untrained = new(
        "IBM", 0, "logistic", 0, null, null, null, null, null, [],
        new("IBM", TrainingState.Untrained, 0, 0, null, null, null, null));

    static readonly ModelDrift Moved = new(80, 0.5, "volatility_21@1", 0.3, 0.68, 0.70, 0.69, Decayed: false, Act: true)
    {
        CalibrationError = -1.5,
    };

    [Fact]
    public void OfAnUntrainedModel_OnlyItsVersionIsKnown() =>
        ModelReadings.All.Where(reading => reading.Value(Untrained) is not null)
            .ShouldHaveSingleItem().Name.ShouldBe("model_version");

    [Fact]
    public void Drift_IsShown_OnceThereAreEnoughSessions()
    {
        var moved = Untrained with { Drift = Moved };
        ModelReadings.All.Where(reading => reading.Value(moved) is not null)
            .Select(reading => (reading.Name, reading.Value(moved)!.Value)).ShouldBe(
            [
                ("model_version", 0), ("model_drifted_share", 0.5), ("model_probability_stability", 0.3),
                ("model_calibration_error", -1.5), ("model_decayed", 0), ("model_retraining_due", 1),
            ]);
        var few = Untrained with { Drift = new(12, null, null, null, null, null, 0.69, Decayed: false, Act: false) };
        ModelReadings.Of(ModelReadings.RetrainingDue, few).ShouldBeNull();
        ModelReadings.Of("model_decayed", few).ShouldBeNull();
    }
}

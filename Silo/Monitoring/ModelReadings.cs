using System.Collections.Immutable;
using Trading.Models;

namespace Trading.Monitoring;

/// <summary>A number that is shown of every configured model.</summary>
/// <param name="Value">Null where it is not known.</param>
sealed record ModelReading(string Name, string Description, Func<ModelPerformance, double?> Value);

/// <summary>What is shown and watched of the models: how they scored, and what has moved since.</summary>
static class ModelReadings
{
    public const string RetrainingDue = "model_retraining_due";

    public static ImmutableArray<ModelReading> All { get; } =
    [
        new("model_version", "Trainings of a symbol's model so far.", model => model.ModelVersion),
        new("model_log_loss", "Out-of-sample log loss of a symbol's model.", model => model.LogLoss),
        new("model_baseline_log_loss", "The same of always saying the share of up days.",
            model => model.BaselineLogLoss),
        new("model_drifted_share",
            "Share of the features of a model in use whose distribution has moved since its training.",
            model => model.Drift?.DriftedShare),
        new("model_probability_stability",
            "Population stability index of what a model in use says: from 0.25 on it has moved.",
            model => model.Drift?.Probabilities),
        new("model_calibration_error",
            "Mean probability of a model in use less the share of up days since its training, in standard errors.",
            model => model.Drift?.CalibrationError),
        new("model_decayed", "1 while the whole 95 % band of a model's loss lies above what was expected, else 0.",
            model => Judged(model) is { } drift ? Flag(drift.Decayed) : null),
        new(RetrainingDue, "1 where drift says that a model must be trained anew, else 0.",
            model => Judged(model) is { } drift ? Flag(drift.Act) : null),
    ];

    /// <summary>Drift once there are enough sessions to say anything.</summary>
    static ModelDrift? Judged(ModelPerformance model) =>
        model.Drift is { DriftedShare: not null } drift ? drift : null;

    static double Flag(bool value) => value ? 1 : 0;

    public static double? Of(string name, ModelPerformance model) =>
        All.Single(reading => reading.Name == name).Value(model);
}

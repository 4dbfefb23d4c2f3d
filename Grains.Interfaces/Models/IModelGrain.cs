namespace Trading.Models;

/// <summary>A model of one symbol's next-session direction. Key: the ticker in upper case.</summary>
[Alias("trading.model")]
public interface IModelGrain : IGrainWithStringKey
{
    /// <summary>Keeps the model trained by a reminder from now on.</summary>
    [Traced]
    Task StartAsync();

    [Traced]
    Task<ModelPrediction> GetPredictionAsync();

    [Traced]
    Task<ModelPerformance> GetPerformanceAsync();

    /// <summary>What the training of the version in use said of sessions that it had not learned from, fold by fold; of
    /// the newest version where that one is of an earlier build.</summary>
    [Traced]
    Task<Outcome<WalkForwardForecasts>> GetForecastsAsync();

    /// <summary>Every version, what happened to them, and how the one in use does.</summary>
    [Traced]
    Task<ModelVersions> GetVersionsAsync();

    /// <summary>The ledger of every method with settings that was tried.</summary>
    [Traced]
    Task<ModelTrials> GetTrialsAsync();

    /// <summary>A person puts a version into use. One that the gate did not promote takes a second person.</summary>
    [Traced]
    Task<Outcome<ModelVersions>> PromoteAsync(ModelCommand command);

    /// <summary>A person takes the version in use back for one before it.</summary>
    [Traced]
    Task<Outcome<ModelVersions>> RollBackAsync(ModelCommand command);

    /// <summary>Ends the training that runs; what it has tried stays in the ledger.</summary>
    [Traced]
    Task<TrainingStatus> CancelAsync();

    /// <summary>Begins a training outside the grain's turn, unless one runs; answers at once.</summary>
    [Traced]
    Task<TrainingStatus> RetrainAsync(string reason);

    /// <summary>The same, and what the model learns from now on. Another label while a training runs is a
    /// conflict.</summary>
    [Traced]
    Task<Outcome<TrainingStatus>> TrainAsync(TrainingRequest request);
}

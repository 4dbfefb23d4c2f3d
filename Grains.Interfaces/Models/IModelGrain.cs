namespace Trading.Models;

/// <summary>A model of one symbol's next-session direction. Key: the ticker in upper case.</summary>
[Alias("trading.model")]
public interface IModelGrain : IGrainWithStringKey
{
    /// <summary>Keeps the model trained by a reminder from now on.</summary>
    Task StartAsync();

    Task<ModelPrediction> GetPredictionAsync();

    Task<ModelPerformance> GetPerformanceAsync();

    /// <summary>Begins a training outside the grain's turn, unless one runs; answers at once.</summary>
    Task<TrainingStatus> RetrainAsync(string reason);
}

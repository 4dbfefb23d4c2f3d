using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Trading.Models;

/// <summary>Which models are kept, and how they are trained. Section <c>models</c>.</summary>
public sealed class ModelOptions
{
    public const string Section = "models";
    const int MaxSymbols = 1_000;

    /// <summary>The symbols that a model is kept for, at most 1,000.</summary>
    [ConfigurationKeyName("symbols")] public string[] Symbols { get; set; } = [];

    /// <summary>Seconds between two trainings of a model; from a minute, the shortest reminder, up to 31 days.</summary>
    [ConfigurationKeyName("retrain_interval")] public double RetrainInterval { get; set; } = 86_400;

    /// <summary>The quadratic penalty on the coefficients, on the scale of the summed log loss; from 0.000001 to 1,000,000.</summary>
    [ConfigurationKeyName("l2")] public double Penalty { get; set; } = 10;

    /// <summary>Parts of the history that a model is scored on out of sample, 2 to 20.</summary>
    [ConfigurationKeyName("folds")] public int Folds { get; set; } = 5;

    /// <summary>Trainings at a time in this process, 1 to 64; the others wait.</summary>
    [ConfigurationKeyName("max_concurrent_trainings")] public int MaxConcurrentTrainings { get; set; } = 1;

    /// <summary>Models that one request asks at the same time, 1 to 10,000; the others wait.</summary>
    [ConfigurationKeyName("prediction_batch_size")] public int PredictionBatchSize { get; set; } = 100;

    /// <summary>Every broken rule at once.</summary>
    public ValidateOptionsResult Validate()
    {
        List<string> errors = [.. Symbols.Where(symbol => !GrainKeys.IsSymbol(symbol)).Select(symbol => $"symbols contains '{symbol}', which is no ticker.")];
        if (Symbols.Length > MaxSymbols)
            errors.Add($"symbols has {Symbols.Length} entries; it can have up to {MaxSymbols}.");
        if (!(RetrainInterval is >= 60 and <= 31 * 86_400))
            errors.Add($"retrain_interval is {RetrainInterval} seconds; it can be from 60 to {31 * 86_400}.");
        if (!(Penalty is >= 1e-6 and <= 1e6))
            errors.Add($"l2 is {Penalty}; it can be from 0.000001 to 1000000.");
        if (Folds is < 2 or > 20)
            errors.Add($"folds is {Folds}; it can be from 2 to 20.");
        if (MaxConcurrentTrainings is < 1 or > 64)
            errors.Add($"max_concurrent_trainings is {MaxConcurrentTrainings}; it can be from 1 to 64.");
        if (PredictionBatchSize is < 1 or > 10_000)
            errors.Add($"prediction_batch_size is {PredictionBatchSize}; it can be from 1 to 10000.");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors.Select(error => $"{Section}:{error}"));
    }
}

using Trading.Learning;

namespace Trading.Models;

/// <summary>A training that runs: the worker reports its progress here, and the grain reads it and can end it.</summary>
sealed class TrainingRun(TrainingAttempt attempt, bool always) : IProgress<TrainingProgress>
{
    volatile Reported _progress = new(new(0, "waiting"));

    public TrainingAttempt Attempt => attempt;

    /// <summary>Whether it trains although none is due.</summary>
    public bool Always => always;

    public TrainingProgress Progress => _progress.Value;

    /// <summary>Ends the training early; set while there is something to end.</summary>
    public Action? Cancel { get; set; }

    public void Report(TrainingProgress value) => _progress = new(value);

    sealed record Reported(TrainingProgress Value);
}

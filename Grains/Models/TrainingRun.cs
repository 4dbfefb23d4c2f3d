namespace Trading.Models;

/// <summary>A training that runs: the worker reports its progress here, and the grain reads it and can end it.</summary>
sealed class TrainingRun(TrainingAttempt attempt) : IProgress<double>
{
    double _progress;

    public TrainingAttempt Attempt => attempt;
    public double Progress => Volatile.Read(ref _progress);

    /// <summary>Ends the training early; set while there is something to end.</summary>
    public Action? Cancel { get; set; }

    public void Report(double value) => Volatile.Write(ref _progress, value);
}

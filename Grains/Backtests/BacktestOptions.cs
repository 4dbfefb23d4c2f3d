using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Trading.Backtests;

/// <summary>How backtests are run and where their results are kept. Section <c>backtests</c>.</summary>
public sealed class BacktestOptions
{
    public const string Section = "backtests";

    /// <summary>The folder of results; of all silos of a cluster, where there are several.</summary>
    [ConfigurationKeyName("folder")] public string Folder { get; set; } = Path.Combine("data", "backtests");

    /// <summary>A folder of libraries that bring strategies; empty for none. They run with all rights of the
    /// program.</summary>
    [ConfigurationKeyName("plugins")] public string Plugins { get; set; } = "";

    /// <summary>Runs at a time in this process, 1 to 256; 0 for half the processors, at least 1.</summary>
    [ConfigurationKeyName("max_concurrent_runs")] public int MaxConcurrentRuns { get; set; }

    /// <summary>Jobs that wait or run in this process, 1 to 10,000; one more is refused.</summary>
    [ConfigurationKeyName("max_open_jobs")] public int MaxOpenJobs { get; set; } = 100;

    /// <summary>Lanes in which the trials of a sweep are made, spread over the silos, 1 to 1,024.</summary>
    [ConfigurationKeyName("sweep_lanes")] public int SweepLanes { get; set; } = 8;

    /// <summary>Trials that a lane makes before it stores them, 1 to 10,000.</summary>
    [ConfigurationKeyName("sweep_chunk")] public int SweepChunk { get; set; } = 25;

    /// <summary>Seconds after which a strategy that does not come back is given up, 1 to 3,600.</summary>
    [ConfigurationKeyName("strategy_timeout")] public double StrategyTimeout { get; set; } = 20;

    /// <summary>Every broken rule at once.</summary>
    public ValidateOptionsResult Validate()
    {
        List<string> errors = [];
        if (Folder.Length == 0) errors.Add("folder is empty.");
        Check("max_concurrent_runs", MaxConcurrentRuns, 0, 256);
        Check("max_open_jobs", MaxOpenJobs, 1, 10_000);
        Check("sweep_lanes", SweepLanes, 1, 1_024);
        Check("sweep_chunk", SweepChunk, 1, 10_000);
        Check("strategy_timeout", StrategyTimeout, 1, 3_600);
        return errors.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(errors.Select(error => $"{Section}:{error}"));

        void Check(string name, double value, double least, double most)
        {
            if (!(value >= least && value <= most)) errors.Add($"{name} is {value}; it can be from {least} to {most}.");
        }
    }
}

using System.Collections.Immutable;

namespace Trading.Backtests;

/// <summary>One job: a test or a sweep, kept until it is done whatever happens meanwhile. Key: the id of the
/// job.</summary>
[Alias("trading.backtest-grain")]
public interface IBacktestGrain : IGrainWithStringKey
{
    /// <summary>Takes the job and begins it; the same again changes nothing.</summary>
    [Traced]
    Task<Outcome<BacktestJob>> SubmitAsync(BacktestRequest request);

    [Traced]
    Task<Outcome<BacktestJob>> GetAsync();

    /// <summary>Takes the job back; one that has ended stays as it is.</summary>
    [Traced]
    Task<Outcome<BacktestJob>> CancelAsync();

    /// <summary>What was made, as JSON or, of the report, as a page.</summary>
    [Traced]
    Task<Outcome<byte[]>> GetPartAsync(BacktestPart part);
}

/// <summary>Makes trials of sweeps. Key: the job and a lane of it, so that lanes are spread over all silos.</summary>
[Alias("trading.backtest-worker")]
public interface IBacktestWorkerGrain : IGrainWithStringKey
{
    /// <summary>Makes some trials, one after another.</summary>
    /// <param name="sweep">The sweep as JSON.</param>
    /// <param name="first">The place of the first trial.</param>
    /// <returns>Their results as JSON, in order of their places.</returns>
    [ResponseTimeout("01:00:00")]
    [Traced]
    Task<byte[]> RunAsync(string sweep, int first, int count, CancellationToken cancellation);

    /// <summary>Makes some trials on the training of a window of the walk forward.</summary>
    /// <returns>The best of them as JSON, or null.</returns>
    [ResponseTimeout("01:00:00")]
    [Traced]
    Task<byte[]> ChooseAsync(string sweep, int window, int first, int count, CancellationToken cancellation);

    /// <summary>Judges the trial that was chosen for a window on the days after the choice.</summary>
    /// <param name="best">As JSON.</param>
    /// <returns>The step as JSON, or null.</returns>
    [ResponseTimeout("01:00:00")]
    [Traced]
    Task<byte[]> JudgeAsync(string sweep, int window, byte[] best, CancellationToken cancellation);
}

/// <summary>Knows every job. Key: <see cref="GrainKeys.Directory"/>.</summary>
[Alias("trading.backtest-directory")]
public interface IBacktestDirectoryGrain : IGrainWithStringKey
{
    /// <summary>Ids, the newest first.</summary>
    [Traced]
    Task<ImmutableArray<string>> GetIdsAsync();

    /// <summary>Adds a job; a conflict where there are too many.</summary>
    [Traced]
    Task<Outcome<string>> AddAsync(string id);
}

namespace Trading.Backtests;

/// <summary>The work on a job by one activation: how far it is, and whether it is to stop.</summary>
sealed class BacktestRun : IProgress<double>
{
    /// <summary>How often trials are asked for again where the silo that made them went.</summary>
    const int MostAttempts = 4;

    double _progress;

    public double Progress => Volatile.Read(ref _progress);

    /// <summary>Set while it works.</summary>
    public Action? Cancel { get; set; }

    public CancellationToken Stopped { get; set; }

    public void Report(double value) => Volatile.Write(ref _progress, value);

    public void Stop() => Cancel?.Invoke();

    /// <summary>Trials have no effect but their result: where a silo is lost with them, they are made
    /// elsewhere.</summary>
    public static async Task<T> RetryAsync<T>(Func<Task<T>> work, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
            try
            {
                return await work();
            }
            catch (Exception lost) when (attempt < MostAttempts && !cancellation.IsCancellationRequested
                && lost is SiloUnavailableException or OrleansMessageRejectionException)
            {
                // The next attempt reaches a worker on another silo.
            }
    }
}

namespace Trading.Backtests;

/// <summary>The work on a job by one activation: whether a worker has it, how far it is, and whether it is to stop.
/// </summary>
sealed class BacktestRun : IProgress<double>
{
    /// <summary>How often trials are asked for again where the silo that made them went.</summary>
    const int MostAttempts = 4;

    const int Waits = 0, Works = 1, Over = 2;

    readonly TimeProvider _clock;
    double _progress;
    long _began;
    int _phase = Waits;

    public BacktestRun(TimeProvider clock)
    {
        _clock = clock;
        BacktestMetrics.Queue(1);
    }

    public double Progress => Volatile.Read(ref _progress);

    /// <summary>Whether a worker has it; before, it waits for a free one.</summary>
    public bool HasBegun => Volatile.Read(ref _phase) == Works;

    /// <summary>Seconds of work; null where there was none.</summary>
    public double? Seconds => HasBegun ? _clock.GetElapsedTime(Volatile.Read(ref _began)).TotalSeconds : null;

    /// <summary>Set while it works.</summary>
    public Action? Cancel { get; set; }

    public CancellationToken Stopped { get; set; }

    /// <summary>The first report says that a worker has begun.</summary>
    public void Report(double value)
    {
        Volatile.Write(ref _progress, value);
        if (Volatile.Read(ref _phase) != Waits) return;
        Volatile.Write(ref _began, _clock.GetTimestamp());
        if (Interlocked.CompareExchange(ref _phase, Works, Waits) != Waits) return;
        BacktestMetrics.Queue(-1);
        BacktestMetrics.Run(1);
    }

    /// <summary>This activation works on it no more, whatever a worker still reports.</summary>
    public void End()
    {
        if (Interlocked.Exchange(ref _phase, Over) == Works) BacktestMetrics.Run(-1);
        else BacktestMetrics.Queue(-1);
    }

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

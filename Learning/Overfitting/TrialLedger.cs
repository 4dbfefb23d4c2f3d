namespace Trading.Learning;

/// <summary>One entry of a model family's ledger: a method with settings that was tried on the family's data.</summary>
/// <param name="Sharpe">Per period; null where the forecasts earned the same always.</param>
public sealed record Trial(
    long Number, DateTimeOffset At, string Method, string Settings, string DataHash, double LogLoss, double? Sharpe, int Fits);

/// <summary>What a ledger comes to: it only ever grows.</summary>
/// <param name="Count">Trials so far.</param>
/// <param name="WithSharpe">Trials that have a ratio.</param>
/// <param name="Mean">Of their ratios.</param>
/// <param name="SquaredDeviations">Sum of squared deviations from the mean (Welford).</param>
public sealed record TrialTally(long Count, long Fits, long WithSharpe, double Mean, double SquaredDeviations)
{
    public static TrialTally None { get; } = new(0, 0, 0, 0, 0);

    /// <summary>Of the ratios; 0 below two of them.</summary>
    public double Variance => WithSharpe > 1 ? SquaredDeviations / (WithSharpe - 1) : 0;

    public TrialTally With(double? sharpe, int fits)
    {
        if (sharpe is not { } ratio) return this with { Count = Count + 1, Fits = Fits + fits };
        var (n, delta) = (WithSharpe + 1, ratio - Mean);
        var mean = Mean + delta / n;
        return new(Count + 1, Fits + fits, n, mean, SquaredDeviations + delta * (ratio - mean));
    }

    public TrialTally With(IEnumerable<TrialResult> results) =>
        results.Aggregate(this, (tally, result) => tally.With(result.Sharpe, result.Fits));
}

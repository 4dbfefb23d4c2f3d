using System.Collections.Immutable;

namespace Trading.Backtests;

/// <summary>One fall of the equity below its peak.</summary>
/// <param name="Depth">A positive fraction of the peak.</param>
/// <param name="Recovered">The first day at the peak again; null while there is none.</param>
/// <param name="Days">Calendar days from the peak to the recovery, or to the end.</param>
public sealed record DrawdownPeriod(double Depth, DateOnly Peak, DateOnly Trough, DateOnly? Recovered, int Days);

/// <param name="Return">From the last day of the month before.</param>
public sealed record MonthlyReturn(int Year, int Month, double Return);

/// <summary>
/// What came of a run, measured on its equity at the end of each day. Losses are positive; ratios are of a year unless they say
/// otherwise; what the record cannot tell is null.
/// </summary>
/// <param name="Returns">Daily returns that the measures are made of.</param>
/// <param name="Cagr">By calendar days of a year of 365.25.</param>
/// <param name="Volatility">Standard deviation (n - 1) times the root of the periods of a year; so are the ratios.</param>
/// <param name="Sharpe">Arithmetic mean over standard deviation, without a riskless rate.</param>
/// <param name="Sortino">Mean over the root mean square of the losses, over all returns.</param>
/// <param name="Calmar">CAGR over the deepest drawdown.</param>
/// <param name="Omega">Gains over losses, of single periods.</param>
/// <param name="TailRatio">The 95 % quantile over the 5 % one.</param>
/// <param name="Kurtosis">3 for the normal.</param>
/// <param name="ValueAtRisk95">Of one period, by the order statistic; so are the next two.</param>
/// <param name="Alpha">Of a year, arithmetic.</param>
/// <param name="ProbabilisticSharpe">The probability that the true ratio is above 0.</param>
/// <param name="DeflatedSharpe">The same above what the best of <paramref name="Trials"/> would show without skill.</param>
/// <param name="MinimumTrackRecord">Returns needed for 95 % that the ratio is above 0.</param>
/// <param name="Exposure">Mean of positions without signs over equity, over all days.</param>
/// <param name="TimeInvested">The part of the days with a position.</param>
/// <param name="Turnover">Bought and sold together, half of it, over the mean equity, a year.</param>
/// <param name="Trades">Round trips that were closed.</param>
/// <param name="BreakEvenImpact">The impact coefficient at which nothing would be left, the fills the same.</param>
/// <param name="Capacity">The cash at which impact would halve the Sharpe ratio, growing with the root of the size.</param>
public sealed record PerformanceSummary(
    DateOnly From, DateOnly To, int Returns, double PeriodsPerYear, double TotalReturn, double? Cagr, double? Volatility,
    double? Sharpe, double? Sortino, double? Calmar, double? Omega, double? TailRatio, double? Skewness, double? Kurtosis,
    double? MaxDrawdown, double? ValueAtRisk95, double? ValueAtRisk99, double? ExpectedShortfall975, double? Alpha,
    double? Beta, double? InformationRatio, double? ProbabilisticSharpe, double? DeflatedSharpe, long Trials,
    double? MinimumTrackRecord, double? Exposure, double TimeInvested, double? Turnover, long Trades, double? HitRate,
    double? ProfitFactor, double? AverageTrade, double? BreakEvenImpact, double? Capacity)
{
    /// <summary>The deepest ones, the deepest first.</summary>
    public const int MostDrawdowns = 10;

    public ImmutableArray<DrawdownPeriod> Drawdowns { get; init; } = [];

    public ImmutableArray<MonthlyReturn> Months { get; init; } = [];
}

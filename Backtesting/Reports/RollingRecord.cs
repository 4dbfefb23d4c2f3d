using Trading.Quant;

namespace Trading.Backtests;

/// <summary>Statistics over the newest so many days, at the end of each.</summary>
/// <param name="Sharpe">Of a year; null while the window is not full, or nothing moved.</param>
/// <param name="Volatility">Of a year.</param>
public sealed record RollingPoint(DateOnly Date, double? Sharpe, double? Volatility);

public static class RollingRecord
{
    /// <summary>Half a year of trading days.</summary>
    public const int Window = 126;

    public static IReadOnlyList<RollingPoint> Of(BacktestResult result)
    {
        var daily = result.Daily;
        var points = new RollingPoint[daily.Length];
        var returns = new double[daily.Length];
        for (var day = 0; day < daily.Length; day++)
        {
            var before = day == 0 ? daily[0].Equity : daily[day - 1].Equity;
            returns[day] = before > 0 ? (double)(daily[day].Equity / before) - 1 : 0;
            var moments = day >= Window ? SampleMoments.Of(returns.AsSpan(day - Window + 1, Window)) : default;
            var year = Math.Sqrt(result.Performance.PeriodsPerYear);
            points[day] = moments.StandardDeviation > 0
                ? new(daily[day].Date, moments.Mean / moments.UnbiasedDeviation * year, moments.UnbiasedDeviation * year)
                : new(daily[day].Date, null, null);
        }

        return points;
    }
}

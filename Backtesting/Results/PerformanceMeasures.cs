using System.Collections.Immutable;
using Trading.MarketData;
using Trading.Quant;

namespace Trading.Backtests;

/// <summary>Measures a record of days. Here money becomes statistics.</summary>
static class PerformanceMeasures
{
    const double DaysOfYear = 365.25;

    public static PerformanceSummary Of(
        MarketHistory history, BacktestSpec spec, IReadOnlyList<DailyEquity> daily, IReadOnlyList<RoundTrip> trips,
        ProfitStatement profit, decimal traded, ReadOnlySpan<double> benchmark)
    {
        var equity = Equity(daily, spec.Cash);
        var returns = Returns(equity);
        var periods = Periods(spec, history);
        var years = (daily[^1].Date.DayNumber - daily[0].Date.DayNumber) / DaysOfYear;
        var measured = returns.Length >= TailRisk.MinimumSampleCount ? returns : [];
        var sharpe = measured.Length > 0 ? SharpeEstimate.Of(measured) : null;
        SampleMoments? moments = measured.Length > 0 ? SampleMoments.Of(measured) : null;
        var falls = returns.Length > 0 ? DrawdownRisk.Falls(equity) : [];
        double? deepest = returns.Length > 0 ? falls.Select(fall => fall.Depth).DefaultIfEmpty().Max() : null;
        var cagr = years > 0 && returns.Length > 0 ? ReturnMeasures.CompoundGrowth(equity[0], equity[^1], years) : null;
        var beside = measured.Length > 0 && Returns([.. benchmark]) is { } market && market.Length == measured.Length
            ? BenchmarkComparison.Of(measured, market)
            : null;
        var mean = daily.Average(day => (double)day.Equity);
        var (profits, losses) = (trips.Sum(trip => Math.Max(0, trip.Profit)), trips.Sum(trip => Math.Max(0, -trip.Profit)));
        return new(
            daily[0].Date, daily[^1].Date, returns.Length, periods, (double)(daily[^1].Equity / spec.Cash) - 1, cagr,
            moments?.UnbiasedDeviation * Math.Sqrt(periods), sharpe?.Annualised(periods),
            measured.Length > 0 ? ReturnMeasures.Sortino(measured) * Math.Sqrt(periods) : null,
            deepest > 0 ? cagr / deepest : null, measured.Length > 0 ? ReturnMeasures.Omega(measured) : null,
            measured.Length > 0 ? ReturnMeasures.TailRatio(measured) : null, moments?.Skewness, moments?.ExcessKurtosis + 3,
            deepest, Tail(measured, 0.95)?.ValueAtRisk, Tail(measured, 0.99)?.ValueAtRisk, Tail(measured, 0.975)?.ExpectedShortfall,
            beside?.Alpha * periods, beside?.Beta, beside?.InformationRatio * Math.Sqrt(periods),
            sharpe?.Probabilistic(0), sharpe?.Deflated(1, 0), 1, sharpe?.MinimumTrackRecord(0),
            mean > 0 ? daily.Average(day => (double)(day.Long + day.Short)) / mean : null,
            daily.Count(day => day.Long + day.Short > 0) / (double)daily.Count,
            years > 0 && mean > 0 ? (double)traded / 2 / mean / years : null, trips.Count,
            trips.Count > 0 ? trips.Count(trip => trip.Profit > 0) / (double)trips.Count : null,
            losses > 0 ? (double)(profits / losses) : null, trips.Count > 0 ? (double)(profits - losses) / trips.Count : null,
            BreakEven(profit, spec), Capacity(profit, spec))
        {
            Drawdowns = Periods(falls, daily, daily.Count - equity.Length),
            Months = Months(daily, spec.Cash),
        };
    }

    /// <summary>Daily returns of a run, as they go into comparisons of many.</summary>
    public static double[] Returns(IReadOnlyList<DailyEquity> daily, decimal cash) => Returns(Equity(daily, cash));

    /// <summary>Equity at the end of each day, before it the first cash where the first day changed it; cut where it is not
    /// positive, from where on there are no returns.</summary>
    static double[] Equity(IReadOnlyList<DailyEquity> daily, decimal cash)
    {
        var positive = daily.TakeWhile(day => day.Equity > 0).Select(day => (double)day.Equity);
        return daily[0].Equity == cash ? [.. positive] : [(double)cash, .. positive];
    }

    static double[] Returns(double[] equity)
    {
        var returns = new double[Math.Max(0, equity.Length - 1)];
        for (var i = 0; i < returns.Length; i++) returns[i] = equity[i + 1] / equity[i] - 1;
        return returns;
    }

    public static double Periods(BacktestSpec spec, MarketHistory history) => spec.PeriodsPerYear is { } set ? set
        : history.Series.Any(one => one.Terms.AssetClass == AssetClass.Equity) ? 252
        : history.Series.All(one => one.Terms.AssetClass == AssetClass.Crypto) ? 365
        : 260;

    static TailEstimate? Tail(double[] returns, double confidence) =>
        returns.Length == 0
            ? null
            : new(TailRisk.HistoricalValueAtRisk(returns, confidence), TailRisk.ExpectedShortfall(returns, confidence));

    /// <summary>Impact is linear in its coefficient as long as the fills are the same.</summary>
    static double? BreakEven(ProfitStatement profit, BacktestSpec spec) =>
        profit.Costs.Impact > 0
            ? spec.Costs.Impact * (double)((profit.Net + profit.Costs.Impact) / profit.Costs.Impact)
            : null;

    /// <summary>With A times the cash the profit before impact is A times as large, and impact A√A times: the Sharpe ratio halves
    /// where profit before impact less √A times the impact is half of what it is now.</summary>
    static double? Capacity(ProfitStatement profit, BacktestSpec spec)
    {
        if (profit.Costs.Impact <= 0 || profit.Net <= 0) return null;
        var root = (double)((profit.Net / 2 + profit.Costs.Impact) / profit.Costs.Impact);
        return (double)spec.Cash * root * root;
    }

    /// <param name="shift">Where the first cash stands before the first day, -1; else 0 or more.</param>
    static ImmutableArray<DrawdownPeriod> Periods(IReadOnlyList<Drawdown> falls, IReadOnlyList<DailyEquity> daily, int shift)
    {
        return
        [
            .. falls.OrderByDescending(fall => fall.Depth).Take(PerformanceSummary.MostDrawdowns).Select(fall => new DrawdownPeriod(
                fall.Depth, Day(fall.Peak), Day(fall.Trough), fall.Recovery is { } at ? Day(at) : null,
                (fall.Recovery is { } end ? Day(end) : daily[^1].Date).DayNumber - Day(fall.Peak).DayNumber)),
        ];

        DateOnly Day(int place) => daily[Math.Max(0, place + Math.Min(0, shift))].Date;
    }

    static ImmutableArray<MonthlyReturn> Months(IReadOnlyList<DailyEquity> daily, decimal cash)
    {
        var months = ImmutableArray.CreateBuilder<MonthlyReturn>();
        var before = cash;
        for (var i = 0; i < daily.Count; i++)
        {
            var date = daily[i].Date;
            if (i + 1 < daily.Count && (daily[i + 1].Date.Month, daily[i + 1].Date.Year) == (date.Month, date.Year)) continue;
            if (before <= 0) break;
            months.Add(new(date.Year, date.Month, (double)(daily[i].Equity / before) - 1));
            before = daily[i].Equity;
        }

        return months.ToImmutable();
    }
}

using System.Globalization;

namespace Trading.Backtests;

/// <summary>The measures of a run in words and figures, for tables.</summary>
public static class MeasureTexts
{
    public static IEnumerable<(string Name, string Value)> Of(PerformanceSummary summary) =>
    [
        ("total return", Percent(summary.TotalReturn)), ("compound growth a year (CAGR)", Percent(summary.Cagr)),
        ("volatility a year", Percent(summary.Volatility)), ("Sharpe ratio", Two(summary.Sharpe)),
            ("Sortino ratio", Two(summary.Sortino)),
        ("Calmar ratio", Two(summary.Calmar)), ("Omega", Two(summary.Omega)), ("tail ratio", Two(summary.TailRatio)),
        ("skewness", Two(summary.Skewness)), ("kurtosis (3 is normal)", Two(summary.Kurtosis)),
            ("deepest drawdown", Percent(summary.MaxDrawdown)),
        ("value at risk of a day, 95 %", Percent(summary.ValueAtRisk95)),
            ("value at risk of a day, 99 %", Percent(summary.ValueAtRisk99)),
        ("expected shortfall of a day, 97.5 %", Percent(summary.ExpectedShortfall975)),
            ("alpha a year", Percent(summary.Alpha)),
        ("beta", Two(summary.Beta)), ("information ratio", Two(summary.InformationRatio)),
        ("probability that the Sharpe ratio is above 0", Percent(summary.ProbabilisticSharpe)),
        ($"the same, deflated for {summary.Trials} trials", Percent(summary.DeflatedSharpe)),
        ("days needed to prove it",
            summary.MinimumTrackRecord?.ToString("N0", CultureInfo.InvariantCulture) ?? Unknown),
        ("exposure", Percent(summary.Exposure)), ("days invested", Percent(summary.TimeInvested)),
            ("turnover a year", Two(summary.Turnover)),
        ("round trips", summary.Trades.ToString("N0", CultureInfo.InvariantCulture)),
            ("hit rate", Percent(summary.HitRate)),
        ("profit factor", Two(summary.ProfitFactor)), ("profit of a round trip", Short(summary.AverageTrade)),
        ("impact coefficient that leaves nothing", Two(summary.BreakEvenImpact)), ("capacity", Short(summary.Capacity)),
    ];

    const string Unknown = "not known";

    public static string Percent(double? value) => value?.ToString("0.00 %", CultureInfo.InvariantCulture) ?? Unknown;

    public static string Two(double? value) => value?.ToString("0.00", CultureInfo.InvariantCulture) ?? Unknown;

    /// <summary>An amount in whole units of money.</summary>
    public static string Amount(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>An amount in thousands or millions where it is large.</summary>
    public static string Short(double? value) => value is not { } known ? Unknown : Math.Abs(known) switch
    {
        < 0.005 => "0.00",
        >= 1e9 => (known / 1e9).ToString("0.00 G", CultureInfo.InvariantCulture),
        >= 1e6 => (known / 1e6).ToString("0.00 M", CultureInfo.InvariantCulture),
        >= 1e4 => (known / 1e3).ToString("0.0 k", CultureInfo.InvariantCulture),
        _ => known.ToString("0.00", CultureInfo.InvariantCulture),
    };
}

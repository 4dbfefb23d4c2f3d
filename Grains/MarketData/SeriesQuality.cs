using System.Collections.Immutable;

namespace Trading.MarketData;

/// <summary>What a series shows by itself, whatever the time: found once for each version.</summary>
/// <param name="Anomalies">The latest <see cref="SeriesQuality.MaxAnomalies"/>, newest first.</param>
public sealed record SeriesFindings(double Completeness, double Consistency, ImmutableArray<DataAnomaly> Anomalies);

/// <summary>Judges a series and changes nothing in it: an odd price is reported, never repaired or dropped, for it may be true.
/// <list type="table">
/// <item><term>repeated_session</term><description>every symbol of the source repeats its close (observed: none)</description></item>
/// <item><term>stale_run</term><description>the close repeats for many sessions on end (observed: how many)</description></item>
/// <item><term>jump</term><description>a daily log return far from the usual (observed: its robust score)</description></item>
/// <item><term>gap</term><description>many days without a session (observed: days between the two)</description></item>
/// </list></summary>
public static class SeriesQuality
{
    public const int MaxAnomalies = 50;
    /// <summary>Repeats of the close on end that make a <c>stale_run</c>.</summary>
    public const int StaleRun = 5;
    /// <summary>Robust score above which a return is a <c>jump</c>, by size.</summary>
    public const double JumpScore = 7;
    /// <summary>Returns before the judged one that it is measured against, at most and at least.</summary>
    public const int JumpWindow = 252, MinJumpWindow = 60;
    /// <summary>Days between two sessions above which there is a <c>gap</c>.</summary>
    public const int GapDays = 5;
    /// <summary>The least spread of daily returns, 0.1 %: a price that mostly stood still does not turn a tick into a jump.</summary>
    const double MinimumSpread = 0.001;

    /// <summary>The rules that need no clock.</summary>
    public static SeriesFindings Inspect(PriceSeries series, SessionCalendar calendar)
    {
        var repeated = Repeated(series, calendar);
        var (stale, staleSessions) = StaleRuns(series);
        var suspect = repeated.Select(anomaly => anomaly.Date).Union(staleSessions).Count();
        var anomalies = repeated.Concat(stale).Concat(Jumps(series)).Concat(Gaps(series));
        return new(
            Completeness(series, calendar),
            1 - ((double)suspect / series.Dates.Length),
            [.. anomalies.OrderByDescending(anomaly => anomaly.Date).Take(MaxAnomalies)]);
    }

    /// <summary>The report on a series at one moment.</summary>
    public static DataQuality Report(PriceSeries series, SeriesFindings findings, DateTimeOffset now, TimeSpan maxAge)
    {
        var age = now > series.Provenance.AsOf ? now - series.Provenance.AsOf : TimeSpan.Zero;
        return new(
            series.Symbol, SeriesStatus.Updated, series.Sector, series.Dates.Length, series.Dates[0], series.LastSession, series.LastPrice,
            findings.Completeness, findings.Consistency, age < maxAge ? 1 : 0, age.TotalSeconds,
            series.Provenance, series.Version, findings.Anomalies);
    }

    /// <summary>The report where there is no series: nothing is known, and nothing is zero.</summary>
    public static DataQuality NoReport(string symbol, SeriesStatus status) =>
        new(symbol, status, null, 0, null, null, null, null, null, null, null, null, 0, []);

    static double Completeness(PriceSeries series, SessionCalendar calendar)
    {
        var expected = calendar.Sessions.Where(session => session >= series.Dates[0] && session <= series.LastSession).ToHashSet();
        return expected.Count == 0 ? 1 : (double)series.Dates.Count(expected.Contains) / expected.Count;
    }

    static List<DataAnomaly> Repeated(PriceSeries series, SessionCalendar calendar) =>
    [
        .. calendar.Repeated.Intersect(series.Dates)
            .Select(date => new DataAnomaly(date, "repeated_session", null, null, "every symbol repeats its close of the session before")),
    ];

    static (List<DataAnomaly> Runs, List<DateOnly> Sessions) StaleRuns(PriceSeries series)
    {
        List<DataAnomaly> runs = [];
        List<DateOnly> sessions = [];
        var length = 0;
        for (var day = 1; day <= series.Closes.Length; day++)
        {
            if (day < series.Closes.Length && series.Closes[day] == series.Closes[day - 1])
            {
                length++;
                continue;
            }

            if (length >= StaleRun)
            {
                runs.Add(new(series.Dates[day - 1], "stale_run", length, StaleRun, $"{length} sessions on end repeat the close {series.Closes[day - 1]}"));
                sessions.AddRange(series.Dates[(day - length)..day]);
            }

            length = 0;
        }

        return (runs, sessions);
    }

    static IEnumerable<DataAnomaly> Jumps(PriceSeries series)
    {
        var window = new RobustWindow(JumpWindow);
        var before = Math.Log((double)series.Closes[0]);
        for (var day = 1; day < series.Closes.Length; day++)
        {
            var now = Math.Log((double)series.Closes[day]);
            var change = now - before;
            before = now;
            if (window.Count >= MinJumpWindow && window.Score(change, MinimumSpread) is var score && Math.Abs(score) > JumpScore)
                yield return new(series.Dates[day], "jump", score, JumpScore, FormattableString.Invariant(
                    $"moved by {Math.Exp(change) - 1:P1} to {series.Closes[day]}, {Math.Abs(score):F1} robust standard deviations from the median"));
            window.Add(change);
        }
    }

    static IEnumerable<DataAnomaly> Gaps(PriceSeries series)
    {
        for (var day = 1; day < series.Dates.Length; day++)
        {
            var days = series.Dates[day].DayNumber - series.Dates[day - 1].DayNumber;
            if (days > GapDays)
                yield return new(series.Dates[day], "gap", days, GapDays, $"{days} days after the session before, {series.Dates[day - 1]:yyyy-MM-dd}");
        }
    }
}

using System.Collections.Immutable;

namespace Trading.Learning;

/// <summary>What the date of the session says; nothing is asked of a later one.</summary>
sealed class CalendarFeatures : FeatureBlock
{
    static readonly ImmutableArray<Feature> All =
    [
        new("weekday_sine", "calendar", 1, "Monday to Friday as a circle"),
        new("weekday_cosine", "calendar", 1, "Monday to Friday as a circle"),
        new("month_sine", "calendar", 1, "day of the year as a circle"),
        new("month_cosine", "calendar", 1, "day of the year as a circle"),
        new("month_turn", "calendar", 1, "1 in the last 3 and the first 3 days of a month, else 0"),
        new("quarter_end", "calendar", 1, "1 in the last 10 days of a quarter, else 0"),
        new("days_since_session", "calendar", 2, "calendar days since the session before"),
    ];

    public override ImmutableArray<Feature> Columns => All;

    public override void Update(SessionState state, Span<double> row)
    {
        var session = state.Bar.Session;
        var left = DateTime.DaysInMonth(session.Year, session.Month) - session.Day;
        (row[0], row[1]) = Math.SinCos(2 * Math.PI * ((int)session.DayOfWeek - 1) / 5);
        (row[2], row[3]) = Math.SinCos(2 * Math.PI * session.DayOfYear / 365.25);
        row[4] = session.Day <= 3 || left < 3 ? 1 : 0;
        row[5] = session.Month % 3 == 0 && left < 10 ? 1 : 0;
        row[6] = state.Count > 1 ? session.DayNumber - state.Before.Session.DayNumber : double.NaN;
    }
}

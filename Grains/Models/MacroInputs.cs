using System.Collections.Immutable;
using Trading.Learning;
using Trading.MarketData;

namespace Trading.Models;

/// <summary>Economic series as a model may know them: each value from the first close after it was published, never
/// from the period that it is of.</summary>
static class MacroInputs
{
    /// <summary>Sessions after which a series must be known: a model needs a year of prices before its first row, and
    /// the change of a series looks back a quarter.</summary>
    public const int KnownBySession = 180;

    /// <summary>The series as an input, or why it is none. One that became known late would cost the rows before, so it
    /// is left out; an unknown value is never filled.</summary>
    public static (ExternalSeries? Series, string? Problem) Of(MacroSeries macro, ImmutableArray<DateOnly> sessions)
    {
        var points = Points(macro.Observations);
        if (points.IsEmpty)
            return (null, $"nothing is known of it ({macro.Status.ToString().ToLowerInvariant()})");
        if (IsTooLate(points[0].KnownBy, sessions))
            return (null, $"it was first known on {points[0].KnownBy:O}, too late for the history of prices");
        return (new($"macro_{macro.Series.ToLowerInvariant()}", ExternalKind.Level, null, points), null);
    }

    /// <summary>Whether a series that is known from a session on would cost rows of a history.</summary>
    public static bool IsTooLate(DateOnly known, ImmutableArray<DateOnly> sessions) =>
        sessions.Length <= KnownBySession || known > sessions[KnownBySession];

    /// <summary>In the order of knowledge; the revision of a period before the newest known one says nothing new of
    /// today.</summary>
    static ImmutableArray<ExternalPoint> Points(ImmutableArray<MacroObservation> observations)
    {
        var points = ImmutableArray.CreateBuilder<ExternalPoint>();
        var newest = DateOnly.MinValue;
        foreach (var observation in observations.OrderBy(each => each.KnownAt).ThenBy(each => each.Date))
        {
            if (observation.Value is not { } value || observation.Date < newest) continue;
            newest = observation.Date;
            points.Add(new(FirstCloseAfter(observation.KnownAt), (double)value));
        }

        return points.ToImmutable();
    }

    /// <summary>A value of a day is used at the close of the next; one of the midnight that ends a day, at that of the
    /// day that begins.</summary>
    public static DateOnly FirstCloseAfter(DateTimeOffset known) =>
        DateOnly.FromDateTime(known.UtcDateTime.AddTicks(-1)).AddDays(1);
}

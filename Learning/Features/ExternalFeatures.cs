using System.Collections.Immutable;

namespace Trading.Learning;

/// <summary>What the numbers of a series from outside are.</summary>
public enum ExternalKind
{
    /// <summary>A level that holds until the next one, such as an interest rate.</summary>
    Level,
    /// <summary>Things that happened, such as news; counted over sessions.</summary>
    Count,
}

/// <param name="KnownBy">The first session at whose close the value was known: not the period that it is of.</param>
public readonly record struct ExternalPoint(DateOnly KnownBy, double Value);

/// <summary>News counts, an economic series, or whatever else lies outside prices.</summary>
/// <param name="Symbol">Whose it is; null for all.</param>
/// <param name="Points">In the order of knowledge.</param>
/// <param name="MaxAge">Days after its last value from which it is not known any more; null where it stays
/// known.</param>
public sealed record ExternalSeries(
    string Name, ExternalKind Kind, string? Symbol, ImmutableArray<ExternalPoint> Points, int? MaxAge = null);

/// <summary>Columns of the series from outside for one symbol, as they were known at each close. A count is known from
/// the session after the first value on: before it nobody counted, and of its own session only a part.</summary>
sealed class ExternalFeatures
{
    static readonly int[] Counts = [1, 5, 21];
    const int Change = 63;
    readonly (ExternalSeries Series, List<double> Known)[] _series;
    readonly int[] _next;

    public ExternalFeatures(ImmutableArray<ExternalSeries> all, string symbol)
    {
        _series = [.. Names(all).Select(name => (
            all.FirstOrDefault(series => series.Name == name.Name && series.Symbol == symbol)
                ?? all.FirstOrDefault(series => series.Name == name.Name && series.Symbol is null)
                ?? new(name.Name, name.Kind, symbol, []),
            new List<double>()))];
        _next = new int[_series.Length];
    }

    public static ImmutableArray<Feature> ColumnsOf(ImmutableArray<ExternalSeries> all) =>
        [.. Names(all).SelectMany(series => series.Kind == ExternalKind.Level
            ? new[]
            {
                new Feature(series.Name, "external", 1, "the last value known", FeatureNeeds.External),
                new Feature($"{series.Name}_change_{Change}", "external", Change + 1, $"change over {Change} sessions",
                    FeatureNeeds.External),
            }
            : Feature.Each(series.Name, "external", Counts, 0, ", sum", FeatureNeeds.External))];

    public void Update(DateOnly session, Span<double> row)
    {
        var at = 0;
        for (var i = 0; i < _series.Length; i++)
        {
            var (series, known) = _series[i];
            var now = Now(series, ref _next[i], session);
            known.Add(now);
            if (series.Kind == ExternalKind.Level)
            {
                row[at++] = now;
                row[at++] = known.Count > Change ? now - known[^(Change + 1)] : double.NaN;
                continue;
            }

            foreach (var length in Counts)
                row[at++] = known.Count >= length ? known.Skip(known.Count - length).Sum() : double.NaN;
        }
    }

    /// <summary>The level that holds at a close, or what was counted since the one before; NaN where it is not
    /// known.</summary>
    /// <param name="next">The first point that was not known before.</param>
    static double Now(ExternalSeries series, ref int next, DateOnly session)
    {
        var (points, sum) = (series.Points, 0.0);
        for (; next < points.Length && points[next].KnownBy <= session; next++)
            sum += points[next].Value;
        if (next == 0 || session.DayNumber - points[next - 1].KnownBy.DayNumber > series.MaxAge) return double.NaN;
        if (series.Kind == ExternalKind.Level) return points[next - 1].Value;
        return session > points[0].KnownBy ? sum : double.NaN;
    }

    static IEnumerable<(string Name, ExternalKind Kind)> Names(ImmutableArray<ExternalSeries> all) =>
        all.Select(series => (series.Name, series.Kind)).Distinct();
}

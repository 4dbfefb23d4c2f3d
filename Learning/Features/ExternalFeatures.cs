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
public sealed record ExternalSeries(string Name, ExternalKind Kind, string? Symbol, ImmutableArray<ExternalPoint> Points);

/// <summary>Columns of the series from outside for one symbol, as they were known at each close.</summary>
sealed class ExternalFeatures
{
    static readonly int[] Counts = [1, 5, 21];
    const int Change = 63;
    readonly (ExternalKind Kind, ImmutableArray<ExternalPoint> Points, List<double> Known)[] _series;
    readonly int[] _next;

    public ExternalFeatures(ImmutableArray<ExternalSeries> all, string symbol)
    {
        _series = [.. Names(all).Select(name => (name.Kind,
            all.FirstOrDefault(series => series.Name == name.Name && series.Symbol == symbol)?.Points
                ?? all.FirstOrDefault(series => series.Name == name.Name && series.Symbol is null)?.Points ?? [],
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
            var (kind, points, known) = _series[i];
            var (sum, level) = (0.0, known.Count > 0 ? known[^1] : double.NaN);
            for (; _next[i] < points.Length && points[_next[i]].KnownBy <= session; _next[i]++)
                (sum, level) = (sum + points[_next[i]].Value, points[_next[i]].Value);
            known.Add(kind == ExternalKind.Level ? level : sum);
            if (kind == ExternalKind.Level)
            {
                row[at++] = level;
                row[at++] = known.Count > Change ? level - known[^(Change + 1)] : double.NaN;
                continue;
            }

            foreach (var length in Counts)
                row[at++] = known.Count >= length && !points.IsEmpty ? known.Skip(known.Count - length).Sum() : double.NaN;
        }
    }

    static IEnumerable<(string Name, ExternalKind Kind)> Names(ImmutableArray<ExternalSeries> all) =>
        all.Select(series => (series.Name, series.Kind)).Distinct();
}

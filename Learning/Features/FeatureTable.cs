using System.Collections.Immutable;

namespace Trading.Learning;

/// <summary>The history of one symbol.</summary>
/// <param name="Bars">Oldest first.</param>
/// <param name="HasRange">Whether opens, highs and lows are more than the close written four times.</param>
/// <param name="HasVolume">Whether every session has a volume.</param>
public sealed record SymbolHistory(string Symbol, ImmutableArray<FeatureBar> Bars, bool HasRange, bool HasVolume)
{
    /// <summary>What the bars have is told by the bars.</summary>
    public static SymbolHistory Of(string symbol, ImmutableArray<FeatureBar> bars) => new(symbol, bars,
        bars.Any(bar => bar.High > bar.Low), bars.All(bar => !double.IsNaN(bar.Volume)));
}

/// <summary>Every row whose features are all known: finite numbers only.</summary>
public sealed class FeatureTable
{
    readonly double[] _values;
    readonly ImmutableArray<(int Symbol, int Bar)> _places;

    FeatureTable(
        ImmutableArray<Feature> columns, ImmutableArray<SymbolHistory> histories, double[] values,
        ImmutableArray<(int, int)> places, ImmutableArray<int> undefined, int skipped)
    {
        (Columns, Histories, _values, _places) = (columns, histories, values, places);
        (Undefined, SkippedSessions) = (undefined, skipped);
    }

    public ImmutableArray<Feature> Columns { get; }
    public ImmutableArray<SymbolHistory> Histories { get; }
    public int Count => _places.Length;

    /// <summary>For each column, rows left out because it was not defined although its look-back was full.</summary>
    public ImmutableArray<int> Undefined { get; }

    /// <summary>Sessions that count for nothing since the market has no close.</summary>
    public int SkippedSessions { get; }

    public ReadOnlySpan<double> Row(int row) => _values.AsSpan(row * Columns.Length, Columns.Length);

    /// <summary>Whose row it is, and which of its bars.</summary>
    public (int Symbol, int Bar) Place(int row) => _places[row];

    public DateOnly Session(int row) => Histories[_places[row].Symbol].Bars[_places[row].Bar].Session;

    /// <summary>All rows of a panel, session by session, symbols in their order.</summary>
    /// <param name="market">Sessions and closes of a market to compare with; null for the symbols' own mean.</param>
    /// <exception cref="ArgumentException">No history, or bars that are not in order.</exception>
    public static FeatureTable Of(
        ImmutableArray<SymbolHistory> histories, IReadOnlyDictionary<DateOnly, double>? market = null,
        ImmutableArray<ExternalSeries> external = default, CancellationToken cancellation = default)
    {
        if (histories.IsDefaultOrEmpty) throw new ArgumentException("There is no history.", nameof(histories));
        var panel = new PanelFeatures([.. histories.Select(history => history.Symbol)],
            histories.All(history => history.HasRange), histories.All(history => history.HasVolume), market is not null,
            external.IsDefault ? [] : external);
        var (symbols, width, skipped) = (histories.Length, panel.Columns.Length, 0);
        var (next, bars, rows) = (new int[symbols], new FeatureBar?[symbols], new double[symbols * width]);
        var (values, places) = (new List<double>(), ImmutableArray.CreateBuilder<(int, int)>());
        var undefined = new int[width];
        while (NextSession(histories, next) is { } session)
        {
            cancellation.ThrowIfCancellationRequested();
            for (var i = 0; i < symbols; i++)
                bars[i] = next[i] < histories[i].Bars.Length && histories[i].Bars[next[i]].Session == session
                    ? histories[i].Bars[next[i]++]
                    : null;
            if (!panel.Advance(session, bars, market?.TryGetValue(session, out var close) == true ? close : null, rows))
            {
                skipped++;
                continue;
            }

            for (var i = 0; i < symbols; i++)
                if (bars[i] is not null && IsKnown(rows.AsSpan(i * width, width), panel.Columns, next[i], undefined))
                {
                    values.AddRange(rows.AsSpan(i * width, width));
                    places.Add((i, next[i] - 1));
                }
        }

        return new(panel.Columns, histories, [.. values], places.ToImmutable(), [.. undefined], skipped);
    }

    static DateOnly? NextSession(ImmutableArray<SymbolHistory> histories, int[] next)
    {
        DateOnly? session = null;
        for (var i = 0; i < next.Length; i++)
            if (next[i] < histories[i].Bars.Length && !(session <= histories[i].Bars[next[i]].Session))
                session = histories[i].Bars[next[i]].Session;
        return session;
    }

    static bool IsKnown(ReadOnlySpan<double> row, ImmutableArray<Feature> columns, int bars, int[] undefined)
    {
        var known = true;
        for (var column = 0; column < row.Length; column++)
        {
            if (double.IsFinite(row[column])) continue;
            known = false;
            if (bars >= columns[column].LookBack) undefined[column]++;
        }

        return known;
    }
}

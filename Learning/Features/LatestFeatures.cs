using System.Collections.Immutable;

namespace Trading.Learning;

/// <summary>What is known of one symbol at its last close.</summary>
/// <param name="Row">A number for each column; NaN where it is not known.</param>
/// <param name="Volatility">Of one session's return; null before there are enough.</param>
public sealed record LatestFeatures(ImmutableArray<Feature> Columns, double[] Row, double? Volatility)
{
    public ImmutableArray<string> Ids { get; } = [.. Columns.Select(column => column.Id)];

    public static LatestFeatures Of(
        SymbolHistory history, IReadOnlyDictionary<DateOnly, double>? market = null,
        ImmutableArray<ExternalSeries> external = default)
    {
        var panel = new PanelFeatures([history.Symbol], history.HasRange, history.HasVolume, market is not null,
            external.IsDefault ? [] : external);
        var row = new double[panel.Columns.Length];
        foreach (var bar in history.Bars)
            panel.Advance(bar.Session, [bar], market?.TryGetValue(bar.Session, out var close) == true ? close : null, row);
        var volatility = row[panel.Columns.Select(column => column.Name).ToList().IndexOf("volatility_21")];
        return new(panel.Columns, row, volatility > 0 ? volatility : null);
    }
}

using System.Collections.Immutable;
using Trading.Learning;
using Trading.MarketData;

namespace Trading.Models;

/// <summary>Published series as a model of one symbol may know them: each value from the first close after its
/// publication.</summary>
static class PublishedInputs
{
    /// <summary>The series as an input, or why it is none: a symbol that it tells nothing of has no column of it, which
    /// is not the same as a column of zeros.</summary>
    /// <param name="maxAge">Days after which a series that nothing was added to is not known.</param>
    public static (ExternalSeries? Series, string? Problem) Of(
        PublishedSeries series, string symbol, ImmutableArray<DateOnly> sessions, int maxAge)
    {
        var isNamed = series.IsBySymbol && series.Values.Any(value => value.Symbol == symbol);
        var points = series.Kind == PublishedKind.Level ? Levels(series, isNamed ? symbol : null)
            : isNamed || !series.IsBySymbol ? Counts(series, symbol)
            : [];
        if (points.IsEmpty) return (null, $"it tells nothing of {symbol}");
        return MacroInputs.IsTooLate(points[0].KnownBy, sessions)
            ? (null, $"it was first known on {points[0].KnownBy:O}, too late for the history of prices")
            : (new($"published_{series.Name}", series.Kind == PublishedKind.Level ? ExternalKind.Level : ExternalKind.Count,
                symbol, points, maxAge), null);
    }

    static ImmutableArray<ExternalPoint> Levels(PublishedSeries series, string? symbol) =>
        [.. series.Values.Where(value => value.Symbol == symbol).Select(value => Known(value, (double)value.Value))];

    /// <summary>What is told of other symbols shows that the series went on, and that there was nothing of this
    /// one.</summary>
    static ImmutableArray<ExternalPoint> Counts(PublishedSeries series, string symbol) =>
        [.. series.Values.Select(value => Known(value, value.Symbol is null || value.Symbol == symbol ? (double)value.Value : 0))];

    static ExternalPoint Known(PublishedValue value, double number) => new(MacroInputs.FirstCloseAfter(value.At), number);
}

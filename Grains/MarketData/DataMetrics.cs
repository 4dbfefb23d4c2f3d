using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Trading.MarketData;

/// <summary>What the series that are held in this process show of their quality. Labels are bounded: modes and
/// dimensions, not symbols; which symbol it is, <c>/api/data/quality</c> says.</summary>
public static class DataMetrics
{
    public const string MeterName = "Trading.MarketData";

    static readonly Meter Meter = new(MeterName);
    static readonly ConcurrentDictionary<string, SymbolQuality> Held = new(StringComparer.Ordinal);

    static readonly (string Name, Func<QualityScores, double?> Of)[] Dimensions =
    [
        ("completeness", scores => scores.Completeness), ("consistency", scores => scores.Consistency),
        ("accuracy", scores => scores.Accuracy), ("freshness", scores => scores.Freshness),
    ];

    static DataMetrics()
    {
        Meter.CreateObservableGauge("data_quality", Lowest, null,
            "Lowest score of any symbol held, from 0 to 1, by dimension.");
        Meter.CreateObservableGauge("data_symbols", Modes, "{symbol}",
            "Symbols held, by what the quality of their data lets them do.");
        Meter.CreateObservableGauge(
            "data_quarantined_bars", () => Held.Values.Sum(symbol => symbol.Quarantined), "{bar}",
            "Daily bars of the symbols held that wait in quarantine.");
    }

    internal static void Publish(DataQuality data)
    {
        if (data.Quality is { } quality) Held[data.Symbol] = quality;
        else Forget(data.Symbol);
    }

    internal static void Forget(string symbol) => Held.TryRemove(symbol, out _);

    static IEnumerable<Measurement<double>> Lowest() =>
        from dimension in Dimensions
        let lowest = Held.Values.Min(symbol => dimension.Of(symbol.Scores)) // of those that are known
        where lowest is not null
        select new Measurement<double>(lowest.Value, new KeyValuePair<string, object?>("dimension", dimension.Name));

    static IEnumerable<Measurement<int>> Modes() =>
        from mode in Enum.GetValues<SymbolMode>()
        select new Measurement<int>(
            Held.Values.Count(symbol => symbol.Mode == mode), new KeyValuePair<string, object?>("mode", CodeOf(mode)));

    static string CodeOf(SymbolMode mode) =>
        mode switch { SymbolMode.Normal => "normal", SymbolMode.ReduceOnly => "reduce_only", _ => "blocked" };
}

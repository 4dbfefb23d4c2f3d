using System.Globalization;
using Trading.Testing;

namespace Trading.Learning.Tests;

/// <summary>Indicators of a real series against R's TTR, from the first row, so that seeding shows.</summary>
public sealed class ReferenceIndicatorTests
{
    const double Tolerance = 1e-6;

    [ReferenceFact]
    public void Indicators_AgreeWithTtr()
    {
        string[][] lines = [.. File.ReadLines(Path.Combine(RepositoryFiles.Shared!, "reference", "indicators",
            "ttr_aapl_2015_2020.csv")).Select(line => line.Split(','))];
        string[][] rows = lines[1..];
        double? Ttr(int row, string name) =>
            rows[row][Array.IndexOf(lines[0], name)] is var text && text == "NA" ? null : Number(text);
        FeatureBar[] bars = [.. rows.Select((_, i) => new FeatureBar(DateOnly.Parse(rows[i][0], CultureInfo.InvariantCulture),
            Ttr(i, "open")!.Value, Ttr(i, "high")!.Value, Ttr(i, "low")!.Value, Ttr(i, "close")!.Value, Ttr(i, "volume")!.Value))];
        Dictionary<string, Func<int, double?>> expected = new()
        {
            ["rsi_14"] = i => Ttr(i, "rsi14") / 100,
            ["macd"] = i => Ttr(i, "macd") / bars[i].Close,
            ["macd_signal"] = i => Ttr(i, "macd_signal") / bars[i].Close,
            ["macd_histogram"] = i => (Ttr(i, "macd") - Ttr(i, "macd_signal")) / bars[i].Close,
            ["atr_14"] = i => Ttr(i, "atr14") / bars[i].Close,
            ["adx_14"] = i => Ttr(i, "adx14"),
            ["directional_difference_14"] = i => Ttr(i, "di_plus") - Ttr(i, "di_minus"),
            ["stochastic_14"] = i => Ttr(i, "stoch_fastk"),
            ["stochastic_mean_3"] = i => Ttr(i, "stoch_fastd"),
            ["cci_20"] = i => Ttr(i, "cci20"),
            ["bollinger_position_20"] = i => Ttr(i, "bb_pctb"),
            ["bollinger_width_20"] = i => (Ttr(i, "bb_upper") - Ttr(i, "bb_lower")) / Ttr(i, "bb_mid"),
            ["distance_average_20"] = i => Ttr(i, "sma20") is { } mean ? Math.Log(bars[i].Close / mean) : null,
            ["return_10"] = i => Ttr(i, "roc10") is { } change ? Math.Log(1 + change) : null,
        };
        var features = new SymbolFeatures(FeatureNeeds.Range | FeatureNeeds.Volume);
        var columns = FeatureCatalog.Columns(FeatureNeeds.Range | FeatureNeeds.Volume, []).Select(column => column.Name).ToList();
        var row = new double[features.Width];
        for (var i = 0; i < bars.Length; i++)
        {
            features.Update(bars[i], 0, row);
            foreach (var (name, value) in expected)
                if (value(i) is { } number) row[columns.IndexOf(name)].ShouldBe(number, Tolerance, $"{name} on {bars[i].Session:O}");
                else row[columns.IndexOf(name)].ShouldBe(double.NaN, $"{name} on {bars[i].Session:O}");
        }
    }

    static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}

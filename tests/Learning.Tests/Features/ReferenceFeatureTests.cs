using System.Globalization;
using Trading.Testing;

namespace Trading.Learning.Tests;

/// <summary>Features of real series against what pandas, statsmodels and TTR make of them.</summary>
public sealed class ReferenceFeatureTests
{
    [ReferenceFact]
    public void BetaAndCorrelation_AgreeWithPandas()
    {
        // The reference is of plain returns: taken as logarithms, they are those of another pair with the same beta.
        var rows = Read("beta", "aapl_vs_spy_252.csv");
        var (features, columns, row) = Begin(FeatureNeeds.Market);
        var (market, symbol, first) = (0.0, 0.0, DateOnly.Parse(rows[0]["date"], CultureInfo.InvariantCulture));
        features.Update(FeatureBar.OfClose(first.AddDays(-1), 1), 0, row);
        // Sessions before the first of the reference are not in it: a whole window of its own comes first.
        for (var i = 0; i < rows.Count; i++)
        {
            (market, symbol) = (market + Number(rows[i]["x_return"]), symbol + Number(rows[i]["y_return"]));
            features.Update(FeatureBar.OfClose(first.AddDays(i), Math.Exp(symbol)), market, row);
            if (i < 251) continue;
            row[columns.IndexOf("beta_252")].ShouldBe(Number(rows[i]["beta"]), 1e-9, rows[i]["date"]);
            row[columns.IndexOf("correlation_252")].ShouldBe(Number(rows[i]["correlation"]), 1e-9, rows[i]["date"]);
        }
    }

    [ReferenceFact]
    public void ReturnsAveragesAndFalls_AgreeWithPandas()
    {
        var expected = Read("ml", "spy_features.csv").ToDictionary(row => row["date"]);
        var (features, columns, row) = Begin(FeatureNeeds.None);
        var compared = 0;
        var closes = Path.Combine(RepositoryFiles.Shared!, "data", "adjusted", "spy.csv");
        foreach (var line in File.ReadLines(closes).Skip(1))
        {
            var fields = line.Split(',');
            var session = DateOnly.Parse(fields[0], CultureInfo.InvariantCulture);
            features.Update(FeatureBar.OfClose(session, Number(fields[4])), 0, row);
            if (!expected.TryGetValue(fields[0], out var reference)) continue;
            compared++;
            double Theirs(string name) => Number(reference[name]);
            foreach (var (name, theirs) in new[]
            {
                ("return_1", Theirs("ret1")), ("return_5", Theirs("ret5")), ("return_21", Theirs("ret21")),
                ("average_cross_10_50", Math.Log(1 + Theirs("ma_ratio_10_50"))),
                ("distance_high_63", Math.Log(1 + Theirs("drawdown_63"))),
                ("volatility_21", Theirs("vol21") * Math.Sqrt(20.0 / 21)), // theirs is over n - 1
            })
                row[columns.IndexOf(name)].ShouldBe(theirs, 1e-9, $"{name} on {fields[0]}");
        }

        compared.ShouldBe(expected.Count);
    }

    [ReferenceFact]
    public void OnBalanceVolumeAndWilliams_AgreeWithTtr()
    {
        var rows = Read("indicators", "ttr_aapl_2015_2020.csv");
        var (features, columns, row) = Begin(FeatureNeeds.Range | FeatureNeeds.Volume);
        for (var i = 0; i < rows.Count; i++)
        {
            double Of(string name, int at) => Number(rows[at][name]);
            var session = DateOnly.Parse(rows[i]["date"], CultureInfo.InvariantCulture);
            features.Update(new(session, Of("open", i), Of("high", i), Of("low", i), Of("close", i), Of("volume", i)), 0, row);
            if (i < 21) continue;
            row[columns.IndexOf("on_balance_volume_21")].ShouldBe(
                (Of("obv", i) - Of("obv", i - 21)) / Enumerable.Range(i - 20, 21).Sum(at => Of("volume", at)), 1e-9);
            row[columns.IndexOf("stochastic_14")].ShouldBe(1 - Of("williams_r14", i), 1e-9);
        }
    }

    static (SymbolFeatures Features, List<string> Columns, double[] Row) Begin(FeatureNeeds needs)
    {
        List<string> columns = [.. FeatureCatalog.Columns(needs, []).Select(column => column.Name)];
        return (new(needs), columns, new double[columns.Count]);
    }

    static List<Dictionary<string, string>> Read(string folder, string file)
    {
        string[][] lines = [.. File.ReadLines(Path.Combine(RepositoryFiles.Shared!, "reference", folder, file))
            .Select(line => line.Split(','))];
        return [.. lines[1..].Select(line => lines[0].Zip(line).ToDictionary(pair => pair.First, pair => pair.Second))];
    }

    static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}

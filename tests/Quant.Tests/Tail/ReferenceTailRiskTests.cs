using System.Text.Json;
using Trading.Testing;

namespace Trading.Quant.Tests;

/// <summary>The measures on real series against R and Python.</summary>
public sealed class ReferenceTailRiskTests
{
    const double Tolerance = 1e-9;
    static readonly double[] Confidences = [0.95, 0.975, 0.99];

    [ReferenceFact]
    public void Quantiles_AgreeWithR()
    {
        foreach (var series in ReferenceData.Json("r_single_series.json").GetProperty("cases").EnumerateObject())
        {
            var returns = Returns(series.Value.GetProperty("input"), "from");
            var quantiles = series.Value.GetProperty("quantile_of_returns");
            foreach (var (confidence, tail) in ((double, string)[])[(0.995, "0.005"), (0.99, "0.01"), (0.975, "0.025"), (0.95, "0.05"), (0.9, "0.1")])
            {
                TailRisk.HistoricalValueAtRisk(returns, confidence)
                    .ShouldAgree(-quantiles.GetProperty("type1").GetProperty(tail).GetDouble(), Tolerance, series.Name);
                TailRisk.HistoricalValueAtRisk(returns, confidence, QuantileMethod.Type7)
                    .ShouldAgree(-quantiles.GetProperty("type7").GetProperty(tail).GetDouble(), Tolerance, series.Name);
            }
        }
    }

    [ReferenceFact]
    public void ValueAtRiskAndExpectedShortfall_AgreeWithPython()
    {
        foreach (var series in ReferenceData.Json("py_single_series.json").GetProperty("cases").EnumerateObject())
        {
            var returns = Returns(series.Value.GetProperty("input"), "from_");
            foreach (var confidence in Confidences)
            {
                var key = FormattableString.Invariant($"{confidence}");
                var quantiles = series.Value.GetProperty("var_historical").GetProperty(key);
                Agree(returns, confidence, quantiles, series.Value.GetProperty("es_historical").GetProperty(key).GetProperty("exact_tail_mean"), series.Name);
            }
        }
    }

    [ReferenceFact]
    public void Portfolios_AgreeWithPython_AndTheirComponentsSum()
    {
        foreach (var portfolio in ReferenceData.Json("py_portfolios.json").GetProperty("cases").EnumerateObject())
        {
            var input = portfolio.Value.GetProperty("input");
            var assets = input.GetProperty("assets").EnumerateArray().ToArray();
            var units = assets.Select(asset => Returns(asset, "from_", input)).ToArray();
            var weights = assets.Select(asset => asset.GetProperty("weight").GetDouble()).ToArray();
            var returns = new double[units[0].Length];
            foreach (var (unit, weight) in units.Zip(weights))
                ScenarioRisk.AddScaled(returns, unit, weight);

            foreach (var confidence in Confidences)
            {
                var expected = portfolio.Value.GetProperty("historical_of_portfolio_returns").GetProperty(FormattableString.Invariant($"{confidence}"));
                Agree(returns, confidence, expected, expected.GetProperty("es_exact_tail_mean"), portfolio.Name);
                var tail = new double[returns.Length];
                ScenarioRisk.TailWeights(returns, confidence, tail);
                units.Zip(weights, (unit, weight) => ScenarioRisk.Component(tail, unit, weight)).Sum()
                    .ShouldBe(TailRisk.ExpectedShortfall(returns, confidence), 1e-10, portfolio.Name);
            }
        }
    }

    static void Agree(double[] returns, double confidence, JsonElement quantiles, JsonElement shortfall, string name)
    {
        // Where n(1-confidence) is whole, NumPy's own 1 - 0.95 rounds up to the next rank (2,140 returns: 108 instead of 107).
        var whole = decimal.IsInteger(returns.Length * (1 - (decimal)confidence));
        TailRisk.HistoricalValueAtRisk(returns, confidence)
            .ShouldAgree(quantiles.GetProperty(whole ? "lower" : "inverted_cdf").GetDouble(), Tolerance, name);
        TailRisk.HistoricalValueAtRisk(returns, confidence, QuantileMethod.Type7)
            .ShouldAgree(quantiles.GetProperty("linear").GetDouble(), Tolerance, name);
        TailRisk.ExpectedShortfall(returns, confidence).ShouldAgree(shortfall.GetDouble(), Tolerance, name);
    }

    static double[] Returns(JsonElement series, string from, JsonElement? window = null) => ReferenceData.Returns(
        series.GetProperty("file").GetString()!, series.GetProperty("column").GetString()!,
        (window ?? series).GetProperty(from).GetString()!, (window ?? series).GetProperty("to").GetString()!);
}

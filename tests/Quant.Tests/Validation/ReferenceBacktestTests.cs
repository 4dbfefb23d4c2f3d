using System.Text.Json;
using Trading.Testing;

namespace Trading.Quant.Tests;

/// <summary>Backtests of real forecasts against Python (in logarithms) and R's rugarch.</summary>
public sealed class ReferenceBacktestTests
{
    const double Tolerance = 1e-9;

    [ReferenceFact]
    public void EveryTest_AgreesWithPython()
    {
        foreach (var (name, expected, exceptions, confidence) in Cases("py_var_backtests.json"))
        {
            var counts = expected.GetProperty("transitions");
            Transitions.Of(exceptions).ShouldBe(new(Count(counts, "n00"), Count(counts, "n01"), Count(counts, "n10"), Count(counts, "n11")), name);
            var coverage = Kupiec.Test(exceptions.Length, exceptions.Count(one => one), confidence);
            coverage.Exceptions.ShouldBe(Count(expected, "exceptions"), name);
            Agree(coverage, expected, "kupiec_pof", name);
            Agree(Christoffersen.Independence(exceptions), expected, "independence", name);
            Agree(Christoffersen.ConditionalCoverage(exceptions, confidence), expected, "conditional_coverage", name);
            TrafficLight.Of(exceptions.Length, coverage.Exceptions, confidence).AtLeast
                .ShouldBe(Number(expected, "binomial_prob_at_least"), Tolerance * Number(expected, "binomial_prob_at_least"), name);
        }
    }

    /// <summary>rugarch multiplies probabilities; where that underflows its answer is missing, and only there ours stands alone.</summary>
    [ReferenceFact]
    public void EveryTest_AgreesWithR_WhereRHasAnAnswer()
    {
        foreach (var (name, expected, exceptions, confidence) in Cases("r_var_backtests.json"))
        {
            Agree(Kupiec.Test(exceptions.Length, exceptions.Count(one => one), confidence), expected, "kupiec_pof", name, 1e-7);
            Agree(Christoffersen.Independence(exceptions), expected, "independence", name, 1e-7);
            Agree(Christoffersen.ConditionalCoverage(exceptions, confidence), expected, "conditional_coverage", name, 1e-7);
        }
    }

    static void Agree(LikelihoodRatio test, JsonElement expected, string prefix, string name, double tolerance = Tolerance)
    {
        if (expected.GetProperty($"{prefix}_lr").ValueKind != JsonValueKind.Number) return;
        test.Statistic.ShouldBe(Number(expected, $"{prefix}_lr"), tolerance * Math.Max(1, test.Statistic), name);
        test.PValue.ShouldBe(Number(expected, $"{prefix}_p"), tolerance * test.PValue + 1e-14 * (tolerance / Tolerance), name);
    }

    static IEnumerable<(string Name, JsonElement Expected, bool[] Exceptions, double Confidence)> Cases(string file) =>
        from one in ReferenceData.Json(file).GetProperty("cases").EnumerateObject()
        let rows = ReferenceData.Csv(Path.Combine("reference", "backtest", $"{one.Name}.csv"))
        let level = one.Value.TryGetProperty("level", out var direct) ? direct : one.Value.GetProperty("input").GetProperty("level")
        from result in one.Value.GetProperty("results").EnumerateObject()
        let column = Column(rows[0], result.Name)
        let returns = rows.Skip(1).Select(row => ReferenceData.Number(row[1])).ToArray()
        let forecasts = rows.Skip(1).Select(row => ReferenceData.Number(row[column])).ToArray()
        select ($"{one.Name} {result.Name}", result.Value, ValueAtRiskBacktest.Exceptions(returns, forecasts), level.GetDouble());

    static int Column(string[] header, string name) =>
        Array.FindIndex(header, field => field == name || field == $"var_{name}") is >= 0 and var at ? at : Array.IndexOf(header, "var");

    static double Number(JsonElement element, string name) => element.GetProperty(name).GetDouble();

    static int Count(JsonElement element, string name) => element.GetProperty(name).GetInt32();
}

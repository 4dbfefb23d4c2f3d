using Trading.Testing;

namespace Trading.Quant.Tests;

/// <summary>Attribution of real weighted sets against Python and R.</summary>
public sealed class ReferenceAttributionTests
{
    static readonly double[] Confidences = [0.95, 0.975, 0.99];

    [ReferenceFact]
    public void GaussianParts_AgreeWithPython()
    {
        foreach (var (portfolio, confidence) in Cases("py_portfolios.json", "from_"))
        {
            var expected = portfolio.Expected.GetProperty("gaussian").GetProperty(Key(confidence));
            var covariance = Covariance.Sample(portfolio.Series).Matrix;
            var (zeroMean, withMean) = (Of(LossMeasure.ValueAtRisk, []), Of(LossMeasure.ValueAtRisk, portfolio.Means));
            var shortfall = Of(LossMeasure.ExpectedShortfall, []);
            zeroMean.Whole.ShouldBe(expected.GetProperty("var_zero_mean").GetDouble(), 1e-12);
            withMean.Whole.ShouldBe(expected.GetProperty("var").GetDouble(), 1e-12);
            shortfall.Whole.ShouldBe(expected.GetProperty("es_zero_mean").GetDouble(), 1e-12);
            Of(LossMeasure.ExpectedShortfall, portfolio.Means).Whole.ShouldBe(expected.GetProperty("es").GetDouble(), 1e-12);
            Agree([.. zeroMean.Marginal], "marginal_var_zero_mean");
            Agree([.. zeroMean.Components], "component_var_zero_mean");
            Agree([.. zeroMean.Components.Select((_, i) => zeroMean.Share(i)!.Value)], "component_share_zero_mean");
            Agree([.. withMean.Marginal], "marginal_var");
            Agree([.. withMean.Components], "component_var");
            Agree([.. shortfall.Components], "component_es_zero_mean");
            Agree([.. portfolio.Weights.Select((_, i) => -WithoutTerm(i).Change)], "incremental_var_zero_mean");

            RiskAttribution Of(LossMeasure measure, double[] means) => GaussianAttribution.Of(measure, covariance, means, portfolio.Weights, confidence);
            RiskIncrement WithoutTerm(int term) => GaussianAttribution.Increment(
                LossMeasure.ValueAtRisk, covariance, [], portfolio.Weights, [.. portfolio.Weights.Select((weight, i) => i == term ? -weight : 0)], confidence);
            void Agree(double[] actual, string name) => ReferencePortfolio.ShouldAgree(actual, expected.GetProperty(name), $"{portfolio.Name} {name}");
        }
    }

    [ReferenceFact]
    public void GaussianComponents_AgreeWithPerformanceAnalytics()
    {
        foreach (var (portfolio, confidence) in Cases("r_portfolios.json", "from"))
            foreach (var (measure, name) in ((LossMeasure, string)[])[(LossMeasure.ValueAtRisk, "var_component"), (LossMeasure.ExpectedShortfall, "es_component")])
            {
                var expected = portfolio.Expected.GetProperty(name).GetProperty("gaussian").GetProperty(Key(confidence));
                var parts = GaussianAttribution.Of(measure, Covariance.Sample(portfolio.Series).Matrix, portfolio.Means, portfolio.Weights, confidence);
                ReferencePortfolio.ShouldAgree([.. parts.Components], expected.GetProperty("contribution"), portfolio.Name);
            }
    }

    [ReferenceFact]
    public void HistoricalParts_SumToTheMeasuresOfTheSummedReturns()
    {
        foreach (var (portfolio, confidence) in Cases("py_portfolios.json", "from_"))
        {
            var expected = portfolio.Expected.GetProperty("historical_of_portfolio_returns").GetProperty(Key(confidence));
            var valueAtRisk = HistoricalAttribution.Of(LossMeasure.ValueAtRisk, portfolio.Series, portfolio.Weights, confidence);
            var shortfall = HistoricalAttribution.Of(LossMeasure.ExpectedShortfall, portfolio.Series, portfolio.Weights, confidence);
            // Where n(1-confidence) is whole, NumPy's own 1 - 0.95 rounds up to the next rank.
            var whole = decimal.IsInteger(portfolio.Series[0].Length * (1 - (decimal)confidence));
            valueAtRisk.Components.Sum().ShouldBe(expected.GetProperty(whole ? "lower" : "inverted_cdf").GetDouble(), 1e-10);
            shortfall.Components.Sum().ShouldBe(expected.GetProperty("es_exact_tail_mean").GetDouble(), 1e-10);
        }
    }

    /// <summary>PerformanceAnalytics takes the mean of all periods with a loss, whatever the confidence, and rescales it: every confidence
    /// has the same shares, and a deep tail looks like an ordinary bad day.</summary>
    [ReferenceFact]
    public void HistoricalComponents_AreOfTheTail_NotAllLossesRescaled()
    {
        foreach (var portfolio in ReferencePortfolio.All("r_portfolios.json", "from"))
        {
            var rescaled = Confidences.Select(confidence => ReferencePortfolio.Numbers(portfolio.Expected.GetProperty("var_component")
                .GetProperty("historical").GetProperty(Key(confidence)).GetProperty("pct_contrib_hVaR"))).ToArray();
            rescaled[0].ShouldBe(rescaled[2], 1e-9);
            var ours = Confidences.Select(confidence => HistoricalAttribution.Of(LossMeasure.ExpectedShortfall, portfolio.Series, portfolio.Weights, confidence)).ToArray();
            Math.Abs(ours[0].Share(0)!.Value - ours[2].Share(0)!.Value).ShouldBeGreaterThan(1e-3);
        }
    }

    static IEnumerable<(ReferencePortfolio, double)> Cases(string file, string first) =>
        from portfolio in ReferencePortfolio.All(file, first) from confidence in Confidences select (portfolio, confidence);

    static string Key(double confidence) => FormattableString.Invariant($"{confidence}");
}

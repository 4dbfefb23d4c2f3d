using Trading.Testing;

namespace Trading.Quant.Tests;

/// <summary>Performance of real series against R's PerformanceAnalytics, empyrical and statsmodels.</summary>
public sealed class ReferencePerformanceTests
{
    [ReferenceFact]
    public void PerformanceOfTheSeries_IsPythons()
    {
        foreach (var series in ReferenceData.Cases("py_single_series.json"))
        {
            var expected = series.Value.GetProperty("performance");
            var (returns, year) = (ReferenceData.Returns(series.Value.GetProperty("input")), expected.Number("periods_per_year"));
            var equity = DrawdownRisk.Compound(returns);
            ReturnMeasures.CompoundGrowth(1, equity[^1], returns.Length / year).ShouldNotBeNull()
                .ShouldAgree(expected.Number("cagr"), 1e-9, series.Name);
            SharpeEstimate.Of(returns)!.Value.Annualised(year).ShouldAgree(expected.Number("sharpe_arithmetic_rf0"), 1e-9, series.Name);
            (ReturnMeasures.Sortino(returns)!.Value * Math.Sqrt(year))
                .ShouldAgree(expected.Number("sortino_annual_target0_full_n"), 1e-9, series.Name);
            ReturnMeasures.DownsideDeviation(returns)
                .ShouldAgree(expected.Number("downside_deviation_per_period_target0_full_n"), 1e-9, series.Name);
            ReturnMeasures.Omega(returns)!.Value.ShouldAgree(expected.Number("empyrical", "omega_ratio"), 1e-9, series.Name);
            ReturnMeasures.TailRatio(returns)!.Value.ShouldAgree(expected.Number("empyrical", "tail_ratio"), 1e-9, series.Name);
        }
    }

    [ReferenceFact]
    public void PerformanceOfTheSeries_IsRs()
    {
        foreach (var series in ReferenceData.Cases("r_single_series.json"))
        {
            var expected = series.Value.GetProperty("performance");
            var returns = ReferenceData.Returns(series.Value.GetProperty("input"));
            SharpeEstimate.Of(returns)!.Value.Ratio.ShouldAgree(expected.Number("sharpe_per_period"), 1e-9, series.Name);
            ReturnMeasures.Sortino(returns)!.Value.ShouldAgree(expected.Number("sortino_per_period_mar0"), 1e-9, series.Name);
            ReturnMeasures.Omega(returns)!.Value.ShouldAgree(expected.Number("omega_l0"), 1e-9, series.Name);
        }
    }

    [ReferenceFact]
    public void AlphaAndBeta_AreThoseOfLeastSquares()
    {
        foreach (var pair in ReferenceData.Cases("py_beta.json"))
        {
            var input = pair.Value.GetProperty("input");
            double[] Returns(string side) => ReferenceData.Returns(
                input.GetProperty(side).GetString()!, "adj_close", input.GetProperty("from_").GetString()!, input.GetProperty("to").GetString()!);
            var comparison = BenchmarkComparison.Of(Returns("y"), Returns("x")).ShouldNotBeNull();
            comparison.Beta.ShouldAgree(pair.Value.Number("full_sample_ols", "beta"), 1e-9, pair.Name);
            comparison.Alpha.ShouldAgree(pair.Value.Number("full_sample_ols", "alpha"), 1e-9, pair.Name);
            Math.Pow(comparison.Correlation!.Value, 2).ShouldAgree(pair.Value.Number("full_sample_ols", "r_squared"), 1e-9, pair.Name);
        }
    }

    [Fact]
    public void TheDownside_CountsAllReturns_NotOnlyTheLosses()
    {
        // Two losses of the same size: their deviation around their own mean is nothing, their downside is not.
        double[] returns = [0.02, -0.01, 0.03, -0.01];
        ReturnMeasures.DownsideDeviation(returns).ShouldBe(0.01 / Math.Sqrt(2), 1e-15);
        ReturnMeasures.Sortino(returns).ShouldNotBeNull().ShouldBe(0.0075 * Math.Sqrt(2) / 0.01, 1e-12);
    }

    [Fact]
    public void WhatARecordCannotTell_IsUnknown_NotZero()
    {
        ReturnMeasures.Sortino([0.01, 0.02]).ShouldBeNull();
        ReturnMeasures.Omega([0.01, 0.02]).ShouldBeNull();
        ReturnMeasures.TailRatio([.. Enumerable.Repeat(0.0, 30)]).ShouldBeNull();
        ReturnMeasures.CompoundGrowth(100, -1, 2).ShouldBeNull();
        double[] varied = [.. Enumerable.Range(0, 30).Select(i => i % 3 / 100.0)];
        BenchmarkComparison.Of(varied, new double[30]).ShouldBeNull();
        BenchmarkComparison.Of(varied, varied).ShouldNotBeNull().InformationRatio.ShouldBeNull();
        BenchmarkComparison.Of(new double[30], varied).ShouldNotBeNull().Correlation.ShouldBeNull();
    }

    [Fact]
    public void GrowthOfAYear_IsTheRootOfTheYears() =>
        ReturnMeasures.CompoundGrowth(100, 121, 2).ShouldNotBeNull().ShouldBe(0.1, 1e-15);

    [Fact]
    public void WhatIsNoRecord_IsRefused()
    {
        Should.Throw<ArgumentException>(() => ReturnMeasures.Omega([])).ParamName.ShouldBe("returns");
        Should.Throw<ArgumentException>(() => ReturnMeasures.Sortino([double.NaN])).ParamName.ShouldBe("returns");
        Should.Throw<ArgumentException>(() => ReturnMeasures.CompoundGrowth(0, 1, 1)).ParamName.ShouldBe("first");
        Should.Throw<ArgumentException>(() => ReturnMeasures.CompoundGrowth(1, 1, 0)).ParamName.ShouldBe("years");
        Should.Throw<ArgumentException>(() => BenchmarkComparison.Of(new double[30], new double[31])).ParamName.ShouldBe("benchmark");
    }
}

using System.Text.Json;
using Trading.Testing;

namespace Trading.Quant.Tests;

/// <summary>Volatilities of real series against Python's EWMA, R's fGarch and the published GARCH benchmark.</summary>
public sealed class ReferenceVolatilityTests
{
    /// <summary>Relative, of every parameter of a fit.</summary>
    const double Fitted = 2e-5;

    [ReferenceFact]
    public void Ewma_AgreesWithPython()
    {
        foreach (var series in ReferenceData.Cases("py_single_series.json"))
        {
            var volatility = Ewma.Measure(ReferenceData.Returns(series.Value.GetProperty("input")), 0.94, seedCount: 250);
            var expected = series.Value.GetProperty("ewma_094");
            volatility.SeedVariance.ShouldAgree(expected.Number("seed_mean_square_first_250"), 1e-9, series.Name);
            volatility.NextDeviation.ShouldAgree(expected.Number("next_sigma_seeded_first_250"), 1e-9, series.Name);
        }
    }

    [ReferenceFact]
    public void Garch_AgreesWithR_InEveryVariant()
    {
        foreach (var series in ReferenceData.Cases("r_garch.json"))
        {
            var returns = PercentReturns(series.Value.GetProperty("input"));
            Agree(GarchMean.Estimated, GarchInnovation.Normal, "normal");
            Agree(GarchMean.Estimated, GarchInnovation.StudentT, "student_t");
            Agree(GarchMean.Zero, GarchInnovation.Normal, "normal_zero_mean");

            void Agree(GarchMean mean, GarchInnovation innovation, string variant)
            {
                if (!series.Value.TryGetProperty(variant, out var expected)) return;
                var what = $"{series.Name}, {variant}";
                var model = Garch.Fit(returns, mean, innovation);
                model.Converged.ShouldBeTrue(what);
                model.SampleCount.ShouldBe(series.Value.GetProperty("input").GetProperty("n").GetInt32(), what);
                model.NegativeLogLikelihood.ShouldBe(expected.Number("negative_log_likelihood"), 1e-6, what);
                model.Omega.ShouldAgree(expected.Number("coef", "omega"), Fitted, what);
                model.Alpha.ShouldAgree(expected.Number("coef", "alpha1"), Fitted, what);
                model.Beta.ShouldAgree(expected.Number("coef", "beta1"), Fitted, what);
                if (mean == GarchMean.Estimated) model.Mean.ShouldAgree(expected.Number("coef", "mu"), Fitted, what);
                if (innovation == GarchInnovation.StudentT)
                    model.DegreesOfFreedom!.Value.ShouldAgree(expected.Number("coef", "shape"), Fitted, what);

                var next = model.Filter(returns, default);
                var ahead = expected.GetProperty("sigma_ahead_1_5").EnumerateArray().Select(sigma => sigma.GetDouble()).ToArray();
                for (var period = 1; period <= ahead.Length; period++)
                    Math.Sqrt(model.Forecast(next, period)).ShouldAgree(ahead[period - 1], Fitted, what);
            }
        }
    }

    [ReferenceFact]
    public void Garch_IsThePublishedBenchmark()
    {
        var benchmark = ReferenceData.Json("r_garch.json").GetProperty("cases").GetProperty("dem2gbp_benchmark");
        var published = benchmark.GetProperty("published_benchmark");
        var model = Garch.Fit(PercentReturns(benchmark.GetProperty("input")));
        model.Mean.ShouldAgree(published.Number("mu"), Fitted, "mu");
        model.Omega.ShouldAgree(published.Number("omega"), Fitted, "omega");
        model.Alpha.ShouldAgree(published.Number("alpha1"), Fitted, "alpha");
        model.Beta.ShouldAgree(published.Number("beta1"), Fitted, "beta");
    }

    static double[] PercentReturns(JsonElement input)
    {
        if (input.TryGetProperty("from", out _))
        {
            var returns = ReferenceData.Returns(input);
            return [.. returns.Select(value => 100 * Math.Log(1 + value))];
        }

        var rows = ReferenceData.Csv(Path.Combine("data", input.GetProperty("file").GetString()!));
        var field = Array.IndexOf(rows[0], input.GetProperty("column").GetString());
        return [.. rows.Skip(1).Select(row => ReferenceData.Number(row[field]))];
    }
}

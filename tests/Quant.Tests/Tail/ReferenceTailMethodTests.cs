using Trading.Testing;

namespace Trading.Quant.Tests;

/// <summary>The estimates of one series on real ones against R and Python; closed formulas to 1e-9, fitted ones as
/// stated.</summary>
public sealed class ReferenceTailMethodTests
{
    const double Closed = 1e-9;

    /// <summary>As near as the tools' own searches come to the maximum; ours is no less likely than theirs.</summary>
    const double FittedByScipy = 2e-4, FittedByR = 1e-3;

    /// <summary>scipy 1.10 inverts the t distribution to about 1e-9; StudentTTests has exact quantiles.</summary>
    const double InvertedByScipy = 1e-8;

    static readonly double[] Confidences = [0.95, 0.975, 0.99];

    [ReferenceFact]
    public void Moments_AgreeWithPython()
    {
        foreach (var series in ReferenceData.Cases("py_single_series.json"))
        {
            var moments = SampleMoments.Of(ReferenceData.Returns(series.Value.GetProperty("input")));
            var expected = series.Value.GetProperty("moments").GetProperty("simple");
            moments.Mean.ShouldAgree(expected.Number("mean"), Closed, series.Name);
            moments.StandardDeviation.ShouldAgree(expected.Number("sd_population"), Closed, series.Name);
            moments.UnbiasedDeviation.ShouldAgree(expected.Number("sd_sample"), Closed, series.Name);
            moments.Skewness.ShouldAgree(expected.Number("skew_population"), Closed, series.Name);
            moments.ExcessKurtosis.ShouldAgree(expected.Number("excess_kurtosis_population"), Closed, series.Name);
        }
    }

    [ReferenceFact]
    public void Gaussian_AgreesWithPython()
    {
        foreach (var series in ReferenceData.Cases("py_single_series.json"))
        {
            var returns = ReferenceData.Returns(series.Value.GetProperty("input"));
            foreach (var confidence in Confidences)
            {
                var expected = series.Value.GetProperty("gaussian").GetProperty(Key(confidence));
                Agree(GaussianTail.Measure(returns, confidence), "mean_population_sd");
                Agree(GaussianTail.Measure(returns, confidence, VarianceDivisor.CountLessOne), "mean_sample_sd");
                var zeroMean = GaussianTail.Estimate(0, SampleMoments.Of(returns).UnbiasedDeviation, confidence);
                zeroMean.ValueAtRisk.ShouldAgree(expected.Number("zero_mean_sample_sd", "var"), Closed, series.Name);

                void Agree(TailMeasure measure, string convention)
                {
                    measure.ValueAtRisk.ShouldAgree(expected.Number(convention, "var"), Closed, series.Name);
                    measure.ExpectedShortfall.ShouldAgree(expected.Number(convention, "es"), Closed, series.Name);
                }
            }
        }
    }

    [ReferenceFact]
    public void CornishFisherExpansion_AgreesWithR_WhichFloorsItsShortfallAtTheQuantile()
    {
        foreach (var series in ReferenceData.Cases("r_single_series.json"))
        {
            var moments = SampleMoments.Of(ReferenceData.Returns(series.Value.GetProperty("input")));
            foreach (var confidence in Confidences)
            {
                var (quantile, shortfall) = CornishFisherTail.Expand(moments, confidence);
                quantile.ShouldAgree(series.Value.Number("var", "modified", Key(confidence)), Closed, series.Name);
                Math.Max(quantile, shortfall).ShouldAgree(series.Value.Number("es", "modified", Key(confidence)), Closed, series.Name);
            }
        }
    }

    [ReferenceFact]
    public void StudentTFit_AgreesWithPython_AndIsNoLessLikely()
    {
        foreach (var series in ReferenceData.Cases("py_single_series.json"))
        {
            var returns = ReferenceData.Returns(series.Value.GetProperty("input"));
            var expected = series.Value.GetProperty("student_t_mle");
            var theirs = new StudentT(expected.Number("location"), expected.Number("scale"), expected.Number("nu"));
            var ours = StudentT.Fit(returns).ShouldNotBeNull();
            returns.Sum(ours.LogDensity).ShouldBeGreaterThanOrEqualTo(returns.Sum(theirs.LogDensity) - 1e-6, series.Name);
            ours.DegreesOfFreedom.ShouldAgree(theirs.DegreesOfFreedom, FittedByScipy, series.Name);
            ours.Scale.ShouldAgree(theirs.Scale, FittedByScipy, series.Name);
            foreach (var confidence in Confidences)
            {
                // The same formulas at their parameters, then the whole at ours.
                var level = expected.GetProperty("levels").GetProperty(Key(confidence));
                var closed = theirs.Tail(confidence);
                closed.ValueAtRisk.ShouldAgree(level.Number("var"), InvertedByScipy, series.Name);
                closed.ExpectedShortfall.ShouldAgree(level.Number("es"), InvertedByScipy, series.Name);
                ours.Tail(confidence).ValueAtRisk.ShouldAgree(level.Number("var"), FittedByScipy, series.Name);
                ours.Tail(confidence).ExpectedShortfall.ShouldAgree(level.Number("es"), FittedByScipy, series.Name);
            }
        }
    }

    [ReferenceFact]
    public void TenDayHorizons_AgreeWithPython()
    {
        foreach (var series in ReferenceData.Cases("py_single_series.json"))
        {
            var returns = ReferenceData.Returns(series.Value.GetProperty("input"));
            foreach (var confidence in Confidences)
            {
                var expected = series.Value.GetProperty("horizon_10").GetProperty(Key(confidence));
                Horizon.Overlapping(returns, 10, HorizonRule.OverlappingCompounds,
                        runs => HistoricalTail.Measure(runs, confidence, QuantileMethod.Type7))
                    .ValueAtRisk.ShouldAgree(expected.Number("overlapping_10_period_simple_linear"), Closed, series.Name);
                var day = GaussianTail.Measure(returns, confidence, VarianceDivisor.CountLessOne);
                var withMean = Horizon.SquareRootOfTime(day, 10).ValueAtRisk;
                (withMean + Math.Sqrt(10) * SampleMoments.Of(returns).Mean)
                    .ShouldAgree(expected.Number("gaussian_sqrt_time_zero_mean"), Closed, series.Name);
            }
        }
    }

    [ReferenceFact]
    public void GeneralizedPareto_AgreesWithR_AndIsNoLessLikely()
    {
        foreach (var series in ReferenceData.Cases("r_evt_gpd.json"))
        {
            var input = ReferenceData.Json("r_single_series.json").GetProperty("cases").GetProperty(series.Name).GetProperty("input");
            var returns = ReferenceData.Returns(input);
            var threshold = TailRisk.HistoricalValueAtRisk(returns, 0.95, QuantileMethod.Type7);
            var excesses = PeaksOverThreshold.Excesses(returns, threshold);
            threshold.ShouldAgree(series.Value.Number("threshold_type7_95"), Closed, series.Name);
            excesses.Length.ShouldBe(series.Value.GetProperty("exceedances").GetInt32());

            var theirs = new GeneralizedPareto(series.Value.Number("xi"), series.Value.Number("beta"));
            var ours = GeneralizedPareto.Fit(excesses).ShouldNotBeNull();
            ours.LogLikelihood(excesses).ShouldBeGreaterThanOrEqualTo(theirs.LogLikelihood(excesses), series.Name);
            ours.Shape.ShouldBe(theirs.Shape, FittedByR, series.Name);
            ours.Scale.ShouldAgree(theirs.Scale, FittedByR, series.Name);
            foreach (var level in series.Value.GetProperty("risk_measures").EnumerateArray())
            {
                var measure = PeaksOverThreshold.Measure(returns, level.Number("p"));
                measure.Fallback.ShouldBeNull();
                measure.ValueAtRisk.ShouldAgree(level.Number("quantile"), FittedByR, series.Name);
                measure.ExpectedShortfall.ShouldAgree(level.Number("shortfall"), FittedByR, series.Name);
            }
        }
    }

    static string Key(double confidence) => FormattableString.Invariant($"{confidence}");
}

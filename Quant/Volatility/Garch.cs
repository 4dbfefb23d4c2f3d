using MathNet.Numerics;

namespace Trading.Quant;

/// <summary>GARCH(1,1) by maximum likelihood (Bollerslev, Generalized autoregressive conditional heteroskedasticity,
/// 1986).</summary>
/// <remarks>The search runs on the standardised returns, over ln ω, the logits of α + β and of α/(α + β), and ln(ν - 2): every
/// point is a stationary model with a positive variance. It starts from the best of a small grid.</remarks>
public static class Garch
{
    /// <summary>The least sample: four parameters of a variance that moves slowly need some length.</summary>
    public const int MinimumSampleCount = 100;

    /// <summary>The largest degrees of freedom that a fit gives; as good as normal.</summary>
    const double MostDegreesOfFreedom = 1_000;

    /// <summary>Just below 1, where the variance would return to nothing.</summary>
    const double MostPersistence = 1 - 1e-7;

    const double FirstStep = 0.2;

    static readonly (double Alpha, double Persistence)[] Starts =
        [(0.02, 0.8), (0.02, 0.97), (0.08, 0.8), (0.08, 0.97), (0.08, 0.99), (0.15, 0.8), (0.15, 0.97), (0.3, 0.9)];

    /// <param name="returns">Oldest first.</param>
    /// <exception cref="ArgumentException">Fewer than <see cref="MinimumSampleCount"/> returns, one that is not finite, or
    /// returns that are all the same.</exception>
    public static GarchModel Fit(
        ReadOnlySpan<double> returns, GarchMean mean = GarchMean.Estimated, GarchInnovation innovation = GarchInnovation.Normal)
    {
        if (returns.Length < MinimumSampleCount)
            throw new ArgumentException(
                $"A GARCH model is fitted to {MinimumSampleCount} or more returns; there are {returns.Length}.", nameof(returns));
        var moments = SampleMoments.Of(returns);
        if (moments.StandardDeviation == 0)
            throw new ArgumentException("The returns must not all be the same.", nameof(returns));

        var (centre, scale) = (mean == GarchMean.Estimated ? moments.Mean : 0, moments.StandardDeviation);
        var sample = new double[returns.Length];
        for (var i = 0; i < sample.Length; i++)
            sample[i] = (returns[i] - centre) / scale;
        var free = new Parameters(mean, innovation);
        var start = Starts.Select(free.From).MinBy(at => Misfit(sample, free.Model(at)))!;
        var found = NelderMead.Minimize(at => Misfit(sample, free.Model(at)), start, FirstStep);

        var model = free.Model(found.At);
        return model with
        {
            Mean = centre + scale * model.Mean,
            Omega = scale * scale * model.Omega,
            NegativeLogLikelihood = found.Value + sample.Length * Math.Log(scale),
            Converged = found.Converged,
            SampleCount = sample.Length,
        };
    }

    /// <summary>The negative logarithm of the likelihood.</summary>
    static double Misfit(double[] sample, GarchModel model)
    {
        var (mean, omega, alpha, beta) = (model.Mean, model.Omega, model.Alpha, model.Beta);
        var variance = 0.0;
        foreach (var value in sample)
            variance += (value - mean) * (value - mean) / sample.Length;
        variance = omega + (alpha + beta) * variance;
        var sum = 0.0;
        if (model.DegreesOfFreedom is not { } freedom)
        {
            foreach (var value in sample)
            {
                var square = (value - mean) * (value - mean);
                sum += Math.Log(variance) + square / variance;
                variance = omega + alpha * square + beta * variance;
            }

            return (sum + sample.Length * Math.Log(2 * Math.PI)) / 2;
        }

        foreach (var value in sample)
        {
            var square = (value - mean) * (value - mean);
            sum += Math.Log(variance) + (freedom + 1) * Math.Log(1 + square / (variance * (freedom - 2)));
            variance = omega + alpha * square + beta * variance;
        }

        return sum / 2 - sample.Length * (SpecialFunctions.GammaLn((freedom + 1) / 2) - SpecialFunctions.GammaLn(freedom / 2)
            - Math.Log(Math.PI * (freedom - 2)) / 2);
    }

    /// <summary>Between models and the unbounded variables of the search: variance, persistence, share of α, then ν and the mean
    /// where they are free.</summary>
    readonly record struct Parameters(GarchMean Mean, GarchInnovation Innovation)
    {
        public double[] From((double Alpha, double Persistence) start)
        {
            List<double> at =
                [Math.Log(1 - start.Persistence), Logit(start.Persistence / MostPersistence), Logit(start.Alpha / start.Persistence)];
            if (Innovation == GarchInnovation.StudentT) at.Add(Math.Log(6 - 2));
            if (Mean == GarchMean.Estimated) at.Add(0);
            return [.. at];
        }

        public GarchModel Model(double[] at)
        {
            var persistence = MostPersistence * Logistic(at[1]);
            var share = Logistic(at[2]);
            double? freedom = Innovation == GarchInnovation.StudentT
                ? 2 + Math.Min(Math.Exp(at[3]), MostDegreesOfFreedom - 2)
                : null;
            var mean = Mean == GarchMean.Estimated ? at[^1] : 0;
            return new(mean, Math.Exp(at[0]), share * persistence, (1 - share) * persistence, freedom, 0, false, 0);
        }

        static double Logit(double value) => Math.Log(value / (1 - value));

        static double Logistic(double value) => 1 / (1 + Math.Exp(-value));
    }
}

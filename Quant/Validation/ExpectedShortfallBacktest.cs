using Normal = MathNet.Numerics.Distributions.Normal;
using Student = MathNet.Numerics.Distributions.StudentT;

namespace Trading.Quant;

/// <summary>Acerbi and Szekely's second test of expected-shortfall forecasts: how often and how far losses went beyond them.</summary>
/// <param name="Statistic">1 + sum of the returns beyond the value at risk, each over its forecast shortfall, over n(1-c): zero in the
/// mean under a right model, negative where losses were larger or more frequent than forecast. -1 means twice the loss in the tail.</param>
/// <param name="PValue">The share of simulated statistics that are as low or lower, the observed one counted among them; so never zero.
/// One-sided: small where risk was forecast too low.</param>
/// <param name="Exceptions">Losses strictly larger than the forecast value at risk.</param>
/// <param name="DegreesOfFreedom">Of the Student t that the simulated returns follow; infinity is the normal distribution.</param>
/// <remarks>Acerbi and Szekely 2014, "Backtesting expected shortfall", Z2. The p-value is a seeded Monte Carlo under the hypothesis that
/// every forecast is right and returns are independent with mean zero, of the named distribution's shape and each day's own scale; the
/// scale cancels in the statistic. Heavier tails need lower statistics to reject: at 250 days and 97.5 % the 5 % point is about -0.70
/// for normal returns and -0.82 for three degrees of freedom.</remarks>
public sealed record ExpectedShortfallBacktest(
    double Statistic, double PValue, int Observations, int Exceptions, double Confidence, double DegreesOfFreedom, int Replications, int Seed)
{
    public const int LeastReplications = 100, MostReplications = 100_000;

    /// <summary>More differ from the normal distribution by less than rounding does.</summary>
    public const double MostDegreesOfFreedom = 1e6;

    /// <param name="returns">What happened: returns or profits and losses.</param>
    /// <param name="valueAtRisk">Forecasts for the same periods in the same unit, losses positive.</param>
    /// <param name="expectedShortfall">Forecasts at the same confidence: positive, and not below the value at risk.</param>
    /// <exception cref="ArgumentException">Lengths that differ, no observations, a value that is not finite or a forecast out of its
    /// range, a confidence not strictly between 0 and 1, degrees of freedom or replications out of bounds.</exception>
    public static ExpectedShortfallBacktest Of(
        ReadOnlySpan<double> returns, ReadOnlySpan<double> valueAtRisk, ReadOnlySpan<double> expectedShortfall, double confidence,
        int seed, int replications = 10_000, double degreesOfFreedom = double.PositiveInfinity)
    {
        TailRank.RequireConfidence(confidence, nameof(confidence));
        Require.Length(expectedShortfall, returns.Length, nameof(expectedShortfall));
        Require.Finite(expectedShortfall, nameof(expectedShortfall));
        if (!(degreesOfFreedom is > 1 and <= MostDegreesOfFreedom || double.IsPositiveInfinity(degreesOfFreedom)))
            throw new ArgumentException(
                $"Degrees of freedom are above 1, where a tail has a mean, to {MostDegreesOfFreedom}, or infinite; not {degreesOfFreedom}.", nameof(degreesOfFreedom));
        if (replications is < LeastReplications or > MostReplications)
            throw new ArgumentException($"Replications are {LeastReplications} to {MostReplications}, not {replications}.", nameof(replications));

        var exceptions = ValueAtRiskBacktest.Exceptions(returns, valueAtRisk);
        var beyond = 0.0;
        for (var i = 0; i < returns.Length; i++)
        {
            if (!(expectedShortfall[i] > 0) || expectedShortfall[i] < valueAtRisk[i])
                throw new ArgumentException($"Forecast {i} is not positive, or below the value at risk.", nameof(expectedShortfall));
            if (exceptions[i]) beyond += returns[i] / expectedShortfall[i];
        }

        var statistic = Require.Finite(Z2(beyond, returns.Length, confidence), nameof(returns));
        var pValue = PValueOf(statistic, returns.Length, confidence, new Random(seed), replications, degreesOfFreedom);
        return new(statistic, pValue, returns.Length, exceptions.AsSpan().Count(true), confidence, degreesOfFreedom, replications, seed);
    }

    static double Z2(double beyond, int observations, double confidence) => 1 + beyond / (observations * (1 - confidence));

    static double PValueOf(double statistic, int observations, double confidence, Random random, int replications, double degreesOfFreedom)
    {
        var (quantile, shortfall) = Tail(degreesOfFreedom, 1 - confidence);
        var asLow = 1;
        for (var replication = 0; replication < replications; replication++)
        {
            var beyond = 0.0;
            for (var i = 0; i < observations; i++)
                if (Draw(random, degreesOfFreedom) is var value && value < quantile)
                    beyond += value / shortfall;
            asLow += Z2(beyond, observations, confidence) <= statistic ? 1 : 0;
        }

        return asLow / (replications + 1.0);
    }

    /// <summary>A Student t variate by the polar method (Bailey 1994), which is Marsaglia's for the normal distribution in the limit.</summary>
    static double Draw(Random random, double degreesOfFreedom)
    {
        double u, square;
        do
        {
            u = 2 * random.NextDouble() - 1;
            var v = 2 * random.NextDouble() - 1;
            square = u * u + v * v;
        }
        while (square is >= 1 or 0);
        var radius = double.IsPositiveInfinity(degreesOfFreedom)
            ? -2 * Math.Log(square)
            : degreesOfFreedom * (Math.Pow(square, -2 / degreesOfFreedom) - 1);
        return u * Math.Sqrt(radius / square);
    }

    /// <summary>The return at the value at risk, and the mean loss beyond it.</summary>
    static (double Quantile, double Shortfall) Tail(double degreesOfFreedom, double rate)
    {
        if (double.IsPositiveInfinity(degreesOfFreedom))
        {
            var z = Normal.InvCDF(0, 1, rate);
            return (z, Normal.PDF(0, 1, z) / rate);
        }

        var t = Student.InvCDF(0, 1, degreesOfFreedom, rate);
        return (t, Student.PDF(0, 1, degreesOfFreedom, t) * (degreesOfFreedom + t * t) / ((degreesOfFreedom - 1) * rate));
    }
}

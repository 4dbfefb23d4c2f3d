using MathNet.Numerics;

namespace Trading.Quant;

/// <summary>What is tested of a sequence of exceptions.</summary>
public enum CoverageTest
{
    /// <summary>Kupiec 1995, proportion of failures: are there as many as the confidence says?</summary>
    Unconditional,

    /// <summary>Christoffersen 1998: does one make another one likelier the next time?</summary>
    Independence,

    /// <summary>Christoffersen 1998: both at once.</summary>
    Conditional,
}

/// <summary>A likelihood ratio against its asymptotic chi-square distribution. The test is two-sided: too few exceptions reject as well
/// as too many, so read <see cref="TrafficLight"/> beside it.</summary>
/// <param name="Statistic">Zero or more.</param>
/// <param name="PValue">0 to 1; zero where it is below the smallest number.</param>
/// <param name="Observations">Forecasts that were compared; for independence, pairs of consecutive ones.</param>
/// <param name="Exceptions">Of the observations; for independence, of the second ones of the pairs.</param>
/// <param name="Confidence">Of the forecasts; null for independence, which does not depend on it.</param>
public sealed record LikelihoodRatio(
    CoverageTest Test, double Statistic, int DegreesOfFreedom, double PValue, int Observations, int Exceptions, double? Confidence)
{
    /// <summary>The logarithm of the greatest likelihood of so many successes in so many independent trials, with 0 ln 0 = 0: sums of
    /// logarithms, so that thousands of exceptions do not underflow as a product of probabilities does.</summary>
    internal static double LogLikelihood(int successes, int trials) =>
        TimesLog(successes, (double)successes / trials) + TimesLog(trials - successes, (double)(trials - successes) / trials);

    internal static double TimesLog(int count, double probability) => count == 0 ? 0 : count * Math.Log(probability);

    internal static LikelihoodRatio Of(CoverageTest test, double statistic, int observations, int exceptions, double? confidence)
    {
        var positive = Math.Max(0, statistic);
        return test == CoverageTest.Conditional
            ? new(test, positive, 2, Math.Exp(-positive / 2), observations, exceptions, confidence)
            : new(test, positive, 1, SpecialFunctions.Erfc(Math.Sqrt(positive / 2)), observations, exceptions, confidence);
    }
}

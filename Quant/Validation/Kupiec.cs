namespace Trading.Quant;

/// <summary>Whether forecasts are exceeded as often as their confidence says.</summary>
public static class Kupiec
{
    /// <summary>The proportion-of-failures test: -2 ln of (1-c)^x c^(n-x) over the same with the observed rate x/n.</summary>
    /// <exception cref="ArgumentException">No observations, exceptions outside 0 to observations, or a confidence that is not strictly
    /// between 0 and 1.</exception>
    public static LikelihoodRatio Test(int observations, int exceptions, double confidence)
    {
        RequireCounts(observations, exceptions, confidence);
        var expected = LikelihoodRatio.TimesLog(exceptions, 1 - confidence) + LikelihoodRatio.TimesLog(observations - exceptions, confidence);
        var statistic = 2 * (LikelihoodRatio.LogLikelihood(exceptions, observations) - expected);
        return LikelihoodRatio.Of(CoverageTest.Unconditional, statistic, observations, exceptions, confidence);
    }

    internal static void RequireCounts(int observations, int exceptions, double confidence)
    {
        if (observations < 1) throw new ArgumentException($"One or more observations are needed, not {observations}.", nameof(observations));
        if (exceptions < 0 || exceptions > observations)
            throw new ArgumentException($"Exceptions are 0 to {observations}, not {exceptions}.", nameof(exceptions));
        TailRank.RequireConfidence(confidence, nameof(confidence));
    }
}

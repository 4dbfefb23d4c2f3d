namespace Trading.Quant;

/// <summary>How often each kind of observation followed each: None to Exception counts exceptions after an observation without one.</summary>
public readonly record struct Transitions(int NoneToNone, int NoneToException, int ExceptionToNone, int ExceptionToException)
{
    public static Transitions Of(ReadOnlySpan<bool> exceptions)
    {
        Span<int> counts = stackalloc int[4];
        counts.Clear();
        for (var i = 1; i < exceptions.Length; i++)
            counts[(exceptions[i - 1] ? 2 : 0) + (exceptions[i] ? 1 : 0)]++;
        return new(counts[0], counts[1], counts[2], counts[3]);
    }
}

/// <summary>Whether exceptions come alone or in clusters.</summary>
/// <remarks>Cells that are zero add nothing (0 ln 0 = 0) and no continuity is added to them. Without any exception, or with nothing
/// else, both hypotheses have the same likelihood: the statistic is 0 and the p-value 1, which says that nothing speaks against
/// independence, not that anything speaks for it.</remarks>
public static class Christoffersen
{
    /// <summary>First-order Markov dependence against one rate for all.</summary>
    /// <exception cref="ArgumentException">A count is negative, or there is no pair of observations.</exception>
    public static LikelihoodRatio Independence(Transitions transitions)
    {
        var (none, first, alone, again) = transitions;
        if (none < 0 || first < 0 || alone < 0 || again < 0 || (long)none + first + alone + again is < 1 or > int.MaxValue)
            throw new ArgumentException($"Counts are not negative, and one or more in all: {transitions}.", nameof(transitions));
        var pairs = none + first + alone + again;
        var dependent = Row(first, none + first) + Row(again, alone + again);
        var statistic = 2 * (dependent - LikelihoodRatio.LogLikelihood(first + again, pairs));
        return LikelihoodRatio.Of(CoverageTest.Independence, statistic, pairs, first + again, null);
    }

    /// <summary>First-order Markov dependence, from the sequence in the order of time.</summary>
    /// <exception cref="ArgumentException">There are fewer than two observations.</exception>
    public static LikelihoodRatio Independence(ReadOnlySpan<bool> exceptions)
    {
        if (exceptions.Length < 2) throw new ArgumentException("Two or more observations are needed.", nameof(exceptions));
        return Independence(Transitions.Of(exceptions));
    }

    /// <summary>Coverage and independence together: the sum of Kupiec's statistic over all observations and that of
    /// <see cref="Independence(ReadOnlySpan{bool})"/>, with two degrees of freedom.</summary>
    /// <exception cref="ArgumentException">There are fewer than two observations, or the confidence is not strictly between 0 and 1.</exception>
    public static LikelihoodRatio ConditionalCoverage(ReadOnlySpan<bool> exceptions, double confidence)
    {
        var independence = Independence(exceptions);
        var coverage = Kupiec.Test(exceptions.Length, exceptions.Count(true), confidence);
        return LikelihoodRatio.Of(
            CoverageTest.Conditional, coverage.Statistic + independence.Statistic, coverage.Observations, coverage.Exceptions, confidence);
    }

    static double Row(int exceptions, int observations) =>
        observations == 0 ? 0 : LikelihoodRatio.LogLikelihood(exceptions, observations);
}

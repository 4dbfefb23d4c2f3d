namespace Trading.Quant;

/// <summary>How the tail of a series is estimated.</summary>
public enum TailMethod
{
    /// <summary>The observations themselves: <see cref="HistoricalTail"/>.</summary>
    Historical,

    /// <summary>The observations, newer ones weighing more: <see cref="AgeWeightedTail"/>.</summary>
    AgeWeighted,

    /// <summary>A normal distribution with the sample's moments: <see cref="GaussianTail"/>.</summary>
    Gaussian,

    /// <summary>A Student t distribution: <see cref="StudentTTail"/>.</summary>
    StudentT,

    /// <summary>A normal distribution corrected for skewness and kurtosis: <see cref="CornishFisherTail"/>.</summary>
    CornishFisher,

    /// <summary>The observations brought to today's EWMA volatility: <see cref="FilteredTail"/>.</summary>
    FilteredEwma,

    /// <summary>The observations brought to today's GARCH volatility: <see cref="FilteredTail"/>.</summary>
    FilteredGarch,

    /// <summary>Simulated scenarios: <see cref="MonteCarloTail"/>.</summary>
    MonteCarlo,

    /// <summary>A generalised Pareto distribution beyond a threshold: <see cref="PeaksOverThreshold"/>.</summary>
    PeaksOverThreshold,
}

/// <summary>What a method leaves open and other tools choose in silence.</summary>
public enum TailConvention
{
    /// <summary>Value at risk by <see cref="QuantileMethod.OrderStatistic"/>, shortfall by Rockafellar and Uryasev.</summary>
    OrderStatistic,

    /// <summary>Value at risk by <see cref="QuantileMethod.Type7"/>, shortfall by Rockafellar and Uryasev.</summary>
    Type7,

    /// <summary>Moments of the sample, divided by n.</summary>
    PopulationMoments,

    /// <summary>The sample's mean, and its variance divided by n - 1.</summary>
    SampleVariance,

    /// <summary>Every parameter by maximum likelihood.</summary>
    MaximumLikelihood,

    /// <summary>Degrees of freedom given; scaled so that the variance is the sample's (divided by n).</summary>
    MatchedVariance,
}

/// <summary>Why a method could not answer for a series.</summary>
public enum FallbackReason
{
    /// <summary>The moments lie where the expansion is no distribution: its quantiles do not grow with confidence.</summary>
    OutsideDomain,

    /// <summary>The shortfall came out below the value at risk.</summary>
    ShortfallBelowQuantile,

    /// <summary>The fitted distribution has no finite mean beyond the quantile.</summary>
    InfiniteMean,

    /// <summary>The likelihood has no maximum, or none was found.</summary>
    NoConvergence,

    /// <summary>Too few observations beyond the threshold.</summary>
    TooFewExceedances,
}

/// <summary>The method whose numbers stand in, and why.</summary>
public sealed record TailFallback(TailMethod Used, FallbackReason Reason);

/// <summary>
/// Value at risk and expected shortfall of one series with all that is needed to compute them again. In the unit of the series;
/// a loss is positive, a gain negative; both finite, and the shortfall never below the value at risk.
/// </summary>
/// <param name="ValueAtRisk">The loss exceeded with probability 1 - <paramref name="Confidence"/>.</param>
/// <param name="ExpectedShortfall">The mean loss in that part of the cases.</param>
/// <param name="SampleCount">Observations, or simulated scenarios, behind the numbers.</param>
/// <param name="Method">What was asked for; <see cref="Fallback"/> says where something else answered.</param>
/// <param name="Convention">Of the method that answered.</param>
public sealed record TailMeasure(
    double ValueAtRisk, double ExpectedShortfall, double Confidence, int SampleCount, TailMethod Method, TailConvention Convention)
{
    public Horizon Horizon { get; init; } = Horizon.OnePeriod;

    /// <summary>Null where <see cref="Method"/> itself answered.</summary>
    public TailFallback? Fallback { get; init; }

    internal static TailMeasure From(
        TailEstimate estimate, double confidence, int count, TailMethod method, TailConvention convention)
    {
        if (!double.IsFinite(estimate.ValueAtRisk) || !double.IsFinite(estimate.ExpectedShortfall))
            throw TailSample.Overflow("returns");
        // Where every loss in the tail is the same, rounding may leave the mean an ulp below the quantile.
        var shortfall = Math.Max(estimate.ValueAtRisk, estimate.ExpectedShortfall);
        return new(estimate.ValueAtRisk, shortfall, confidence, count, method, convention);
    }

    /// <summary>The same numbers as the answer to a question for another method.</summary>
    internal TailMeasure InsteadOf(TailMethod asked, FallbackReason reason) =>
        this with { Method = asked, Fallback = new(Method, reason) };
}

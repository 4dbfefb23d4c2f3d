namespace Trading.Quant.Tests;

/// <summary>Every estimate from one series, by name.</summary>
static class TailMethods
{
    public delegate TailMeasure Estimate(double[] returns, double confidence);

    /// <summary>The ones that depend neither on the order of the returns nor, but by as much, on an amount added to
    /// each.</summary>
    public static IReadOnlyDictionary<string, Estimate> Static { get; } = new Dictionary<string, Estimate>
    {
        ["historical"] = (returns, confidence) => HistoricalTail.Measure(returns, confidence),
        ["historical, type 7"] = (returns, confidence) => HistoricalTail.Measure(returns, confidence, QuantileMethod.Type7),
        ["Gaussian"] = (returns, confidence) => GaussianTail.Measure(returns, confidence),
        ["Gaussian, n - 1"] = (returns, confidence) => GaussianTail.Measure(returns, confidence, VarianceDivisor.CountLessOne),
        ["Student t of 5"] = (returns, confidence) => StudentTTail.Measure(returns, confidence, 5),
    };

    public static IReadOnlyDictionary<string, Estimate> All { get; } = new Dictionary<string, Estimate>(Static)
    {
        ["Cornish-Fisher"] = (returns, confidence) => CornishFisherTail.Measure(returns, confidence),
        ["age-weighted"] = (returns, confidence) => AgeWeightedTail.Measure(returns, confidence, 0.97),
        ["filtered by EWMA"] = (returns, confidence) => FilteredTail.ByEwma(returns, confidence),
    };

    /// <summary>The ones that search for a maximum: slow, and refusing some confidences.</summary>
    public static IReadOnlyDictionary<string, Estimate> Fitted { get; } = new Dictionary<string, Estimate>
    {
        ["Student t"] = (returns, confidence) => StudentTTail.Measure(returns, confidence),
        ["filtered by GARCH"] = (returns, confidence) => FilteredTail.ByGarch(returns, confidence),
        ["peaks over threshold"] = (returns, confidence) => PeaksOverThreshold.Measure(returns, confidence, 0.9),
    };
}

namespace Trading.Quant;

/// <summary>
/// Filtered historical simulation: every return is divided by the volatility that was forecast for it and multiplied by the one
/// forecast for the next period, so that the past speaks in today's volatility (Hull and White 1998; Barone-Adesi, Giannopoulos
/// and Vosper 1999).
/// </summary>
public static class FilteredTail
{
    /// <summary>With the EWMA volatility; the mean is taken as zero.</summary>
    /// <param name="returns">Returns or profits and losses, oldest first.</param>
    /// <param name="confidence">Strictly between 0 and 1.</param>
    /// <param name="seedCount">As in <see cref="Ewma.Measure"/>.</param>
    /// <exception cref="ArgumentException">As <see cref="Ewma.Measure"/>, or a confidence out of range.</exception>
    public static TailMeasure ByEwma(
        ReadOnlySpan<double> returns, double confidence, double decay = Ewma.DailyDecay, int? seedCount = null)
    {
        TailRank.RequireConfidence(confidence, nameof(confidence));
        var volatility = Ewma.Measure(returns, decay, seedCount);
        var variances = new double[returns.Length];
        var next = Ewma.Filter(returns, decay, volatility.SeedVariance, variances);
        return Measure(returns, 0, variances, next, confidence, TailMethod.FilteredEwma);
    }

    /// <summary>With GARCH(1,1), fitted to these returns with normal innovations. Falls back on <see cref="ByEwma"/> where the
    /// fit finds no maximum.</summary>
    /// <inheritdoc cref="ByEwma" path="/param"/>
    /// <exception cref="ArgumentException">As <see cref="Garch.Fit"/>, or a confidence out of range.</exception>
    public static TailMeasure ByGarch(ReadOnlySpan<double> returns, double confidence) =>
        ByGarch(returns, confidence, Garch.Fit(returns));

    /// <summary>With a model fitted before, for example once a week.</summary>
    /// <inheritdoc cref="ByEwma" path="/param"/>
    /// <exception cref="ArgumentException">As <see cref="GarchModel.Filter"/>, or a confidence out of range.</exception>
    public static TailMeasure ByGarch(ReadOnlySpan<double> returns, double confidence, GarchModel model)
    {
        TailRank.RequireConfidence(confidence, nameof(confidence));
        if (!model.Converged)
            return ByEwma(returns, confidence).InsteadOf(TailMethod.FilteredGarch, FallbackReason.NoConvergence);
        var variances = new double[returns.Length];
        var next = model.Filter(returns, variances);
        return Measure(returns, model.Mean, variances, next, confidence, TailMethod.FilteredGarch);
    }

    static TailMeasure Measure(
        ReadOnlySpan<double> returns, double mean, double[] variances, double next, double confidence, TailMethod method)
    {
        var scenarios = variances;
        for (var i = 0; i < scenarios.Length; i++)
            scenarios[i] = mean + (returns[i] - mean) * Math.Sqrt(next / variances[i]);
        return HistoricalTail.Measure(scenarios, confidence) with { Method = method };
    }
}

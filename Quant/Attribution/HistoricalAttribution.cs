namespace Trading.Quant;

/// <summary>Attribution of the loss of a weighted sum over scenarios: one array of profits and losses (or returns) of one unit for each
/// term, all for the same scenarios.</summary>
/// <remarks>The value at risk is the loss of one scenario, the one at the order statistic, and a component is the term's own loss in
/// that scenario (the mean of them where several tie). It is exact, and as noisy as a single day is: for limits and for ranking
/// prefer the expected shortfall, whose components average over the tail with Rockafellar and Uryasev's weights.</remarks>
public static class HistoricalAttribution
{
    /// <exception cref="ArgumentException">The series differ in length or number from each other or the weights, there are fewer than
    /// <see cref="TailRisk.MinimumSampleCount"/> scenarios, a value is not finite, or the confidence is not strictly between 0 and 1.</exception>
    public static RiskAttribution Of(LossMeasure measure, ReadOnlySpan<double[]> series, ReadOnlySpan<double> weights, double confidence)
    {
        var pnl = Whole(series, weights);
        var tail = new double[pnl.Length];
        var loss = Loss(measure, pnl, confidence);
        if (measure == LossMeasure.ExpectedShortfall)
            ScenarioRisk.TailWeights(pnl, confidence, tail);
        else
            Tied(pnl, -loss, tail);
        var marginal = new double[series.Length];
        for (var i = 0; i < marginal.Length; i++)
            marginal[i] = ScenarioRisk.Component(tail, series[i], 1);
        return Attribution.Of(measure, LossModel.Historical, confidence, pnl.Length, loss, marginal, weights);
    }

    /// <summary>The loss at weights + change less the loss at weights.</summary>
    /// <inheritdoc cref="Of" path="/exception"/>
    public static RiskIncrement Increment(
        LossMeasure measure, ReadOnlySpan<double[]> series, ReadOnlySpan<double> weights, ReadOnlySpan<double> change, double confidence)
    {
        var before = Whole(series, weights);
        var after = Whole(series, Attribution.Add(weights, change));
        return new(measure, LossModel.Historical, confidence, before.Length, Loss(measure, before, confidence), Loss(measure, after, confidence));
    }

    static double[] Whole(ReadOnlySpan<double[]> series, ReadOnlySpan<double> weights)
    {
        Require.Length(weights, series.Length, nameof(weights));
        Require.Finite(weights, nameof(weights));
        var pnl = new double[Require.Series(series, TailRisk.MinimumSampleCount, nameof(series))];
        for (var i = 0; i < series.Length; i++)
            ScenarioRisk.AddScaled(pnl, series[i], weights[i]);
        return Require.Finite(pnl, nameof(series));
    }

    static double Loss(LossMeasure measure, double[] pnl, double confidence)
    {
        TailRank.RequireConfidence(confidence, nameof(confidence));
        var (valueAtRisk, expectedShortfall) = ScenarioRisk.Measure(pnl, confidence, confidence);
        return measure == LossMeasure.ValueAtRisk ? valueAtRisk : expectedShortfall;
    }

    static void Tied(double[] pnl, double quantile, double[] shares)
    {
        var tied = pnl.Count(value => value == quantile);
        for (var i = 0; i < pnl.Length; i++)
            shares[i] = pnl[i] == quantile ? 1.0 / tied : 0;
    }
}

namespace Trading.Quant;

/// <summary>
/// The historical tail with weights that fall with age, so that a change of regime shows at once and an old crash leaves without
/// a jump (Boudoukh, Richardson, Whitelaw, The Best of Both Worlds, Risk 1998).
/// </summary>
public static class AgeWeightedTail
{
    /// <summary>How much the sum of the weights may fall short of the tail by rounding.</summary>
    const double WeightTolerance = 1e-12;

    /// <param name="returns">Returns or profits and losses, oldest first.</param>
    /// <param name="confidence">Strictly between 0 and 1.</param>
    /// <param name="decay">The weight of an observation relative to the next newer one: above 0, at most 1 (equal weights, which
    /// is
    /// <see cref="HistoricalTail"/>). Typical: 0.97 to 0.99.</param>
    /// <remarks>w = decay^age (1 - decay) / (1 - decay^n). Value at risk is the first loss, from the worst, at which the weights
    /// reach 1 - confidence, never interpolated; the shortfall is the weighted mean of that tail, the quantile observation
    /// counted by the part that belongs to it.</remarks>
    /// <exception cref="ArgumentException">Fewer than <see cref="TailRisk.MinimumSampleCount"/> returns, one that is not finite,
    /// or a confidence or decay out of range.</exception>
    public static TailMeasure Measure(ReadOnlySpan<double> returns, double confidence, double decay)
    {
        TailSample.Require(returns, confidence);
        if (!(decay > 0 && decay <= 1))
            throw new ArgumentException($"A decay is above 0 and at most 1; {decay} is not.", nameof(decay));
        var sorted = returns.ToArray();
        var weights = Weights(returns.Length, decay);
        Array.Sort(sorted, weights);
        return TailMeasure.From(
            Estimate(sorted, weights, 1 - confidence), confidence, returns.Length,
            TailMethod.AgeWeighted, TailConvention.OrderStatistic);
    }

    static double[] Weights(int count, double decay)
    {
        var weights = new double[count];
        var (weight, sum) = (1.0, 0.0);
        for (var i = count - 1; i >= 0; i--, weight *= decay)
            sum += weights[i] = weight;
        for (var i = 0; i < count; i++)
            weights[i] /= sum;
        return weights;
    }

    static TailEstimate Estimate(double[] ascending, double[] weights, double tail)
    {
        var (mass, sum) = (0.0, 0.0);
        for (var i = 0; ; i++)
        {
            if (mass + weights[i] >= tail - WeightTolerance || i == ascending.Length - 1)
                return new(0.0 - ascending[i], 0.0 - (sum + (tail - mass) * ascending[i]) / tail);
            mass += weights[i];
            sum += weights[i] * ascending[i];
        }
    }
}

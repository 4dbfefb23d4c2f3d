namespace Trading.Quant;

/// <summary>The sum of weighted variables: its covariance with each of them, and its standard deviation.</summary>
readonly record struct WeightedSum(double[] Covariances, double Deviation)
{
    /// <summary>How small a variance is what rounding leaves of terms that cancel: for each variable this share of the variance
    /// that the sum would have without any cancelling.</summary>
    const double RoundingShare = 1e-15;

    /// <summary>A deviation of exactly zero is one that cannot be told from zero.</summary>
    /// <exception cref="ArgumentException">The weights do not fit the covariance, are not finite, or give a negative variance.</exception>
    public static WeightedSum Of(SymmetricMatrix covariance, ReadOnlySpan<double> weights)
    {
        Require.Length(weights, covariance.Order, nameof(weights));
        Require.Finite(weights, nameof(weights));
        var covariances = covariance.Times(weights);
        var variance = Require.Finite(Sum.Of(covariances, weights), nameof(weights));
        var gross = 0.0;
        for (var i = 0; i < weights.Length; i++)
            gross += Math.Abs(weights[i]) * Math.Sqrt(Math.Max(0, covariance[i, i]));
        var rounding = RoundingShare * weights.Length * gross * gross;
        if (variance < -rounding)
            throw new ArgumentException($"A weighted sum has the variance {variance}: the matrix is not a covariance.", nameof(covariance));
        return new(covariances, variance <= rounding ? 0 : Math.Sqrt(variance));
    }
}

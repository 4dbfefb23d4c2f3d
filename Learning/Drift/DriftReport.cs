using System.Collections.Immutable;
using Trading.Quant;

namespace Trading.Learning;

/// <summary>A distribution that has moved.</summary>
/// <param name="Index">Population stability against the frozen bins of the training: below 0.1 stable, from 0.25 on
/// act.</param>
public sealed record DriftOf(string Name, double Index);

/// <summary>A model that is in use, against what it was when it was promoted.</summary>
/// <param name="Features">The largest first.</param>
/// <param name="Scores">Of what the model says.</param>
/// <param name="SameScores">How probable a distance of both distributions as large is where nothing moved (Kolmogorov and
/// Smirnov).</param>
/// <param name="Loss">Its log loss on outcomes since, with its standard error; null before there are enough.</param>
/// <param name="ExpectedLoss">Out of sample at training.</param>
/// <param name="Decayed">Whether the whole 95 % band of the loss lies above what was expected.</param>
/// <param name="CalibrationError">Mean probability less share of rises since, in standard errors.</param>
public sealed record DriftReport(
    int Rows, ImmutableArray<DriftOf> Features, double? Scores, double? SameScores, Estimate? Loss, double ExpectedLoss, bool Decayed,
    double? CalibrationError)
{
    /// <summary>Rows before a distribution says anything: a bin of the training expects six.</summary>
    public const int LeastRows = 60;

    /// <summary>Features that may have moved before the inputs as a whole have.</summary>
    public const double LargestDriftedShare = 0.3;

    const double LargestCalibrationError = 3;

    /// <summary>Share of features whose index says act.</summary>
    public double DriftedShare => Features.IsEmpty ? 0
        : Features.Count(feature => feature.Index >= PopulationStability.Act) / (double)Features.Length;

    /// <summary>Whether the model must be trained anew.</summary>
    public bool Act => DriftedShare > LargestDriftedShare || Scores >= PopulationStability.Act || Decayed
        || Math.Abs(CalibrationError ?? 0) > LargestCalibrationError;
}

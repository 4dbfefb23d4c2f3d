namespace Trading.Quant;

/// <summary>How well probabilities foretold a yes-or-no outcome.</summary>
/// <param name="Accuracy">Share of outcomes on the side of the probability (yes above one half).</param>
/// <param name="LogLoss">Mean negative log likelihood, natural logarithm; probabilities count as at least <see cref="LeastProbability"/>.</param>
/// <param name="BrierScore">Mean squared difference of probability and outcome.</param>
/// <param name="AreaUnderCurve">The probability that a yes was given a higher probability than a no, ties counting half; null where
/// only one of both occurred.</param>
public readonly record struct ClassificationScores(int Count, double Accuracy, double LogLoss, double BrierScore, double? AreaUnderCurve)
{
    /// <summary>What a certain and wrong forecast is charged for, so that one outcome cannot make the mean infinite.</summary>
    public const double LeastProbability = 1e-15;

    /// <exception cref="ArgumentException">No observation, vectors of different length, or a probability outside 0 to 1.</exception>
    public static ClassificationScores Of(ReadOnlySpan<double> probabilities, ReadOnlySpan<bool> outcomes)
    {
        if (probabilities.IsEmpty || probabilities.Length != outcomes.Length)
            throw new ArgumentException($"There are {probabilities.Length} probabilities and {outcomes.Length} outcomes.", nameof(outcomes));
        double correct = 0, logLoss = 0, brier = 0;
        for (var i = 0; i < outcomes.Length; i++)
        {
            var probability = probabilities[i];
            if (!(probability is >= 0 and <= 1))
                throw new ArgumentException($"A probability lies between 0 and 1; {probability} does not.", nameof(probabilities));
            var given = outcomes[i] ? probability : 1 - probability;
            correct += probability > 0.5 == outcomes[i] ? 1 : 0;
            logLoss -= Math.Log(Math.Max(given, LeastProbability));
            brier += (1 - given) * (1 - given);
        }

        var count = outcomes.Length;
        return new(count, correct / count, logLoss / count, brier / count, Area(probabilities, outcomes));
    }

    /// <summary>Mann and Whitney: the rank sum of the positive outcomes, tied probabilities sharing their mean rank.</summary>
    static double? Area(ReadOnlySpan<double> probabilities, ReadOnlySpan<bool> outcomes)
    {
        var (sorted, labels) = (probabilities.ToArray(), outcomes.ToArray());
        Array.Sort(sorted, labels);
        double positives = 0, rankSum = 0;
        for (int first = 0, end; first < sorted.Length; first = end)
        {
            var tied = 0;
            for (end = first; end < sorted.Length && sorted[end] == sorted[first]; end++)
                tied += labels[end] ? 1 : 0;
            positives += tied;
            rankSum += tied * ((first + 1.0 + end) / 2); // in doubles: the product of two counts outgrows an int
        }

        var negatives = sorted.Length - positives;
        return positives == 0 || negatives == 0 ? null : (rankSum - positives * (positives + 1) / 2) / (positives * negatives);
    }
}

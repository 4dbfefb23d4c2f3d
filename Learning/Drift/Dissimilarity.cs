using System.Collections.Immutable;

namespace Trading.Learning;

/// <summary>
/// How far a row lies from what a model was trained on: its distance to the nearest of a bounded number of training
/// rows, features in standard deviations, over the distance that training rows typically have. Far outside, what the
/// model says is a guess.
/// </summary>
/// <param name="Reference">Standardised training rows, one behind the other.</param>
/// <param name="Typical">The median distance of other training rows to the nearest reference row.</param>
/// <param name="Limit">The index that one in a thousand training rows exceeds, and a half more.</param>
public sealed record Dissimilarity(
    ImmutableArray<double> Means, ImmutableArray<double> Scales, ImmutableArray<float> Reference, double Typical, double Limit)
{
    const int ReferenceRows = 200, ProbeRows = 2_000;

    public static Dissimilarity Of(Sample train)
    {
        var width = train.Columns.Length;
        var (means, scales) = Quant.LogisticRegression.Standardisation(
            [.. Enumerable.Range(0, train.Count).Select(row => train.Row(row).ToArray())]);
        int[] chosen = [.. Spread(train.Count, ReferenceRows, 0)];
        var reference = new float[chosen.Length * width];
        for (var i = 0; i < chosen.Length; i++)
            for (var j = 0; j < width; j++)
                reference[i * width + j] = (float)((train.Row(chosen[i])[j] - means[j]) / scales[j]);
        var known = chosen.ToHashSet();
        var plain = new Dissimilarity([.. means], [.. scales], [.. reference], 1, double.PositiveInfinity);
        double[] distances = [.. Spread(train.Count, ProbeRows, 1).Where(row => !known.Contains(row))
            .Select(row => plain.Index(train.Row(row))).Order()];
        if (distances.Length == 0) return plain with { Limit = double.MaxValue };
        var typical = Math.Max(distances[distances.Length / 2], 1e-9);
        return plain with
        {
            Typical = typical,
            Limit = 1.5 * distances[(int)(0.999 * (distances.Length - 1))] / typical,
        };
    }

    /// <summary>About 1 for a row like those of the training; the model abstains above <see cref="Limit"/>.</summary>
    public double Index(ReadOnlySpan<double> row)
    {
        var width = Means.Length;
        Span<float> standardised = width <= 512 ? stackalloc float[width] : new float[width];
        for (var j = 0; j < width; j++)
            standardised[j] = (float)((row[j] - Means[j]) / Scales[j]);
        var least = float.MaxValue;
        var reference = Reference.AsSpan();
        for (var at = 0; at < reference.Length; at += width)
            least = Math.Min(least,
                System.Numerics.Tensors.TensorPrimitives.Distance(standardised, reference.Slice(at, width)));
        return least / Typical;
    }

    static IEnumerable<int> Spread(int count, int wanted, int offset) => Enumerable.Range(0, Math.Min(count, wanted))
        .Select(i => (int)((long)i * count / Math.Min(count, wanted)) + offset).Where(row => row < count).Distinct();
}

using System.Collections.Immutable;
using Trading.Quant;

namespace Trading.Learning;

/// <param name="TopK">Features that a model is given at most; 1 to 1,000.</param>
/// <param name="LargestCorrelation">Features more correlated than this, in absolute value, speak with one voice.</param>
/// <param name="Subsamples">Halves of the sample that the choice is repeated on.</param>
public sealed record SelectionOptions(int TopK = 50, double LargestCorrelation = 0.95, int Subsamples = 20, int Seed = 1);

/// <summary>What a fold knows of one feature.</summary>
/// <param name="Information">Mutual information with the outcome, in nats, less what chance gives.</param>
/// <param name="Frequency">Share of the half samples that chose it (stability selection).</param>
/// <param name="Cluster">Features of one number speak with one voice.</param>
/// <param name="AboveNoise">Whether it tells more than the best noise column.</param>
public sealed record FeatureScore(
    string Name, double Information, double Frequency, int Cluster, bool AboveNoise, bool Chosen);

/// <summary>The features that a fold is learned from.</summary>
/// <param name="Columns">Places in the sample that was given, ascending.</param>
/// <param name="NoiseInformation">The largest of the noise columns.</param>
public sealed record Selection(
    ImmutableArray<int> Columns, ImmutableArray<FeatureScore> Scores, ImmutableArray<RefusedFeature> Refused,
    double NoiseInformation);

/// <summary>Nothing is left to learn from.</summary>
public sealed class NoFeatureLeftException(string message) : Exception(message);

/// <summary>
/// Chooses features from the training rows of one fold, and from nothing else. A correlation cluster sends the feature
/// that tells most; of these the ones that most half samples choose again come first (stability selection, Meinshausen
/// and Bühlmann 2010), and mutual information decides between equals.
/// </summary>
public static class FeatureSelection
{
    /// <summary>Half samples are made of runs of so many sessions, so that labels that overlap stay together.</summary>
    const int BlockSessions = 21;

    /// <param name="train">Training rows; canaries may be among its columns.</param>
    /// <exception cref="NoFeatureLeftException">Every column is refused.</exception>
    public static Selection Choose(Sample train, SelectionOptions options, CancellationToken cancellation = default)
    {
        var refused = FeatureAudit.Refused(train);
        var names = refused.Select(each => each.Name).ToHashSet();
        var outcomes = train.Outcomes();
        var columns = Enumerable.Range(0, train.Columns.Length).Where(column => !names.Contains(train.Columns[column]))
            .ToList();
        var values = columns.ToDictionary(column => column, train.Column);
        var information = columns.ToDictionary(column => column, column => MutualInformation.Of(values[column], outcomes));
        List<int> candidates = [.. columns.Where(column => !Canaries.IsCanary(train.Columns[column]))];
        if (candidates.Count == 0)
            throw new NoFeatureLeftException($"Every feature is refused: {string.Join(" ", refused)}");
        var noise = columns.Where(column => Canaries.IsCanary(train.Columns[column])).Select(column => information[column])
            .DefaultIfEmpty(0).Max();
        var clusters = Clusters(train, candidates, options.LargestCorrelation);
        List<int> heads = [.. clusters.Select(cluster =>
            cluster.OrderByDescending(column => information[column]).ThenBy(column => column).First())];
        var frequencies = Frequencies(train, heads, values, options, cancellation);
        HashSet<int> chosen = [.. heads.OrderByDescending(head => frequencies[head])
            .ThenByDescending(head => information[head]).ThenBy(head => head).Take(options.TopK)];
        return new([.. chosen.Order()],
            [.. candidates.Select(column => new FeatureScore(train.Columns[column], information[column],
                frequencies.GetValueOrDefault(column), clusters.FindIndex(cluster => cluster.Contains(column)),
                information[column] > noise, chosen.Contains(column)))],
            refused, noise);
    }

    /// <summary>The mean share of features that two folds have in common, over all pairs (Jaccard).</summary>
    public static double Stability(IReadOnlyList<Selection> folds, IReadOnlyList<Sample> samples)
    {
        List<HashSet<string>> sets = [.. folds.Select((fold, i) =>
            fold.Columns.Select(column => samples[i].Columns[column]).ToHashSet())];
        return Stability(sets);
    }

    public static double Stability(IReadOnlyList<IReadOnlySet<string>> sets)
    {
        var (sum, pairs) = (0.0, 0);
        for (var i = 0; i < sets.Count; i++)
            for (var j = 0; j < i; j++, pairs++)
                sum += sets[i].Count(sets[j].Contains) / (double)sets[i].Union(sets[j]).Count();
        return pairs == 0 ? 1 : sum / pairs;
    }

    /// <summary>Average linkage on absolute correlations.</summary>
    static List<List<int>> Clusters(Sample train, List<int> candidates, double largest)
    {
        double[][] series = [.. candidates.Select(train.Column)];
        var correlations = CorrelationMatrix.Of(Covariance.Sample(series).Matrix);
        var absolute = new double[series.Length * series.Length];
        for (var row = 0; row < series.Length; row++)
            for (var column = 0; column <= row; column++)
                absolute[row * series.Length + column] = absolute[column * series.Length + row] =
                    row == column ? 1 : Math.Abs(correlations[row, column] ?? 0);
        var clusters = CorrelationClusters.Of(
            CorrelationMatrix.Of(SymmetricMatrix.Of(absolute, series.Length)), largest);
        return [.. clusters.Groups.Select(group => group.Select(member => candidates[member]).ToList())];
    }

    /// <summary>How often each head is among the best on half of the blocks; as many are chosen each time as may be
    /// in the end, but at most half of all, so that being chosen says something.</summary>
    static Dictionary<int, double> Frequencies(
        Sample train, List<int> heads, Dictionary<int, double[]> values, SelectionOptions options,
        CancellationToken cancellation)
    {
        var counts = heads.ToDictionary(head => head, _ => 0.0);
        var blocks = Blocks(train);
        var (random, best) = (new Random(options.Seed), Math.Max(1, Math.Min(options.TopK, heads.Count / 2)));
        var outcomes = train.Outcomes();
        for (var sample = 0; sample < options.Subsamples; sample++)
        {
            cancellation.ThrowIfCancellationRequested();
            var order = Enumerable.Range(0, blocks.Count).ToArray();
            random.Shuffle(order);
            int[] rows = [.. order.Take((blocks.Count + 1) / 2).SelectMany(block => blocks[block])];
            bool[] half = [.. rows.Select(row => outcomes[row])];
            foreach (var head in heads
                .OrderByDescending(head => MutualInformation.Of(Array.ConvertAll(rows, row => values[head][row]), half))
                .ThenBy(head => head).Take(best))
                counts[head] += 1.0 / options.Subsamples;
        }

        return counts;
    }

    static List<int[]> Blocks(Sample train) =>
        [.. Enumerable.Range(0, train.Count).GroupBy(row => train.Labels[row].Interval.From).OrderBy(group => group.Key)
            .Chunk(BlockSessions).Select(block => block.SelectMany(group => group).ToArray())];
}

using System.Collections.Immutable;
using Microsoft.ML;
using Microsoft.ML.Trainers.FastTree;
using Microsoft.ML.Trainers.LightGbm;

namespace Trading.Learning;

/// <summary>Boosted trees by ML.NET, kept as our own trees: nothing of ML.NET is needed to predict, and the bytes are
/// the same every time.</summary>
public abstract class MlNetTreeTrainer : IModelTrainer
{
    public const string Trees = "trees", Leaves = "leaves", LeastRows = "least_rows", Rate = "rate";

    private protected MlNetTreeTrainer() { }

    public abstract string Method { get; }
    public virtual string? Unavailable => null;

    /// <summary>Few leaves and many rows in each: what markets tell is weak. Tuning finds how many trees are
    /// enough.</summary>
    public ImmutableArray<TrainerSettings> Candidates { get; } =
    [
        TrainerSettings.Of((Trees, 60), (Leaves, 4), (LeastRows, 50), (Rate, 0.05)),
        TrainerSettings.Of((Trees, 60), (Leaves, 8), (LeastRows, 50), (Rate, 0.05)),
    ];

    public IFittedModel Fit(Sample train, TrainerSettings settings, int seed, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (Unavailable is { } reason) throw new InvalidOperationException(reason);
        // A context of its own for every fit: one that is used again carries its random state on.
        return FitWithMlNet(train, settings, seed, new(seed)).Own;
    }

    /// <summary>Our trees, and the model of ML.NET that they were taken from.</summary>
    internal (TreeEnsemble Own, ITransformer Transformer) FitWithMlNet(
        Sample train, TrainerSettings settings, int seed, MLContext context) =>
        Train(context, MlNetData.Of(context, train), settings, seed, train.Columns.Length);

    public IFittedModel Load(string saved) => TreeEnsemble.Load(saved);

    private protected abstract (TreeEnsemble, ITransformer) Train(
        MLContext context, IDataView data, TrainerSettings settings, int seed, int width);

    private protected static TreeEnsemble Own(RegressionTreeEnsemble ensemble, int width) => new(
        [.. ensemble.Trees.Select((tree, i) => Own(tree, ensemble.TreeWeights[i]))], ensemble.Bias, width);

    /// <summary>ML.NET numbers nodes in the order in which they were split, so a child stands behind its
    /// parent.</summary>
    static RegressionTree Own(RegressionTreeBase tree, double weight) => new(
        [.. tree.NumericalSplitFeatureIndexes], [.. tree.NumericalSplitThresholds], [.. tree.SplitGains],
        [.. tree.LeftChild], [.. tree.RightChild], [.. tree.LeafValues.Select(value => weight * value)]);
}

/// <summary>ML.NET's own gradient boosting (MART).</summary>
public sealed class FastTreeTrainer : MlNetTreeTrainer
{
    public override string Method => "fast_tree";

    private protected override (TreeEnsemble, ITransformer) Train(
        MLContext context, IDataView data, TrainerSettings settings, int seed, int width)
    {
        var fitted = context.BinaryClassification.Trainers.FastTree(new FastTreeBinaryTrainer.Options
        {
            FeatureColumnName = MlNetData.Features,
            LabelColumnName = MlNetData.Label,
            ExampleWeightColumnName = MlNetData.Weight,
            NumberOfTrees = (int)settings[Trees],
            NumberOfLeaves = (int)settings[Leaves],
            MinimumExampleCountPerLeaf = (int)settings[LeastRows],
            LearningRate = settings[Rate],
            Seed = seed,
            FeatureSelectionSeed = seed,
        }).Fit(data);
        return (Own(fitted.Model.SubModel.TrainedTreeEnsemble, width), fitted);
    }
}

/// <summary>LightGBM, whose native library needs the OpenMP runtime of GCC.</summary>
public sealed class LightGbmTrainer : MlNetTreeTrainer
{
    static readonly Lazy<string?> Missing = new(NativeLibraries.MissingForLightGbm);

    public override string Method => "light_gbm";
    public override string? Unavailable => Missing.Value;

    private protected override (TreeEnsemble, ITransformer) Train(
        MLContext context, IDataView data, TrainerSettings settings, int seed, int width)
    {
        var fitted = context.BinaryClassification.Trainers.LightGbm(new LightGbmBinaryTrainer.Options
        {
            FeatureColumnName = MlNetData.Features,
            LabelColumnName = MlNetData.Label,
            ExampleWeightColumnName = MlNetData.Weight,
            NumberOfIterations = (int)settings[Trees],
            NumberOfLeaves = (int)settings[Leaves],
            MinimumExampleCountPerLeaf = (int)settings[LeastRows],
            LearningRate = settings[Rate],
            Seed = seed,
            NumberOfThreads = 1, // sums in one order
            Silent = true,
        }).Fit(data);
        return (Own(fitted.Model.SubModel.TrainedTreeEnsemble, width), fitted);
    }
}

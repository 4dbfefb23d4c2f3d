using System.Collections.Immutable;
using Microsoft.ML;
using Microsoft.ML.Trainers;
using Trading.Quant;

namespace Trading.Learning;

/// <summary>Logistic regression by ML.NET: weights are learned on standardised features in single precision and kept in
/// our own form, so that nothing of ML.NET is needed to predict. A context of its own for every fit: one that is used
/// again carries its random state on.</summary>
public abstract class MlNetLinearTrainer : IModelTrainer
{
    protected const string Penalty = "penalty";

    private protected MlNetLinearTrainer() { }

    public abstract string Method { get; }

    /// <summary>Penalties on the mean log loss.</summary>
    public ImmutableArray<TrainerSettings> Candidates { get; } =
        [TrainerSettings.Of((Penalty, 0.1)), TrainerSettings.Of((Penalty, 0.01))];

    public IFittedModel Fit(Sample train, TrainerSettings settings, int seed, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var (means, scales) = LogisticRegression.Standardisation(
            [.. Enumerable.Range(0, train.Count).Select(row => train.Row(row).ToArray())]);
        var context = new MLContext(seed);
        var parameters = Train(context, MlNetData.Of(context, train, means, scales), settings[Penalty], train.Count);
        return new LinearModel(new([.. means], [.. scales], [.. parameters.Weights.Select(weight => (double)weight)],
            parameters.Bias));
    }

    public IFittedModel Load(string saved) => LinearModel.Load(saved);

    private protected abstract LinearBinaryModelParameters Train(
        MLContext context, IDataView data, double penalty, int rows);
}

/// <summary>L-BFGS.</summary>
public sealed class LbfgsTrainer : MlNetLinearTrainer
{
    public override string Method => "lbfgs";

    private protected override LinearBinaryModelParameters Train(
        MLContext context, IDataView data, double penalty, int rows) =>
        context.BinaryClassification.Trainers.LbfgsLogisticRegression(new LbfgsLogisticRegressionBinaryTrainer.Options
        {
            FeatureColumnName = MlNetData.Features,
            LabelColumnName = MlNetData.Label,
            ExampleWeightColumnName = MlNetData.Weight,
            L1Regularization = 0,
            L2Regularization = (float)(penalty * rows), // its own is on the sum
            OptimizationTolerance = 1e-7f,
            NumberOfThreads = 1,
        }).Fit(data).Model.SubModel;
}

/// <summary>Stochastic dual coordinate ascent.</summary>
public sealed class SdcaTrainer : MlNetLinearTrainer
{
    public override string Method => "sdca";

    private protected override LinearBinaryModelParameters Train(
        MLContext context, IDataView data, double penalty, int rows) =>
        context.BinaryClassification.Trainers.SdcaLogisticRegression(new SdcaLogisticRegressionBinaryTrainer.Options
        {
            FeatureColumnName = MlNetData.Features,
            LabelColumnName = MlNetData.Label,
            ExampleWeightColumnName = MlNetData.Weight,
            L1Regularization = 0,
            L2Regularization = (float)penalty,
            MaximumNumberOfIterations = 50,
            NumberOfThreads = 1,
        }).Fit(data).Model.SubModel;
}

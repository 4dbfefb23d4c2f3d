using System.Collections.Immutable;
using Trading.Quant;

namespace Trading.Learning;

/// <summary>Logistic regression with a quadratic penalty at its optimum, in double precision: the baseline that can be
/// read, and that others must beat.</summary>
public sealed class LogisticTrainer(params ImmutableArray<double> penalties) : IModelTrainer
{
    public const string Name = "logistic", Penalty = "penalty";

    public string Method => Name;

    public ImmutableArray<TrainerSettings> Candidates { get; } =
        [.. (penalties.IsDefaultOrEmpty ? [1_000.0, 100, 10] : penalties)
            .OrderDescending().Select(penalty => TrainerSettings.Of((Penalty, penalty)))];

    public IFittedModel Fit(Sample train, TrainerSettings settings, int seed, CancellationToken cancellation)
    {
        double[][] rows = [.. Enumerable.Range(0, train.Count).Select(row => train.Row(row).ToArray())];
        return new LinearModel(LogisticRegression.Fit(
            rows, train.Outcomes(), train.Weights, settings[Penalty], cancellation));
    }

    public IFittedModel Load(string saved) => LinearModel.Load(saved);
}

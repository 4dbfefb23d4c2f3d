using System.Collections.Immutable;

namespace Trading.Learning;

/// <summary>Everything that a training leaves open; a part of every model's lineage.</summary>
/// <param name="Folds">Walk-forward test ranges, 2 to 20.</param>
/// <param name="InnerFolds">Purged parts of each training window that settings and calibration are found on, 2 to
/// 10.</param>
/// <param name="Embargo">Sessions kept free behind each inner test.</param>
/// <param name="CostPerTurnover">What changing the whole position costs, as a share of it.</param>
/// <param name="Isotonic">Whether large samples are calibrated by steps instead of a sigmoid.</param>
/// <param name="Plan">One of <see cref="SplitSchemes.Names"/>: how it is judged where no plan is given.</param>
public sealed record TrainingSpec(
    LabelSpec Label, SelectionOptions Selection, int Folds = 5, int InnerFolds = 3, int Embargo = 5,
    double CostPerTurnover = 0.0005, bool Isotonic = false, int Seed = 1,
    string Plan = SplitSchemes.Expanding)
{
    /// <summary>The next session's direction.</summary>
    public static TrainingSpec Default { get; } = new(new LabelSpec.NextReturn(1), new());

    /// <summary>The least sessions with a label: fewer leave a fold nothing to learn from.</summary>
    public const int LeastSessions = 200;

    public override string ToString() => FormattableString.Invariant(
        $"label={Label.Name} folds={Folds} inner={InnerFolds} embargo={Embargo} top_k={Selection.TopK} ")
        + FormattableString.Invariant($"correlation={Selection.LargestCorrelation} subsamples={Selection.Subsamples} ")
        + FormattableString.Invariant($"cost={CostPerTurnover} isotonic={Isotonic} seed={Seed}");

    /// <summary>Every broken rule.</summary>
    public ImmutableArray<TrainingProblem> BrokenRules()
    {
        var broken = ImmutableArray.CreateBuilder<TrainingProblem>();
        void Rule(bool holds, string field, string message)
        {
            if (!holds) broken.Add(new(field, "range", message));
        }

        broken.AddRange(Label.BrokenRules());
        broken.AddRange(SplitSchemes.BrokenRules(Plan, Folds, tested: null));
        Rule(Folds is >= 2 and <= 20, "folds", $"folds can be from 2 to 20; it is {Folds}.");
        Rule(InnerFolds is >= 2 and <= 10, "inner_folds", $"inner_folds can be from 2 to 10; it is {InnerFolds}.");
        Rule(Embargo is >= 0 and <= 252, "embargo", $"embargo can be from 0 to 252 sessions; it is {Embargo}.");
        Rule(Selection.TopK is >= 1 and <= 1_000, "top_k", $"top_k can be from 1 to 1000; it is {Selection.TopK}.");
        Rule(Selection.LargestCorrelation is > 0 and <= 1, "largest_correlation",
            $"largest_correlation is above 0 and at most 1; it is {Selection.LargestCorrelation}.");
        Rule(Selection.Subsamples is >= 1 and <= 200, "subsamples",
            $"subsamples can be from 1 to 200; it is {Selection.Subsamples}.");
        Rule(CostPerTurnover is >= 0 and < 0.1, "cost", $"cost can be from 0 to below 0.1; it is {CostPerTurnover}.");
        return broken.ToImmutable();
    }
}

/// <summary>Why there is no training.</summary>
/// <param name="Field">What it is about.</param>
/// <param name="Rule">A stable code.</param>
public sealed record TrainingProblem(string Field, string Rule, string Message);

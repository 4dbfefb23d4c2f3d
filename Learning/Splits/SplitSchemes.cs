using System.Collections.Immutable;
using System.Numerics;

namespace Trading.Learning;

/// <summary>The plans that a training can be judged by, by name.</summary>
public static class SplitSchemes
{
    public const string Expanding = "expanding", Rolling = "rolling", Yearly = "yearly", PurgedKFold = "purged_k_fold",
        CombinatorialPurged = "combinatorial_purged";

    /// <summary>Those whose tests follow what they are learned from: what a model in use is judged by.</summary>
    public static ImmutableArray<string> Forward { get; } = [Expanding, Rolling, Yearly];

    /// <summary>Groups that a split of <see cref="CombinatorialPurged"/> tests, where it is not said.</summary>
    public const int UsualTested = 2;

    public static ImmutableArray<string> Names { get; } = [Expanding, Rolling, Yearly, PurgedKFold, CombinatorialPurged];

    /// <summary>Every broken rule of what <see cref="Of"/> is given, whatever the labels.</summary>
    public static ImmutableArray<TrainingProblem> BrokenRules(string scheme, int folds, int? tested)
    {
        var broken = ImmutableArray.CreateBuilder<TrainingProblem>();
        if (!Names.Contains(scheme))
            broken.Add(new("plan", "one_of", $"There is no plan '{scheme}'; there are {string.Join(", ", Names)}."));
        if (scheme != CombinatorialPurged)
        {
            if (tested is not null)
                broken.Add(new("tested", "inapplicable", $"tested is a parameter of {CombinatorialPurged}, not of {scheme}."));
            return broken.ToImmutable();
        }

        var chosen = tested ?? UsualTested;
        if (chosen < 1 || chosen >= folds)
            broken.Add(new("tested", "range", $"tested is {chosen}; of {folds} groups 1 to {folds - 1} can be tested."));
        else if (Choices(folds, chosen) is var splits && splits > SplitPlans.MaxSplits)
            broken.Add(new("tested", "range",
                $"tested is {chosen}; of {folds} groups that makes {splits} splits, and {SplitPlans.MaxSplits} are the most."));
        return broken.ToImmutable();
    }

    /// <param name="folds">Test ranges, or groups; by years there are as many as there are years after the first
    /// range.</param>
    /// <param name="tested">Of <see cref="CombinatorialPurged"/>: the groups that each split tests.</param>
    /// <exception cref="ArgumentException">A name that there is not, or labels that give no range.</exception>
    public static SplitPlan Of(string scheme, ImmutableArray<Label> labels, int folds, int embargo, int? tested = null)
    {
        if (BrokenRules(scheme, folds, tested) is [var broken, ..]) throw new ArgumentException(broken.Message, broken.Field);
        var sessions = labels.Select(label => label.Interval.From).Distinct().Count();
        var test = sessions / (folds + 1);
        var first = sessions - folds * test;
        return scheme switch
        {
            Expanding => SplitPlans.WalkForward(labels, first, test),
            Rolling => SplitPlans.WalkForward(labels, first, test, first),
            Yearly => SplitPlans.WalkForward(labels, first, CalendarPeriod.Year),
            PurgedKFold => SplitPlans.PurgedKFold(labels, folds, embargo),
            _ => SplitPlans.CombinatorialPurged(labels, folds, tested ?? UsualTested, embargo),
        };
    }

    static BigInteger Choices(int groups, int tested)
    {
        var choices = BigInteger.One;
        for (var i = 1; i <= tested; i++)
            choices = choices * (groups - tested + i) / i;
        return choices;
    }
}

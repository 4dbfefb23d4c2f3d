using System.Collections.Immutable;

namespace Trading.Learning;

/// <summary>The plans that a training can be judged by, by name.</summary>
public static class SplitSchemes
{
    public const string Expanding = "expanding", Rolling = "rolling", Yearly = "yearly", PurgedKFold = "purged_k_fold";

    public static ImmutableArray<string> Names { get; } = [Expanding, Rolling, Yearly, PurgedKFold];

    /// <param name="folds">Test ranges; by years there are as many as there are years after the first range.</param>
    /// <exception cref="ArgumentException">A name that there is not, or labels that give no range.</exception>
    public static SplitPlan Of(string scheme, ImmutableArray<Label> labels, int folds, int embargo)
    {
        var sessions = labels.Select(label => label.Interval.From).Distinct().Count();
        var test = sessions / (folds + 1);
        var first = sessions - folds * test;
        return scheme switch
        {
            Expanding => SplitPlans.WalkForward(labels, first, test),
            Rolling => SplitPlans.WalkForward(labels, first, test, first),
            Yearly => SplitPlans.WalkForward(labels, first, CalendarPeriod.Year),
            PurgedKFold => SplitPlans.PurgedKFold(labels, folds, embargo),
            _ => throw new ArgumentException(
                $"There is no plan '{scheme}'; there are {string.Join(", ", Names)}.", nameof(scheme)),
        };
    }
}

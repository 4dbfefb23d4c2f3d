using System.Collections.Immutable;

namespace Trading.Backtests;

/// <summary>Values that a parameter takes in a sweep: from the least to the most in steps.</summary>
public sealed record ParameterRange(double Least, double Most, double Step)
{
    public int Count => (int)Math.Floor((Most - Least) / Step + 1e-9) + 1;

    public double At(int place) => Least + place * Step;
}

/// <summary>A test of one strategy with many parameters.</summary>
public sealed record SweepSpec
{
    public const int MostTrials = 1_000_000, MostParameters = 8, MostValues = 10_000;

    public BacktestSpec Test { get; init; } = new();

    /// <summary>Of the first strategy of the test.</summary>
    public ImmutableSortedDictionary<string, ParameterRange> Ranges { get; init; } =
        ImmutableSortedDictionary<string, ParameterRange>.Empty;

    /// <summary>So many combinations drawn by the seed of the test, each at most once; null for all.</summary>
    public int? Draws { get; init; }

    /// <summary>Blocks of the cross-validation behind the probability of overfitting.</summary>
    public int Blocks { get; init; } = Trading.Quant.BacktestOverfitting.UsualBlocks;

    /// <summary>Chosen on one window, judged on the next; null for no walk.</summary>
    public WalkForwardSpec? WalkForward { get; init; }
}

/// <param name="TrainDays">Calendar days of a window on which the best trial is chosen.</param>
/// <param name="TestDays">Of the window after it, on which that one is judged.</param>
/// <param name="IsExpanding">Whether training always begins at the first day.</param>
public sealed record WalkForwardSpec(int TrainDays = 730, int TestDays = 182, bool IsExpanding = false);

/// <summary>The trials of a sweep, in an order that depends on its specification alone.</summary>
public static class SweepTrials
{
    public static ImmutableArray<FieldError> Check(SweepSpec spec, StrategyCatalog catalog)
    {
        var errors = new List<FieldError>(
            BacktestRules.Check(spec.Test, catalog).Select(error => error with { Field = $"test.{error.Field}" }));
        if (spec.Ranges.Count is 0 or > SweepSpec.MostParameters)
            errors.Add(new("ranges", "count", $"ranges are 1 to {SweepSpec.MostParameters}; they are {spec.Ranges.Count}."));
        foreach (var (name, range) in spec.Ranges)
            if (!(range.Step > 0 && range.Least <= range.Most && double.IsFinite(range.Most - range.Least)
                && (range.Most - range.Least) / range.Step < SweepSpec.MostValues))
                errors.Add(new($"ranges.{name}", "range", $"{name} goes from least to most in at most {SweepSpec.MostValues} steps."));
        if (spec.Draws is < 1 or > SweepSpec.MostTrials)
            errors.Add(new("draws", "range", $"draws are 1 to {SweepSpec.MostTrials}; they are {spec.Draws}."));
        if (spec.Blocks is < 2 or > Trading.Quant.BacktestOverfitting.MostBlocks || spec.Blocks % 2 != 0)
            errors.Add(new("blocks", "even", $"blocks are an even number up to {Trading.Quant.BacktestOverfitting.MostBlocks}; they are {spec.Blocks}."));
        if (spec.WalkForward is { } walk && (walk.TrainDays < 30 || walk.TestDays < 30))
            errors.Add(new("walk_forward", "range", "Windows have 30 days or more."));
        if (errors.Count > 0 || spec.Test.Strategies.IsEmpty) return [.. errors];
        if (Combinations(spec) > SweepSpec.MostTrials && spec.Draws is null)
            errors.Add(new("ranges", "max_count", $"There are {Combinations(spec)} combinations; more than {SweepSpec.MostTrials} must be drawn from."));
        var known = catalog.Find(spec.Test.Strategies[0].Name)!.Parameters.Select(parameter => parameter.Name);
        foreach (var name in spec.Ranges.Keys.Except(known))
            errors.Add(new($"ranges.{name}", "unknown", $"{spec.Test.Strategies[0].Name} has no parameter '{name}'."));
        if (errors.Count == 0 && Of(spec, catalog).IsEmpty)
            errors.Add(new("ranges", "none", "No combination is one that the strategy takes."));
        return [.. errors];
    }

    /// <summary>The test of each trial; combinations that the strategy does not take are left out.</summary>
    public static ImmutableArray<BacktestSpec> Of(SweepSpec spec, StrategyCatalog catalog)
    {
        var definition = catalog.Find(spec.Test.Strategies[0].Name)!;
        var trials = ImmutableArray.CreateBuilder<BacktestSpec>();
        foreach (var place in Places(spec))
        {
            var strategy = spec.Test.Strategies[0];
            strategy = strategy with { Parameters = strategy.Parameters.SetItems(Values(spec, place)) };
            var errors = new List<FieldError>();
            definition.Complete(strategy.Parameters, "parameters", errors);
            if (errors.Count == 0) trials.Add(
                spec.Test with { Strategies = spec.Test.Strategies.SetItem(0, strategy) });
        }

        return trials.ToImmutable();
    }

    static double Combinations(SweepSpec spec) =>
        spec.Ranges.Values.Aggregate(1.0, (product, range) => product * range.Count);

    static IEnumerable<long> Places(SweepSpec spec)
    {
        var all = (long)Math.Min(long.MaxValue / 2, Combinations(spec));
        if (spec.Draws is not { } draws || draws >= all)
        {
            for (var place = 0L; place < all; place++) yield return place;
            yield break;
        }

        // Floyd's way to draw without repeating, in the memory of what is drawn.
        var (random, drawn) = (new Random(unchecked((int)spec.Test.Seed)), new HashSet<long>());
        for (var upper = all - draws; upper < all; upper++)
            if (!drawn.Add(random.NextInt64(upper + 1))) drawn.Add(upper);
        foreach (var place in drawn.Order()) yield return place;
    }

    static IEnumerable<KeyValuePair<string, double>> Values(SweepSpec spec, long place)
    {
        foreach (var (name, range) in spec.Ranges)
        {
            yield return new(name, range.At((int)(place % range.Count)));
            place /= range.Count;
        }
    }
}

using System.Collections.Immutable;

namespace Trading.Backtests;

/// <param name="IsWhole">Only whole numbers are taken.</param>
public sealed record StrategyParameter(
    string Name, double Default, double Least, double Most, bool IsWhole, string Description);

/// <summary>What a model said of the next move of a symbol, and when that could be known.</summary>
/// <param name="KnownAt">Nobody may use it earlier: the model was trained on what came before.</param>
/// <param name="Probability">Of a rise.</param>
public readonly record struct Prediction(DateTimeOffset KnownAt, double Probability);

/// <summary>What a strategy is made from.</summary>
public sealed class StrategyInputs(
    ImmutableSortedDictionary<string, double> parameters,
    IReadOnlyDictionary<string, ImmutableArray<Prediction>>? predictions = null)
{
    public ImmutableSortedDictionary<string, double> Parameters { get; } = parameters;

    /// <summary>By symbol, in order of time.</summary>
    public IReadOnlyDictionary<string, ImmutableArray<Prediction>> Predictions { get; } =
        predictions ?? ImmutableDictionary<string, ImmutableArray<Prediction>>.Empty;

    public double Number(string name) => Parameters[name];

    public int Whole(string name) => (int)Parameters[name];
}

/// <summary>A kind of strategy that runs can name.</summary>
/// <param name="NeedsPredictions">Whether it trades on a model's predictions.</param>
public sealed record StrategyDefinition(
    string Name, string Description, ImmutableArray<StrategyParameter> Parameters, Func<StrategyInputs, IStrategy> Create,
    bool NeedsPredictions = false)
{
    /// <summary>Two parameters of which the first must be below the second.</summary>
    public (string Smaller, string Larger)? Ordered { get; init; }

    /// <summary>The parameters with the defaults of those that were not given.</summary>
    /// <param name="errors">What is wrong with them is added.</param>
    /// <param name="field">How errors call them.</param>
    public ImmutableSortedDictionary<string, double> Complete(
        IReadOnlyDictionary<string, double> given, string field, ICollection<FieldError> errors)
    {
        foreach (var name in given.Keys.Except(Parameters.Select(parameter => parameter.Name)).Order(StringComparer.Ordinal))
            errors.Add(new($"{field}.{name}", "unknown", $"{Name} has no parameter '{name}'; it has {Names()}."));
        var complete = ImmutableSortedDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);
        foreach (var parameter in Parameters)
        {
            var value = given.TryGetValue(parameter.Name, out var set) ? set : parameter.Default;
            if (!(value >= parameter.Least && value <= parameter.Most))
                errors.Add(new(
                    $"{field}.{parameter.Name}", "range",
                    FormattableString.Invariant($"{parameter.Name} is from {parameter.Least} to {parameter.Most}; it is {value}.")));
            else if (parameter.IsWhole && value != Math.Floor(value))
                errors.Add(new(
                    $"{field}.{parameter.Name}", "whole",
                    FormattableString.Invariant($"{parameter.Name} is a whole number; it is {value}.")));
            complete[parameter.Name] = value;
        }

        if (Ordered is var (smaller, larger) && !(complete[smaller] < complete[larger]))
            errors.Add(new(
                $"{field}.{smaller}", "order",
                FormattableString.Invariant($"{smaller} is below {larger}; they are {complete[smaller]} and {complete[larger]}.")));
        return complete.ToImmutable();
    }

    string Names() => Parameters.IsEmpty ? "none" : string.Join(", ", Parameters.Select(parameter => parameter.Name));
}

/// <summary>Strategies by name.</summary>
public sealed class StrategyCatalog
{
    readonly SortedDictionary<string, StrategyDefinition> _byName = new(StringComparer.Ordinal);

    /// <exception cref="ArgumentException">A name is given twice.</exception>
    public StrategyCatalog(IEnumerable<StrategyDefinition> definitions)
    {
        foreach (var definition in definitions)
            if (!_byName.TryAdd(definition.Name, definition))
                throw new ArgumentException($"There are two strategies '{definition.Name}'.", nameof(definitions));
    }

    /// <summary>Those that come with the program.</summary>
    public static StrategyCatalog BuiltIn { get; } = new(
    [
        BuyAndHold.Definition, MovingAverageCross.Definition, MeanReversion.Definition, MomentumRank.Definition,
        VolatilityTarget.Definition, ModelDriven.Definition,
    ]);

    public IEnumerable<StrategyDefinition> All => _byName.Values;

    public StrategyDefinition? Find(string name) => _byName.GetValueOrDefault(name);
}

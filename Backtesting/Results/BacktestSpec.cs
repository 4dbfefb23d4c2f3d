using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Trading.MarketData;

namespace Trading.Backtests;

/// <summary>A strategy of a run.</summary>
/// <param name="Name">Of a strategy that there is; empty where a text names none.</param>
/// <param name="Parameters">Those that differ from their defaults; none where a text leaves them out.</param>
/// <param name="Share">Of the run's cash.</param>
public sealed record StrategySpec(
    string Name, ImmutableSortedDictionary<string, double> Parameters, double Share = 1)
{
    public string Name { get; init; } = Name ?? "";

    public ImmutableSortedDictionary<string, double> Parameters { get; init; } =
        Parameters ?? ImmutableSortedDictionary<string, double>.Empty;

    public static StrategySpec Of(string name, params (string Name, double Value)[] parameters) => new(
        name, parameters.ToImmutableSortedDictionary(one => one.Name, one => one.Value, StringComparer.Ordinal));
}

/// <summary>Which check stands before the market of a test.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<GateKind>))]
public enum GateKind
{
    /// <summary>The pre-trade check of a live book, under the clock of the test.</summary>
    Live,
    /// <summary>Every order goes to the market.</summary>
    None,
}

/// <summary>What the orders of a test must pass.</summary>
public sealed record GateSpec
{
    public GateKind Kind { get; init; }

    /// <summary>Limits by name, in place of those that a new book starts with; null lifts one.</summary>
    public JsonElement? Limits { get; init; }

    public bool AllowShort { get; init; } = true;

    /// <summary>Days after which a breaker that waits for a person is reset, as somebody would; null for
    /// never.</summary>
    public double? PersonResetsAfterDays { get; init; }
}

/// <summary>What is to be tested: all that a result depends on besides the data.</summary>
public sealed record BacktestSpec
{
    public const int MostSymbols = 1_000, MostStrategies = 16;
    public const decimal MostCash = 1_000_000_000_000m;

    /// <summary>Empty for all that there are.</summary>
    public ImmutableArray<string> Symbols { get; init; } = [];

    public BarInterval Interval { get; init; } = BarInterval.OneDay;

    /// <summary>The first and the last day, both included; null for what there is.</summary>
    public DateOnly? From { get; init; }

    public DateOnly? To { get; init; }

    public decimal Cash { get; init; } = 1_000_000m;

    public ImmutableArray<StrategySpec> Strategies { get; init; } = [];

    public CostOptions Costs { get; init; } = new();

    public ExecutionOptions Execution { get; init; } = new();

    /// <summary>What orders must pass; null for what whoever runs the test asks for.</summary>
    public GateSpec? Gate { get; init; }

    /// <summary>The symbol that alpha and beta are measured against; null for an equal part of each symbol.</summary>
    public string? Benchmark { get; init; }

    /// <summary>Periods of returns in a year; null for what is usual of the symbols: 252 of shares, 260 of
    /// currencies, 365 of coins.</summary>
    public double? PeriodsPerYear { get; init; }

    /// <summary>Which market it is made on.</summary>
    public MarketScenario Scenario { get; init; } = new();

    /// <summary>What the test may draw from chance.</summary>
    public long Seed { get; init; } = 1;
}

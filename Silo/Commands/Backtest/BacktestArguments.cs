using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Trading.Backtests;
using Trading.MarketData;

namespace Trading.Commands;

/// <summary>What the command line says of a test; null and empty for nothing.</summary>
sealed record BacktestChoice(
    string[] Strategies, string[] Parameters, string[] Symbols, string? Interval, DateOnly? From, DateOnly? To, decimal? Cash,
    string? Benchmark, double? Volume, bool ZeroCost);

/// <summary>Lays the command line over a test.</summary>
static class BacktestArguments
{
    /// <exception cref="BacktestRefusedException">A parameter or the interval cannot be read; all of them are named.</exception>
    public static BacktestSpec Spec(BacktestSpec spec, BacktestChoice choice)
    {
        var errors = new List<FieldError>();
        var strategies = Strategies(spec, choice, errors);
        var interval = choice.Interval is { } code ? BarIntervals.Parse(code) : spec.Interval;
        if (interval is null) errors.Add(new("interval", "unknown", $"There is no interval '{choice.Interval}'."));
        if (errors.Count > 0) throw new BacktestRefusedException([.. errors]);
        return spec with
        {
            Strategies = strategies,
            Symbols = choice.Symbols.Length > 0
                ? [.. choice.Symbols.SelectMany(symbols => symbols.Split(',')).Select(Ticker.Normalize)]
                : spec.Symbols,
            Interval = interval!.Value,
            From = choice.From ?? spec.From,
            To = choice.To ?? spec.To,
            Cash = choice.Cash ?? spec.Cash,
            Benchmark = choice.Benchmark ?? spec.Benchmark,
            Costs = choice.ZeroCost ? CostOptions.Zero : spec.Costs,
            Execution = choice.ZeroCost
                ? spec.Execution with { MaxParticipation = null, LatencyMilliseconds = 0 }
                : spec.Execution with { AssumedDailyVolume = choice.Volume ?? spec.Execution.AssumedDailyVolume },
        };
    }

    /// <summary>With the check that the command line asks for, else the test's, else that of a live book.</summary>
    /// <param name="limits">As JSON; null for those of the test.</param>
    /// <exception cref="BacktestRefusedException">The limits are no JSON.</exception>
    public static BacktestSpec Held(BacktestSpec spec, GateKind? kind, string? limits)
    {
        var gate = GateRules.InForce(spec).Gate!;
        if (kind is { } asked) gate = gate with { Kind = asked };
        try
        {
            if (limits is not null) gate = gate with { Limits = JsonSerializer.Deserialize<JsonElement>(limits) };
        }
        catch (JsonException broken)
        {
            throw new BacktestRefusedException([new("limits", "json", broken.Message)]);
        }

        return spec with { Gate = gate };
    }

    static ImmutableArray<StrategySpec> Strategies(BacktestSpec spec, BacktestChoice choice, List<FieldError> errors)
    {
        var names = choice.Strategies is { Length: > 0 } given ? given
            : spec.Strategies.IsEmpty ? [MovingAverage] : [.. spec.Strategies.Select(strategy => strategy.Name)];
        var set = choice.Parameters.Select(text => Parameter(text, names, errors)).OfType<(string, string, double)>().ToLookup(one => one.Item1);
        var isKept = choice.Strategies.Length == 0 && !spec.Strategies.IsEmpty;
        return
        [
            .. names.Select((name, place) =>
            {
                var strategy = isKept ? spec.Strategies[place] : StrategySpec.Of(name) with { Share = 1.0 / names.Length };
                return strategy with { Parameters = strategy.Parameters.SetItems(set[name].Select(one => KeyValuePair.Create(one.Item2, one.Item3))) };
            }),
        ];
    }

    const string MovingAverage = "moving_average_cross";

    /// <summary>Reads <c>fast=20</c> or <c>strategy.fast=20</c>.</summary>
    static (string Strategy, string Name, double Value)? Parameter(string text, string[] names, List<FieldError> errors)
    {
        var (left, right) = text.Split('=', 2) is [var before, var after] ? (before, after) : (text, "");
        var (strategy, name) = left.Split('.', 2) is [var of, var own] ? (of, own) : (names[0], left);
        if (double.TryParse(right, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            && (names.Length == 1 || left.Contains('.', StringComparison.Ordinal)) && names.Contains(strategy))
            return (strategy, name, value);
        errors.Add(new(
            "parameter", "form", $"'{text}' is no parameter; one is fast=20, or {MovingAverage}.fast=20 where there are several strategies."));
        return null;
    }
}

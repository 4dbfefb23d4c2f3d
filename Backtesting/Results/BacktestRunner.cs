using System.Collections.Immutable;

namespace Trading.Backtests;

/// <summary>A test cannot be run, for every reason named.</summary>
public sealed class BacktestRefusedException(ImmutableArray<FieldError> errors)
    : Exception(string.Join(Environment.NewLine, errors.Select(error => $"{error.Field}: {error.Message}")))
{
    public ImmutableArray<FieldError> Errors { get; } = errors;
}

/// <summary>Runs a test and measures it.</summary>
public static class BacktestRunner
{
    /// <param name="catalog">The strategies that the test may name.</param>
    /// <param name="predictions">Of a model, by symbol; for strategies that trade on them.</param>
    /// <param name="gate">The pre-trade check; null for none.</param>
    /// <exception cref="BacktestRefusedException">The test or the data break a rule.</exception>
    /// <exception cref="StrategyFailedException">A strategy threw.</exception>
    public static BacktestResult Run(
        BacktestSpec spec, MarketHistory history, StrategyCatalog catalog,
        IReadOnlyDictionary<string, ImmutableArray<Prediction>>? predictions = null, ITradeGate? gate = null,
        IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        Refuse(spec, history, catalog, gate is not null);
        var recording = new Recording { KeepsAll = true };
        var simulation = Prepare(spec, history, catalog, recording, predictions, gate);
        simulation.Run(progress, cancellation);
        return Measure(spec, history, simulation, recording);
    }

    /// <summary>The same on a thread of its own, and given up where a strategy never comes back.</summary>
    /// <exception cref="StrategyHungException">One moment took longer than the limit.</exception>
    public static async Task<BacktestResult> RunAsync(
        BacktestSpec spec, MarketHistory history, StrategyCatalog catalog, TimeProvider clock,
        IReadOnlyDictionary<string, ImmutableArray<Prediction>>? predictions = null, ITradeGate? gate = null,
        IProgress<double>? progress = null, TimeSpan? limit = null, CancellationToken cancellation = default)
    {
        Refuse(spec, history, catalog, gate is not null);
        var recording = new Recording { KeepsAll = true };
        var simulation = Prepare(spec, history, catalog, recording, predictions, gate);
        await new Watchdog(clock).RunAsync(simulation, limit ?? Watchdog.DefaultLimit, progress, cancellation);
        return Measure(spec, history, simulation, recording);
    }

    /// <summary>Periods of returns in a year of a test.</summary>
    public static double Periods(BacktestSpec spec, MarketHistory history) =>
        PerformanceMeasures.Periods(spec, history);

    internal static void Refuse(
        BacktestSpec spec, MarketHistory history, StrategyCatalog catalog, bool hasGate)
    {
        ImmutableArray<FieldError> errors = [.. BacktestRules.Check(spec, catalog),
            .. BacktestRules.Check(spec, history), .. BacktestRules.Check(spec.Gate, hasGate)];
        if (!errors.IsEmpty) throw new BacktestRefusedException(errors);
    }

    internal static Simulation Prepare(
        BacktestSpec spec, MarketHistory history, StrategyCatalog catalog, Recording recording,
        IReadOnlyDictionary<string, ImmutableArray<Prediction>>? predictions = null, ITradeGate? gate = null) => new(
            history, Participants(spec, catalog, predictions), Costs(spec), spec.Execution, recording, gate);

    static CostOptions Costs(BacktestSpec spec) =>
        spec.Costs with { SpreadMultiple = spec.Costs.SpreadMultiple * spec.Scenario.Spread };

    internal static ImmutableArray<Participant> Participants(
        BacktestSpec spec, StrategyCatalog catalog,
            IReadOnlyDictionary<string, ImmutableArray<Prediction>>? predictions = null) =>
    [
        .. spec.Strategies.Select((strategy, place) =>
        {
            var definition = catalog.Find(strategy.Name)!;
            var name = spec.Strategies.Count(other => other.Name == strategy.Name) > 1
                ? $"{strategy.Name}#{place + 1}" : strategy.Name;
            var inputs = new StrategyInputs(definition.Complete(strategy.Parameters, "", new List<FieldError>()),
                predictions);
            return new Participant(name, definition.Create(inputs),
                decimal.Round(spec.Cash * (decimal)strategy.Share, 2));
        }),
    ];

    internal static BacktestResult Measure(BacktestSpec spec, MarketHistory history, Simulation simulation,
        Recording recording)
    {
        ImmutableArray<StrategyOutcome> outcomes =
        [
            .. simulation.Participants.Zip(simulation.Accounts, (participant, account) =>
            {
                var equity = simulation.Market.Equity(account);
                return new StrategyOutcome(participant.Name, participant.Cash, equity,
                    Statement(account, equity - participant.Cash));
            }),
        ];
        var invested = spec with { Cash = outcomes.Sum(one => one.Cash) };
        var profit = new ProfitStatement(
            outcomes.Sum(one => one.Profit.Paper), Sum(outcomes.Select(one => one.Profit.Costs)),
            Sum(outcomes.Select(one => one.Profit.Carry)), outcomes.Sum(one => one.Profit.Net));
        var benchmark = BenchmarkPath.Of(history, spec.Benchmark, recording.Daily, invested.Cash);
        var performance = PerformanceMeasures.Of(
            history, invested, recording.Daily, recording.Trips, profit,
                simulation.Accounts.Sum(account => account.Traded), benchmark);
        return new(
            spec, performance, profit, ResultHash.Of(recording), history.Bars, recording.OrderCount,
                recording.FillCount, outcomes,
            recording.Refused)
        {
            Daily = [.. recording.Daily],
            Benchmark = [.. benchmark],
            Orders = [.. recording.Orders],
            Fills = [.. recording.Fills],
            Trades = [.. recording.Trips],
            Refusals = [.. recording.Refusals],
        };
    }

    static ProfitStatement Statement(Account account, decimal net) =>
        new(net - account.Carry.Total + account.Costs.Total, account.Costs, account.Carry, net);

    static CostBreakdown Sum(IEnumerable<CostBreakdown> parts) =>
        parts.Aggregate(default(CostBreakdown), (sum, part) => sum + part);

    static CarryBreakdown Sum(IEnumerable<CarryBreakdown> parts) =>
        parts.Aggregate(default(CarryBreakdown), (sum, part) => sum + part);
}

using System.Collections.Immutable;

namespace Trading.Backtests;

/// <summary>What a test must be before it is run. Every broken rule is named.</summary>
public static class BacktestRules
{
    public static ImmutableArray<FieldError> Check(BacktestSpec spec, StrategyCatalog catalog)
    {
        var errors = new List<FieldError>();
        if (spec.Symbols.Length > BacktestSpec.MostSymbols)
            Add("symbols", "max_count",
                $"symbols are at most {BacktestSpec.MostSymbols}; they are {spec.Symbols.Length}.");
        foreach (var twice in spec.Symbols.GroupBy(symbol => symbol).Where(group => group.Count() > 1))
            Add("symbols", "duplicate", $"{twice.Key} is named twice.");
        if (spec.From > spec.To) Add("from", "order",
            $"from is at most to; they are {spec.From:yyyy-MM-dd} and {spec.To:yyyy-MM-dd}.");
        if (spec.Cash is <= 0 or > BacktestSpec.MostCash)
            Add("cash", "range", $"cash is above 0 and at most {BacktestSpec.MostCash}; it is {spec.Cash}.");
        Range("periods_per_year", spec.PeriodsPerYear, 1, 600_000);
        Strategies(spec, catalog, errors);
        Costs(spec.Costs, Range, Add);
        Execution(spec, Range, Add);
        errors.AddRange(spec.Scenario.Check());
        return [.. errors];

        void Add(string field, string rule, string message) => errors.Add(new(field, rule, message));

        void Range(string field, double? value, double least, double most)
        {
            if (value is { } known && !(known >= least && known <= most))
                Add(field, "range", FormattableString.Invariant($"{field} is from {least} to {most}; it is {known}."));
        }
    }

    /// <summary>What the data must be for the test; they are read before.</summary>
    public static ImmutableArray<FieldError> Check(BacktestSpec spec, MarketHistory history)
    {
        var errors = ImmutableArray.CreateBuilder<FieldError>();
        foreach (var missing in spec.Symbols.Where(symbol => !history.Places.ContainsKey(symbol)))
            errors.Add(new("symbols", "no_data", $"There are no bars of {missing}."));
        if (spec.Benchmark is { } benchmark && !history.Places.ContainsKey(benchmark))
            errors.Add(new("benchmark", "no_data", $"There are no bars of {benchmark}."));
        foreach (var series in history.Series)
        {
            if (!series.KnowsVolume && spec.Execution.AssumedDailyVolume is null && NeedsVolume(spec))
                errors.Add(new(
                    "execution.assumed_daily_volume", "required",
                    $"The bars of {series.Symbol} do not say how much traded: name assumed_daily_volume, or set "
                    + "max_participation to null and impact and volume_slippage to 0."));
            if (spec.Costs.Spread == SpreadSource.Quoted && series.Quotes is null)
                errors.Add(new("costs.spread", "no_quotes", $"The bars of {series.Symbol} have no quotes."));
        }

        return errors.ToImmutable();
    }

    /// <summary>A test that asks for the live check is never run without one.</summary>
    public static ImmutableArray<FieldError> Check(GateSpec? gate, bool hasGate) =>
        gate?.Kind == GateKind.Live && !hasGate
            ? [new("gate.kind", "no_gate", "The test asks for the live check, and whoever runs it has none.")]
            : [];

    static bool NeedsVolume(BacktestSpec spec) =>
        spec.Execution.MaxParticipation is not null || spec.Costs.Impact > 0 || spec.Costs.VolumeSlippage > 0;

    static void Strategies(BacktestSpec spec, StrategyCatalog catalog, List<FieldError> errors)
    {
        if (spec.Strategies.Length is 0 or > BacktestSpec.MostStrategies)
            errors.Add(new(
                "strategies", "count",
                    $"strategies are 1 to {BacktestSpec.MostStrategies}; they are {spec.Strategies.Length}."));
        for (var i = 0; i < spec.Strategies.Length; i++)
        {
            var (strategy, field) = (spec.Strategies[i], $"strategies[{i}]");
            if (!(strategy.Share is > 0 and <= 1))
                errors.Add(new(
                    $"{field}.share", "range",
                        FormattableString.Invariant($"share is above 0 and at most 1; it is {strategy.Share}.")));
            if (catalog.Find(strategy.Name) is { } definition)
                definition.Complete(strategy.Parameters, $"{field}.parameters", errors);
            else
                errors.Add(new(
                    $"{field}.name", "unknown",
                    $"There is no strategy '{strategy.Name}'; there are {string.Join(", ", catalog.All.Select(one => one.Name))}."));
        }

        if (spec.Strategies.Sum(strategy => strategy.Share) > 1 + 1e-9)
            errors.Add(new("strategies", "shares", "The shares of all strategies are at most 1 together."));
    }

    static void Costs(CostOptions costs, Action<string, double?, double, double> range,
        Action<string, string, string> add)
    {
        range("costs.spread_fraction", costs.SpreadFraction, 0, 0.5);
        range("costs.spread_multiple", costs.SpreadMultiple, 0, 1_000);
        range("costs.impact", costs.Impact, 0, 100);
        range("costs.impact_decay_minutes", costs.ImpactDecayMinutes, 0.001, 1_000_000);
        range("costs.volatility_slippage", costs.VolatilitySlippage, 0, 10);
        range("costs.volume_slippage", costs.VolumeSlippage, 0, 10);
        range("costs.borrow_rate", costs.BorrowRate, 0, 10);
        range("costs.credit_rate", costs.CreditRate, -1, 10);
        range("costs.debit_rate", costs.DebitRate, 0, 10);
        range("costs.dividend_tax", costs.DividendTax, 0, 1);
        range("costs.conversion_fraction", costs.ConversionFraction, 0, 0.5);
        foreach (var problem in costs.Schedule?.Problems("costs.schedule") ?? [])
            add(problem.Field, problem.Rule, problem.Message);
        if (CommissionSchedule.All.All(schedule => schedule.Name != costs.Commission))
            add("costs.commission", "unknown",
                $"There is no schedule '{costs.Commission}'; there are {string.Join(", ", CommissionSchedule.All.Select(one => one.Name))}.");
    }

    static void Execution(BacktestSpec spec, Action<string, double?, double, double> range,
        Action<string, string, string> add)
    {
        var execution = spec.Execution;
        range("execution.latency_milliseconds", execution.LatencyMilliseconds, 0, 86_400_000);
        range("execution.max_participation", execution.MaxParticipation, 0.0001, 1);
        range("execution.assumed_daily_volume", execution.AssumedDailyVolume, 1e-8, 1e12);
        range("execution.assumed_daily_volatility", execution.AssumedDailyVolatility, 0, 10);
        if (spec.Costs.Spread == SpreadSource.Quoted && !execution.WithinRange)
            add("execution.within_range", "quoted", "within_range is true where the spread is quoted.");
    }
}

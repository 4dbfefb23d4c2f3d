using Microsoft.Extensions.Configuration;
using Trading.Quant;

namespace Trading.Portfolios;

/// <summary>Section <c>portfolios:analysis</c>: what is measured away from the turns of a book.</summary>
public sealed class AnalysisOptions
{
    /// <summary>Daily returns for the methods that need many (filtered, extreme) and for the hypothetical backtest, 100
    /// to 5,000; fewer are used where there are fewer.</summary>
    [ConfigurationKeyName("long_window_days")] public int LongWindowDays { get; set; } = 1_000;

    /// <summary>Daily returns that historical stress windows are looked for in, 100 to 10,000.</summary>
    [ConfigurationKeyName("stress_window_days")] public int StressWindowDays { get; set; } = 5_000;

    /// <summary>Sessions of the longer horizon, 2 to 20.</summary>
    [ConfigurationKeyName("horizon_days")] public int HorizonDays { get; set; } = 10;

    /// <summary>Of the exponentially weighted volatility and covariance, above 0 and below 1.</summary>
    [ConfigurationKeyName("ewma_decay")] public double EwmaDecay { get; set; } = Ewma.DailyDecay;

    /// <summary>Of the age-weighted tail, above 0 and at most 1.</summary>
    [ConfigurationKeyName("age_decay")] public double AgeDecay { get; set; } = 0.98;

    /// <summary>The threshold of the extreme tail is the loss of this confidence, 0.8 to 0.94: below where the measures
    /// begin.</summary>
    [ConfigurationKeyName("threshold_confidence")] public double ThresholdConfidence { get; set; } = 0.90;

    /// <summary>Simulated scenarios, a multiple of 40 from 10,000 to 1,000,000.</summary>
    [ConfigurationKeyName("monte_carlo_scenarios")] public int MonteCarloScenarios { get; set; } = 20_000;

    /// <summary>Of the simulated Student t, above 2 and at most 1,000.</summary>
    [ConfigurationKeyName("monte_carlo_degrees_of_freedom")] public double MonteCarloDegreesOfFreedom { get; set; } = 5;

    /// <summary>Of every simulation; the same seed gives the same numbers.</summary>
    [ConfigurationKeyName("seed")] public int Seed { get; set; } = 20260105;

    /// <summary>Symbols are joined in a cluster while their mean distance is that of two so correlated, -1 to
    /// 1.</summary>
    [ConfigurationKeyName("cluster_correlation")] public double ClusterCorrelation { get; set; } = 0.5;

    /// <summary>Largest positions in the correlation matrix of the report, 1 to 200.</summary>
    [ConfigurationKeyName("correlation_symbols")] public int CorrelationSymbols { get; set; } = 50;

    /// <summary>Comparable forecasts below which the traffic light is off, 20 to 250.</summary>
    [ConfigurationKeyName("backtest_min_sessions")] public int BacktestMinSessions { get; set; } = 60;

    /// <summary>How long a question waits for a newer analysis before it is answered with the one at hand, 0 to 60
    /// seconds.</summary>
    [ConfigurationKeyName("wait")] public double Wait { get; set; } = 5;

    /// <summary>Between two analyses that questions start, 0 to 3,600 seconds.</summary>
    [ConfigurationKeyName("min_interval")] public double MinInterval { get; set; } = 1;

    /// <summary>Stretches of history to hold the positions through; those that the series at hand do not cover are
    /// named as such.</summary>
    [ConfigurationKeyName("stress_windows")] public List<StressWindowOptions> StressWindows { get; set; } =
    [
        new() { Name = "black_monday_1987", From = new(1987, 10, 14), To = new(1987, 10, 19) },
        new() { Name = "rate_rise_1994", From = new(1994, 2, 3), To = new(1994, 4, 4) },
        new() { Name = "asia_1997", From = new(1997, 10, 21), To = new(1997, 10, 27) },
        new() { Name = "russia_1998", From = new(1998, 8, 17), To = new(1998, 8, 31) },
        new() { Name = "technology_2000", From = new(2000, 4, 7), To = new(2000, 4, 14) },
        new() { Name = "lehman_2008", From = new(2008, 9, 12), To = new(2008, 10, 10) },
        new() { Name = "pandemic_2020", From = new(2020, 2, 19), To = new(2020, 3, 23) },
    ];

    /// <summary>Hypothetical events; of the shocks, those of symbols and sectors that are not held are without
    /// effect.</summary>
    [ConfigurationKeyName("stress_shocks")] public List<StressShockOptions> StressShocks { get; set; } =
    [
        new() { Name = "market_down_10", Market = -0.10 },
        new() { Name = "market_like_black_monday", Market = -0.2047 },
        new()
        {
            Name = "technology_down_30_market_down_10", Market = -0.10,
            Sectors = { ["Information Technology"] = -0.30 }
        },
        new() { Name = "financials_down_30_market_down_10", Market = -0.10, Sectors = { ["Financials"] = -0.30 } },
    ];

    /// <summary>Every broken rule, with keys below the section.</summary>
    internal IEnumerable<string> Errors(string section)
    {
        List<string> errors = [];
        Within("long_window_days", LongWindowDays, Garch.MinimumSampleCount, 5_000);
        Within("stress_window_days", StressWindowDays, 100, 10_000);
        Within("horizon_days", HorizonDays, 2, 20);
        Within("ewma_decay", EwmaDecay, 0.5, 0.999);
        Within("age_decay", AgeDecay, 0.5, 1);
        Within("threshold_confidence", ThresholdConfidence, 0.8, 0.94);
        Within("monte_carlo_scenarios", MonteCarloScenarios, 10_000, 1_000_000);
        if (MonteCarloScenarios % (2 * MonteCarloTail.Batches) != 0)
            errors.Add(
                $"{section}:monte_carlo_scenarios must be a multiple of {2 * MonteCarloTail.Batches}; it is {MonteCarloScenarios}.");
        Within("monte_carlo_degrees_of_freedom", MonteCarloDegreesOfFreedom, 2.01, 1_000);
        Within("cluster_correlation", ClusterCorrelation, -1, 1);
        Within("correlation_symbols", CorrelationSymbols, 1, 200);
        Within("backtest_min_sessions", BacktestMinSessions, TailRisk.MinimumSampleCount, TrafficLights.Window);
        Within("wait", Wait, 0, 60);
        Within("min_interval", MinInterval, 0, 3_600);
        foreach (var window in StressWindows)
            if (string.IsNullOrWhiteSpace(window.Name) || window.From >= window.To)
                errors.Add($"{section}:stress_windows must have names, and end after they begin; "
                    + FormattableString.Invariant($"'{window.Name}' is {window.From} to {window.To}."));
        foreach (var shocks in StressShocks)
            errors.AddRange(StressValidator.Check(shocks.ToShocks())
                .Select(error => $"{section}:stress_shocks:{shocks.Name}: {error.Message}"));
        return errors;

        void Within(string key, double value, double least, double most)
        {
            if (!(value >= least && value <= most))
                errors.Add(
                    FormattableString.Invariant($"{section}:{key} must be from {least} to {most}; it is {value}."));
        }
    }
}

/// <summary>A stretch of history: the closes of its first session are the start, those of its last the end.</summary>
public sealed class StressWindowOptions
{
    [ConfigurationKeyName("name")] public string Name { get; set; } = "";
    [ConfigurationKeyName("from")] public DateOnly From { get; set; }
    [ConfigurationKeyName("to")] public DateOnly To { get; set; }
}

/// <summary>The settings behind <see cref="StressShocks"/>: simple returns by name.</summary>
public sealed class StressShockOptions
{
    [ConfigurationKeyName("name")] public string Name { get; set; } = "";
    [ConfigurationKeyName("market")] public double? Market { get; set; }
    [ConfigurationKeyName("sectors")] public Dictionary<string, double> Sectors { get; } = [];
    [ConfigurationKeyName("symbols")] public Dictionary<string, double> Symbols { get; } = [];

    public StressShocks ToShocks() => new(Name, Market,
        [.. Sectors.Select(shock => new NamedShock(shock.Key, shock.Value))],
        [.. Symbols.Select(shock => new NamedShock(shock.Key, shock.Value))]);
}

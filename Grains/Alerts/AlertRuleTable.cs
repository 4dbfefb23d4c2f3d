using System.Collections.Immutable;
using System.Globalization;

namespace Trading.Alerts;

/// <summary>A metric, and above what it is an alert.</summary>
/// <param name="Clear">It resolves at or below this: a value that wavers about the threshold is one alert, not
/// many.</param>
/// <param name="Seconds">How long it must hold.</param>
/// <param name="Words">What is wrong, for people: {0} is the subject, {1} the value, {2} the threshold.</param>
public sealed record AlertRule(
    string Name, string Metric, double Above, double Clear, double Seconds, AlertSeverity Severity, string Words);

/// <summary>The rules there are without any setting.</summary>
public static class AlertRuleTable
{
    const string LimitOfPositions = "active_positions_over_limit";

    public static ImmutableArray<AlertRule> Default { get; } =
    [
        new("PortfolioValueAtRiskHigh", "portfolio_var_95", 0.10, 0.09, 0,
            AlertSeverity.Critical, "{0}: value at risk is {1:0.0%} of equity, over {2:0.0%}"),
        new("ApiResponseTimeHigh", "api_response_time", 5, 4, 60,
            AlertSeverity.Critical, "{0}: 95 % of answers take up to {1:0.##} s, over {2:0.##} s"),
        new("ErrorRateHigh", "error_rate", 0.05, 0.04, 60,
            AlertSeverity.Critical, "{0}: {1:0.0%} of answers are errors, over {2:0.0%}"),
        new("TooManyActivePositions", LimitOfPositions, 0, 0, 0,
            AlertSeverity.Critical, "{0}: {1:0} positions beyond the configured limit"),
        new("SystemCpuUsageHigh", "system_cpu_usage", 0.80, 0.70, 120,
            AlertSeverity.Critical, "{0}: {1:0%} of the processors is used, over {2:0%}"),
        new("SystemMemoryUsageHigh", "system_memory_usage", 0.85, 0.80, 120,
            AlertSeverity.Critical, "{0}: {1:0%} of the memory is used, over {2:0%}"),
        new("PartUnhealthy", "health_status", 1, 1, 15, AlertSeverity.Critical, "{0} is unhealthy"),
        new("PartDegraded", "health_degraded", 0, 0, 300, AlertSeverity.Warning, "{0} is degraded"),
        new("SourceNotTrusted", "source_distrusted", 0, 0, 300,
            AlertSeverity.Warning, "The market-data source {0} is not trusted"),
        new("ModelDrifted", "model_retraining_due", 0, 0, 0,
            AlertSeverity.Warning, "The model of {0} is no longer what it was at its training"),
    ];

    /// <summary>The table with the changes of the settings.</summary>
    public static ImmutableArray<AlertRule> Of(AlertOptions options)
    {
        var changed = Default.Where(rule => !options.Rules.ContainsKey(rule.Name)).ToList();
        foreach (var (name, settings) in options.Rules.Where(rule => rule.Value.Enabled))
        {
            var known = Default.FirstOrDefault(rule => rule.Name == name);
            var above = settings.Above ?? known?.Above ?? 0;
            changed.Add(new(
                name, settings.Metric ?? known?.Metric ?? "", above,
                settings.Clear ?? Math.Min(known?.Clear ?? above, above),
                settings.For ?? known?.Seconds ?? 0, settings.Severity ?? known?.Severity ?? AlertSeverity.Warning,
                known?.Words ?? $"{{0}}: {settings.Metric ?? name} is {{1:0.####}}, over {{2:0.####}}"));
        }

        return [.. changed];
    }

    internal static IEnumerable<string> Errors(AlertOptions options)
    {
        foreach (var (name, settings) in options.Rules)
        {
            var path = $"{AlertOptions.Section}:rules:{name}";
            var known = Default.FirstOrDefault(rule => rule.Name == name);
            if (known is null && (settings.Metric is null || settings.Above is null))
                yield return $"{path} is none of the rules {string.Join(", ", Default.Select(rule => rule.Name))}; a new one needs metric and above.";
            if (settings.Clear > (settings.Above ?? known?.Above))
                yield return FormattableString.Invariant(
                    $"{path}:clear must be at most {path}:above; it is {settings.Clear}.");
            if (settings.For is not (null or (>= 0 and <= 86_400)))
                yield return FormattableString.Invariant($"{path}:for must be from 0 to 86400; it is {settings.For}.");
        }
    }
}

/// <summary>Holds observations against the rules, one after another. What waits for its time is in memory: after a
/// restart it waits anew. An observation that does not come changes nothing: unknown is neither good nor
/// bad.</summary>
public sealed class RuleEvaluator(ImmutableArray<AlertRule> rules)
{
    /// <summary>Things that are watched at once; more are not.</summary>
    const int MaxWatched = 20_000;

    readonly ILookup<string, AlertRule> _byMetric = rules.ToLookup(rule => rule.Metric);
    readonly Dictionary<(string Rule, string Subject), DateTimeOffset> _since = [];

    /// <param name="isFiring">Whether an alert of this fingerprint is on record as firing.</param>
    /// <returns>What begins to fire, and what ends.</returns>
    public IEnumerable<AlertSignal> Evaluate(
        ImmutableArray<Observation> observations, DateTimeOffset now, Func<string, bool> isFiring)
    {
        foreach (var observation in observations)
            foreach (var rule in _byMetric[observation.Metric])
            {
                var labels = Labels(observation);
                var fires = isFiring(Fingerprints.Of(rule.Name, labels));
                var key = (rule.Name, observation.Subject);
                if (observation.Value > rule.Above && !fires)
                {
                    if (!_since.ContainsKey(key) && _since.Count < MaxWatched) _since[key] = now;
                    if (_since.TryGetValue(key, out var since) && (now - since).TotalSeconds >= rule.Seconds)
                        yield return Signal(rule, observation, labels, AlertState.Firing);
                }
                else
                {
                    _since.Remove(key);
                    if (fires && observation.Value <= rule.Clear) yield return Signal(
                        rule, observation, labels, AlertState.Resolved);
                }
            }
    }

    static ImmutableSortedDictionary<string, string> Labels(Observation observation) => observation.Subject.Length == 0
        ? ImmutableSortedDictionary<string, string>.Empty
        : ImmutableSortedDictionary<string, string>.Empty.Add(observation.Label, observation.Subject);

    static AlertSignal Signal(
        AlertRule rule, Observation observation, ImmutableSortedDictionary<string, string> labels,
            AlertState state) => new(
        rule.Name, rule.Severity, labels,
        string.Format(CultureInfo.InvariantCulture, rule.Words, observation.Subject, observation.Value, rule.Above),
        state, "rules");
}

namespace Trading.Alerts.Tests;

public sealed class RuleEvaluatorTests
{
    static readonly DateTimeOffset Start = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    readonly RuleEvaluator _rules =
        new([new("High", "metric", Above: 10, Clear: 8, Seconds: 60, AlertSeverity.Critical, "it")]);
    readonly HashSet<string> _firing = [];

    [Fact]
    public void Rule_FiresAfterItsTime_AndResolvesAtItsClearLevelOnly()
    {
        See(0, 11).ShouldBeNull();
        See(59, 12).ShouldBeNull();
        See(60, 11).ShouldBe(AlertState.Firing);
        See(70, 12).ShouldBeNull();
        See(80, 9).ShouldBeNull(); // under the threshold, over the clear level
        See(90, 11).ShouldBeNull();
        See(100, 8).ShouldBe(AlertState.Resolved);
    }

    [Fact]
    public void Spike_ThatEndsInTime_IsNoAlert()
    {
        See(0, 11).ShouldBeNull();
        See(30, 10).ShouldBeNull(); // at the threshold is not over it
        See(70, 11).ShouldBeNull();
        See(129, 11).ShouldBeNull();
        See(130, 11).ShouldBe(AlertState.Firing);
    }

    [Fact]
    public void Subjects_AreWatchedEachForItself_AndSilenceOfAMetricChangesNothing()
    {
        Evaluate(0, ("a", 11), ("b", 1));
        Evaluate(60, ("a", 11), ("b", 11)).ShouldHaveSingleItem().Labels["subject"].ShouldBe("a");
        Evaluate(90).ShouldBeEmpty();
        Evaluate(120, ("b", 11)).ShouldHaveSingleItem().Labels["subject"].ShouldBe("b");
    }

    [Fact]
    public void Settings_ChangeWhatTheyName_AndWrongOnesAreAllNamed()
    {
        var options = new AlertOptions();
        options.Rules["SystemCpuUsageHigh"] = new() { Above = 0.5 };
        options.Rules["ErrorRateHigh"] = new() { Enabled = false };
        options.Rules["Backlog"] = new() { Metric = "backlog", Above = 3 };
        var rules = AlertRuleTable.Of(options);

        rules.Single(rule => rule.Name == "SystemCpuUsageHigh").ShouldSatisfyAllConditions(
            rule => rule.Above.ShouldBe(0.5), rule => rule.Clear.ShouldBe(0.5), rule =>
                rule.Metric.ShouldBe("system_cpu_usage"));
        rules.ShouldNotContain(rule => rule.Name == "ErrorRateHigh");
        rules.Single(rule => rule.Name == "Backlog").Clear.ShouldBe(3);
        options.Validate(null, options).Failed.ShouldBeFalse();

        options.Rules["Nothing"] = new() { Above = 1 };
        options.Rules["Backlog"] = new() { Metric = "backlog", Above = 3, Clear = 4, For = -1 };
        options.Routes["critical"] = "mail|pager";
        options.Channels["mail"] = new() { Kind = "email", User = "me" };
        options.GroupWait = -1;
        var failures = options.Validate(null, options).Failures!.ToArray();
        failures.Length.ShouldBe(9, string.Join('\n', failures));
        failures.ShouldContain("alerts:routes:critical names the channel 'pager', which is not among alerts:channels.");
    }

    [Fact]
    public void Thresholds_AreThoseThatWereAskedFor()
    {
        var rules = AlertRuleTable.Default.ToDictionary(rule => rule.Metric, rule => rule.Above);

        (rules["portfolio_var_95"], rules["api_response_time"], rules["error_rate"], rules["system_cpu_usage"],
            rules["system_memory_usage"])
            .ShouldBe((0.10, 5, 0.05, 0.80, 0.85));
    }

    AlertState? See(double seconds, double value) => Evaluate(seconds, ("", value)) is [var signal] ? signal.State
        : null;

    List<AlertSignal> Evaluate(double seconds, params (string Subject, double Value)[] observed)
    {
        var signals = _rules.Evaluate(
            [.. observed.Select(one => new Observation("metric", "subject", one.Subject, one.Value))],
                Start.AddSeconds(seconds), _firing.Contains).ToList();
        foreach (var signal in signals)
            if (signal.State == AlertState.Firing) _firing.Add(Fingerprints.Of(signal.Name, signal.Labels));
            else _firing.Remove(Fingerprints.Of(signal.Name, signal.Labels));
        return signals;
    }
}

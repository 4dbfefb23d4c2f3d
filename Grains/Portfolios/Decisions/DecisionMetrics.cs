using System.Diagnostics.Metrics;
using System.Text.Json;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>Counts decisions, and the rules that refuse. Labels are bounded: two outcomes, one code for each rule.</summary>
static class DecisionMetrics
{
    static readonly Meter Meter = new(BookMetrics.MeterName);

    static readonly Counter<long> Decisions = Meter.CreateCounter<long>(
        "decisions", "{decision}", "Signals decided, by outcome.");

    static readonly Counter<long> Violations = Meter.CreateCounter<long>(
        "decision_violations", "{violation}", "Rules broken by refused signals, by code; one signal may break several.");

    static readonly KeyValuePair<string, object?> Approved = new("outcome", "approved");
    static readonly KeyValuePair<string, object?> Refused = new("outcome", "refused");

    static readonly KeyValuePair<string, object?>[] Codes =
        [.. Enum.GetValues<RiskRule>().Select(rule => new KeyValuePair<string, object?>("code", CodeOf(rule)))];

    public static void Count(SignalDecision decision)
    {
        Decisions.Add(1, decision.Approved ? Approved : Refused);
        if (!Violations.Enabled) return;
        foreach (var violation in decision.Violations) Violations.Add(1, Codes[(int)violation.Code]);
    }

    static string CodeOf(RiskRule rule) => JsonSerializer.Serialize(rule).Trim('"');
}

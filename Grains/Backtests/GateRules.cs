using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Trading.Risk;

namespace Trading.Backtests;

/// <summary>Reads what the orders of a test are held to. Pure.</summary>
public static class GateRules
{
    const string Field = "gate.limits";

    /// <summary>Whoever waits longer resets nothing.</summary>
    const double MostDays = 3_650;

    /// <summary>The check in force: that of a live book with the limits that a new one starts with, where the test says
    /// nothing.</summary>
    public static BacktestSpec InForce(BacktestSpec spec) => spec.Gate is null ? spec with { Gate = new() } : spec;

    /// <summary>Every rule that the limits of a gate break.</summary>
    public static ImmutableArray<FieldError> Check(GateSpec gate)
    {
        if (gate.Kind == GateKind.None)
            return gate.Limits is null ? [] : [new(Field, "no_gate", "Limits are named, and no gate holds to them.")];
        if (gate.PersonResetsAfterDays is { } days && !(days is > 0 and <= MostDays))
            return
            [
                new("gate.person_resets_after_days", "range",
                    $"person_resets_after_days is above 0 and at most {MostDays}."),
            ];
        if (gate.Limits is not { } given) return [];
        if (given.ValueKind != JsonValueKind.Object) return [new(Field, "json", "limits are an object.")];
        var known = LimitsJson.Read(RiskLimits.Default);
        ImmutableArray<FieldError> unknown =
        [
            .. given.EnumerateObject().Where(limit => !known.ContainsKey(limit.Name))
                .Select(limit => new FieldError(
                    $"{Field}.{limit.Name}", "unknown", $"There is no limit '{limit.Name}'.")),
        ];
        if (!unknown.IsEmpty) return unknown;
        try
        {
            var limits = Limits(gate);
            return
            [
                .. LimitRules.Check(limits)
                    .Select(error => error with { Field = $"{Field}.{error.Field}" }),
                .. limits.Dynamic is null ? ImmutableArray<FieldError>.Empty
                    : [new($"{Field}.dynamic", "live_only", "Limits that scale themselves are those of a live book.")],
                .. limits.HeartbeatSeconds is null ? ImmutableArray<FieldError>.Empty
                    : [new($"{Field}.heartbeat_seconds", "live_only", "A test has no session that could be silent.")],
            ];
        }
        catch (JsonException broken)
        {
            return [new(Field, "json", broken.Message)];
        }
    }

    /// <summary>What a new book starts with, with those in their place that the gate names.</summary>
    /// <exception cref="JsonException">A limit is no number.</exception>
    public static RiskLimits Limits(GateSpec gate)
    {
        var limits = LimitsJson.Read(RiskLimits.Default);
        if (gate.Limits is { } given)
            foreach (var limit in given.EnumerateObject())
                limits[limit.Name] = limit.Value.ValueKind == JsonValueKind.Null ? null
                    : JsonNode.Parse(limit.Value.GetRawText());
        return LimitsJson.Write(limits);
    }

    /// <summary>The gate of a test; null where it asks for none.</summary>
    public static ITradeGate? Make(BacktestSpec spec) =>
        InForce(spec).Gate is not { Kind: GateKind.Live } gate ? null
            : new SignalRulesGate(
                Limits(gate), gate.AllowShort,
                gate.PersonResetsAfterDays is { } days ? TimeSpan.FromDays(days) : null);

    /// <summary>Makes a gate for each worker of a sweep; null where its test asks for none.</summary>
    public static Func<ITradeGate>? Makes(BacktestSpec spec) =>
        InForce(spec).Gate!.Kind == GateKind.Live ? () => Make(spec)! : null;
}

using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Trading.Portfolios;

namespace Trading.Risk;

/// <summary>A rule that was held against an order, whether it was broken or not.</summary>
/// <param name="Observed">After the trade; null where it is unknown or the rule has no number.</param>
[GenerateSerializer, Immutable, Alias("trading.rule-check")]
public sealed record RuleCheck(RiskRule Code, bool Passed, decimal? Observed, decimal? Limit, string? Unit);

/// <summary>A decision, where it stands in the journal, and everything that it was made of.</summary>
/// <param name="Hash">Of its event, in hexadecimal; with the hash before it, it proves that nothing was altered since.</param>
/// <param name="Limits">In force when it was made.</param>
/// <param name="Checks">Every rule that was held against the order, in the order of reporting.</param>
[GenerateSerializer, Immutable, Alias("trading.decision-explanation")]
public sealed record DecisionExplanation(
    RecordedDecision Decision, long Sequence, DateTimeOffset RecordedAt, string Hash, LimitsVersion Limits, ImmutableArray<RuleCheck> Checks)
{
    /// <summary>Prices that it was made with and that were put right later, in that order.</summary>
    [Id(0)] public ImmutableArray<CorrectedPrice> Corrections { get; init; } = [];

    /// <summary>Corporate actions that became known after it, and that its prices already contained.</summary>
    [Id(1)] public ImmutableArray<LateAction> LateActions { get; init; } = [];
}

/// <summary>A decision made again from the journal alone: the book, its prices and its limits are built from the events before it.</summary>
/// <param name="Identical">Whether both are the same, byte for byte.</param>
[GenerateSerializer, Immutable, Alias("trading.decision-replay")]
public sealed record DecisionReplay(DecisionExplanation Explanation, RecordedDecision Recomputed, bool Identical);

/// <summary>Writes a recorded decision as the JSON that it is.</summary>
public sealed class RecordedDecisionConverter : JsonConverter<RecordedDecision>
{
    public override RecordedDecision Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        RecordedDecision.Of(JsonSerializer.Deserialize(ref reader, DecisionJsonContext.Default.SignalDecision) ?? throw new JsonException());

    public override void Write(Utf8JsonWriter writer, RecordedDecision value, JsonSerializerOptions options) =>
        writer.WriteRawValue(value.Json, skipInputValidation: true);
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace Trading.Risk;

/// <summary>The one JSON form of a decision: snake_case names, null for what is not known.</summary>
public static class DecisionJson
{
    [ThreadStatic] static DecisionWriter? _own;

    /// <exception cref="ArgumentException">A number is not finite.</exception>
    public static byte[] Write(SignalDecision decision) => Text(decision).ToArray();

    /// <summary>In memory of the thread's own, until it writes the next.</summary>
    /// <exception cref="ArgumentException">A number is not finite.</exception>
    public static ReadOnlySpan<byte> Text(SignalDecision decision) => (_own ??= new()).Write(decision);

    /// <exception cref="JsonException">The bytes are no decision.</exception>
    public static SignalDecision Read(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, DecisionJsonContext.Default.SignalDecision) ?? throw new JsonException("The decision is null.");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SignalDecision))]
sealed partial class DecisionJsonContext : JsonSerializerContext;

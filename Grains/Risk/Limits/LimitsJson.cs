using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Trading.Risk;

/// <summary>Limits by their names, in the JSON form: what overrides and scaling need, for whatever limits there
/// are.</summary>
static class LimitsJson
{
    public static JsonObject Read(RiskLimits limits) =>
        JsonSerializer.SerializeToNode(limits, LimitsJsonContext.Default.RiskLimits)!.AsObject();

    public static RiskLimits Write(JsonObject limits) => limits.Deserialize(LimitsJsonContext.Default.RiskLimits)!;

    /// <summary>True where a member is a number or null.</summary>
    public static bool IsNumeric(JsonNode? member) => member is null || member.GetValueKind() == JsonValueKind.Number;

    public static decimal? Number(JsonNode? member) => member?.GetValue<decimal>();
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RiskLimits))]
sealed partial class LimitsJsonContext : JsonSerializerContext;

using System.Text.Json;
using System.Text.Json.Serialization;

namespace Trading.Backtests;

/// <summary>Tests and results as JSON: names in snake_case, unknown members refused.</summary>
public static class BacktestJson
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = null,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        AllowDuplicateProperties = false,
    };

    public static JsonSerializerOptions Indented { get; } = new(Options) { WriteIndented = true };

    /// <exception cref="BacktestRefusedException">It is not the JSON of a test.</exception>
    public static BacktestSpec ReadSpec(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<BacktestSpec>(json, Options) ?? throw new JsonException("It is null.");
        }
        catch (JsonException broken)
        {
            throw new BacktestRefusedException([new(broken.Path ?? "spec", "json", broken.Message)]);
        }
    }

    public static byte[] Write(BacktestResult result) => JsonSerializer.SerializeToUtf8Bytes(result, Indented);
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orleans.Storage;

/// <summary>State as JSON in UTF-8, snake_case, without names of types: readable where it is stored, and a type can be renamed.</summary>
static class StateJson
{
    static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static byte[] Serialize<T>(T? state) => JsonSerializer.SerializeToUtf8Bytes(state, Options);

    public static T? Deserialize<T>(byte[] payload) => JsonSerializer.Deserialize<T>(payload, Options);
}

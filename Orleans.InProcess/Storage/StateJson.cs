using System.Text.Json;

namespace Orleans.Storage;

/// <summary>State as JSON in UTF-8.</summary>
static class StateJson
{
    static readonly JsonSerializerOptions Options = new() { IncludeFields = true };

    public static byte[] Serialize<T>(T? state) => JsonSerializer.SerializeToUtf8Bytes(state, Options);

    public static T? Deserialize<T>(byte[] payload) => JsonSerializer.Deserialize<T>(payload, Options);
}

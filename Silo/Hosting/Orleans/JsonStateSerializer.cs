using System.Text.Json;
using System.Text.Json.Serialization;
using Orleans.Storage;

namespace Trading.Hosting;

/// <summary>Grain state as JSON in snake_case without names of types: readable in the database, and a type can be renamed or moved.</summary>
sealed class JsonStateSerializer : IGrainStorageSerializer
{
    static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public BinaryData Serialize<T>(T? input) => new(JsonSerializer.SerializeToUtf8Bytes(input, Options));

    public T? Deserialize<T>(BinaryData input) => JsonSerializer.Deserialize<T>(input.ToMemory().Span, Options);
}

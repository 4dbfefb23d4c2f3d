using System.Text.Json;
using System.Text.Json.Serialization;
using Orleans.Storage;

namespace Trading.Hosting;

/// <summary>Grain state as JSON in snake_case, readable in the database. It has no names of types, so a type can be renamed,
/// and immutable collections come back, which the serializer that Orleans has by default refuses to read.</summary>
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

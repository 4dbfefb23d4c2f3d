using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Trading.Risk;

/// <summary>The one JSON form of a decision: snake_case names, null for what is not known.</summary>
public static class DecisionJson
{
    const int UsualSize = 2_048;

    /// <summary>Quotation marks in texts stay readable, since no decision is part of a page. Set here and not in the context, whose
    /// generated writers serve only its own options.</summary>
    static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    [ThreadStatic] static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer)? _own;

    public static byte[] Write(SignalDecision decision)
    {
        var (buffer, writer) = _own ??= New();
        buffer.ResetWrittenCount();
        writer.Reset();
        JsonSerializer.Serialize(writer, decision, DecisionJsonContext.Default.SignalDecision);
        return buffer.WrittenSpan.ToArray();
    }

    /// <exception cref="JsonException">The bytes are no decision.</exception>
    public static SignalDecision Read(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, DecisionJsonContext.Default.SignalDecision) ?? throw new JsonException("The decision is null.");

    static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer) New()
    {
        var buffer = new ArrayBufferWriter<byte>(UsualSize);
        return (buffer, new Utf8JsonWriter(buffer, Readable));
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SignalDecision))]
sealed partial class DecisionJsonContext : JsonSerializerContext;

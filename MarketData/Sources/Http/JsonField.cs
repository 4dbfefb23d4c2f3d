using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;

namespace Trading.MarketData;

/// <summary>One value of an answer, with the way to it: whatever is not of the expected shape is a <see
/// cref="SourceFailure.Nonsense"/> that names the field.</summary>
readonly struct JsonField(string source, JsonElement value, string parent, string? name = null, int index = -1)
{
    static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    /// <summary>Reads a document; the caller disposes it after the last field is read.</summary>
    public static JsonDocument Parse(string source, ReadOnlyMemory<byte> body)
    {
        if (!Utf8.IsValid(body.Span))
            throw new SourceException(source, SourceFailure.Nonsense, "the answer is not JSON: it is not UTF-8");
        try
        {
            return JsonDocument.Parse(body, Strict);
        }
        catch (JsonException broken)
        {
            var place = string.Create(
                CultureInfo.InvariantCulture, $"line {broken.LineNumber + 1}, byte {broken.BytePositionInLine + 1}");
            throw new SourceException(
                source, SourceFailure.Nonsense, $"the answer is not JSON from {place} on", inner: broken);
        }
        catch (InvalidOperationException broken) // a name with half of a surrogate pair
        {
            throw new SourceException(
                source, SourceFailure.Nonsense, "the answer is not JSON: a name is not Unicode", inner: broken);
        }
    }

    public static JsonField Root(string source, JsonDocument document) => new(source, document.RootElement, "$");

    public string Path => name is not null ? $"{parent}.{name}"
        : index >= 0 ? string.Create(CultureInfo.InvariantCulture, $"{parent}[{index}]")
        : parent;

    public bool IsNull => value.ValueKind == JsonValueKind.Null;
    public bool IsObject => value.ValueKind == JsonValueKind.Object;
    public bool IsArray => value.ValueKind == JsonValueKind.Array;
    public int Count => IsArray ? value.GetArrayLength() : throw Wrong("an array");

    /// <summary>A property that must be there; it may be null.</summary>
    public JsonField this[string property] => IsObject && value.TryGetProperty(property, out var found)
        ? new(source, found, Path, property)
        : throw (IsObject ? new JsonField(source, default, Path, property).Wrong("there") : Wrong("an object"));

    /// <summary>A property, or null where it is absent or null.</summary>
    public JsonField? Find(string property) =>
        !IsObject ? throw Wrong("an object")
        : value.TryGetProperty(property, out var found) && found.ValueKind != JsonValueKind.Null
        ? new(source, found, Path, property)
        : null;

    public JsonField this[int item] =>
        item < Count ? new(source, value[item], Path, null, item) : throw Wrong($"an array of more than {item}");

    public IEnumerable<JsonField> Items()
    {
        if (!IsArray) throw Wrong("an array");
        var path = Path;
        var item = 0;
        foreach (var element in value.EnumerateArray()) yield return new(source, element, path, null, item++);
    }

    public IEnumerable<(string Name, JsonField Value)> Properties()
    {
        if (!IsObject) throw Wrong("an object");
        var path = Path;
        foreach (var property in value.EnumerateObject())
        {
            var key = Key(property);
            yield return (key, new(source, property.Value, path, FileFindings.Quote(key)));
        }
    }

    string Key(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException) // half of a surrogate pair
        {
            throw Wrong("an object with names of Unicode");
        }
    }

    public string Text()
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Wrong("text");
        }
        catch (InvalidOperationException) // half of a surrogate pair
        {
            throw Wrong("text");
        }
    }

    public long Integer() => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number)
        ? number : throw Wrong("an integer");

    public bool Flag() => value.ValueKind is JsonValueKind.True or JsonValueKind.False
        ? value.GetBoolean() : throw Wrong("true or false");

    /// <summary>A decimal number, written as such or as text, with an exponent or without.</summary>
    public decimal Number()
    {
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number)) return number;
        const NumberStyles plain =
            NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign | NumberStyles.AllowExponent;
        return value.ValueKind == JsonValueKind.String
            && decimal.TryParse(Text(), plain, CultureInfo.InvariantCulture, out number)
            ? number
            : throw Wrong("a number");
    }

    /// <summary>A binary number of single precision, which is what some sources keep their prices in.</summary>
    public float Single() =>
        value.ValueKind == JsonValueKind.Number && value.TryGetSingle(out var number) && float.IsFinite(number)
        ? number
        : throw Wrong("a number");

    public DateTimeOffset UnixSeconds() => Time(Integer(), 1000);

    public DateTimeOffset UnixMilliseconds() => Time(Integer(), 1);

    /// <summary>The same of a field that need not be one; null where it is none.</summary>
    public DateTimeOffset? Milliseconds() =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && IsMillisecond(number)
            ? DateTimeOffset.FromUnixTimeMilliseconds(number) : null;

    /// <summary>An instant from 1900 to 2200: far outside of it, a unit was mistaken.</summary>
    DateTimeOffset Time(long number, int unit) =>
        IsMillisecond(number) && IsMillisecond(number * unit)
            ? DateTimeOffset.FromUnixTimeMilliseconds(number * unit)
            : throw Wrong(unit == 1 ? "an instant in milliseconds" : "an instant in seconds");

    static bool IsMillisecond(long number) => number is >= -2_208_988_800_000 and <= 7_258_118_400_000;

    public SourceException Wrong(string expected) =>
        new(source, SourceFailure.Nonsense, value.ValueKind == JsonValueKind.Undefined
        ? $"{Path} is missing"
        : $"{Path} is {Short(value.GetRawText())}, not {expected}");

    static string Short(string text) => FileFindings.Quote(text.Trim('"'));
}

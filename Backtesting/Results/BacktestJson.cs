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
            var spec = JsonSerializer.Deserialize<BacktestSpec>(json, Options) ?? throw new JsonException("It is null.");
            return Whole(spec, "");
        }
        catch (JsonException broken)
        {
            throw new BacktestRefusedException([new(broken.Path ?? "$", "json", broken.Message)]);
        }
    }

    /// <exception cref="BacktestRefusedException">It is not the JSON of a sweep.</exception>
    public static SweepSpec ReadSweep(ReadOnlySpan<byte> json)
    {
        try
        {
            var sweep = JsonSerializer.Deserialize<SweepSpec>(json, Options) ?? throw new JsonException("It is null.");
            Whole(sweep.Test, "test.");
            string[] nulls = [.. sweep.Ranges.Where(range => range.Value is null).Select(range => $"ranges.{range.Key}")];
            return nulls.Length == 0 ? sweep : throw Nulls(nulls);
        }
        catch (JsonException broken)
        {
            throw new BacktestRefusedException([new(broken.Path ?? "$", "json", broken.Message)]);
        }
    }

    /// <summary>The reader refuses a member that is null, but not an element.</summary>
    /// <param name="at">Where the test stands.</param>
    static BacktestSpec Whole(BacktestSpec spec, string at)
    {
        string[] nulls =
        [
            .. Enumerable.Range(0, spec.Symbols.Length).Where(place => spec.Symbols[place] is null)
                .Select(place => $"{at}symbols[{place}]"),
            .. Enumerable.Range(0, spec.Strategies.Length).Where(place => spec.Strategies[place] is null)
                .Select(place => $"{at}strategies[{place}]"),
        ];
        return nulls.Length == 0 ? spec : throw Nulls(nulls);
    }

    static BacktestRefusedException Nulls(string[] fields) =>
        new([.. fields.Select(field => new FieldError(field, "json", $"{field} must not be null."))]);

    public static byte[] Write(BacktestResult result) => JsonSerializer.SerializeToUtf8Bytes(result, Indented);
}

using System.Globalization;
using System.Text.Json.Serialization;

namespace Trading;

/// <summary>One broken rule of an input: which field, which rule, in words, and its place in a file where there is
/// one.</summary>
/// <param name="Field">The name as the caller wrote it (snake_case), for example <c>position_size</c>.</param>
/// <param name="Rule">A stable code, for example <c>positive</c>.</param>
/// <param name="Message">The rule in words, with the value that broke it.</param>
/// <param name="Line">The 1-based line of a file.</param>
/// <param name="Index">The 0-based element of a JSON array, however many of them stand on a line.</param>
public sealed record FieldError(
    string Field, string Rule, string Message, long? Line = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Index = null)
{
    /// <summary>Line and element in words; null where there is neither.</summary>
    [JsonIgnore]
    public string? Place => (Line, Index) switch
    {
        ({ } line, { } index) => string.Create(CultureInfo.InvariantCulture, $"line {line}, element [{index}]"),
        ({ } line, null) => string.Create(CultureInfo.InvariantCulture, $"line {line}"),
        (null, { } index) => string.Create(CultureInfo.InvariantCulture, $"element [{index}]"),
        _ => null,
    };
}

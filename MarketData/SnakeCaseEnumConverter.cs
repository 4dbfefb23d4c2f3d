using System.Text.Json;
using System.Text.Json.Serialization;

namespace Trading;

/// <summary>An enum in JSON: its names in snake_case, never its numbers. Named on the type and not in a context's
/// options, because a context with converters of its own writes everything on the slow path.</summary>
public sealed class SnakeCaseEnumConverter<T>()
    : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where T : struct, Enum;

/// <summary>The words of the API, for whoever says them elsewhere.</summary>
public static class ApiWords
{
    public static string Of(Enum value) => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}

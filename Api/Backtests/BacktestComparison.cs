using System.Collections.Immutable;
using System.Text.Json;

namespace Trading.Api;

/// <param name="Difference">The second less the first; null where one of them is not known.</param>
public sealed record ComparedMeasure(string Name, double? First, double? Second, double? Difference);

/// <summary>Two results side by side.</summary>
/// <param name="IsSame">Whether they are the same result, to the last digit.</param>
/// <param name="Measures">Every number of performance and profit.</param>
/// <param name="Differing">Members of the tests that are not the same.</param>
public sealed record BacktestComparison(
    string First, string Second, bool IsSame, ImmutableArray<ComparedMeasure> Measures,
        ImmutableArray<string> Differing)
{
    public static BacktestComparison Of(string first, byte[] one, string second, byte[] other)
    {
        using var left = JsonDocument.Parse(one);
        using var right = JsonDocument.Parse(other);
        var (mine, theirs) = (left.RootElement, right.RootElement);
        return new(
            first, second, mine.GetProperty("hash").GetString() == theirs.GetProperty("hash").GetString(),
            [
                .. Numbers("performance", mine.GetProperty("performance"), theirs.GetProperty("performance")),
                .. Numbers("profit", mine.GetProperty("profit"), theirs.GetProperty("profit")),
            ],
            [.. mine.GetProperty("spec").EnumerateObject()
                .Where(member => !theirs.GetProperty("spec").TryGetProperty(member.Name, out var other)
                    || !JsonElement.DeepEquals(member.Value, other))
                .Select(member => member.Name)]);
    }

    static IEnumerable<ComparedMeasure> Numbers(string path, JsonElement left, JsonElement right)
    {
        foreach (var member in left.EnumerateObject())
        {
            var (name, other) = ($"{path}.{member.Name}", right.GetProperty(member.Name));
            if (member.Value.ValueKind == JsonValueKind.Object)
                foreach (var inner in Numbers(name, member.Value, other)) yield return inner;
            else if (IsNumber(member.Value) && IsNumber(other))
                yield return Compared(name, Number(member.Value), Number(other));
        }
    }

    static bool IsNumber(JsonElement element) => element.ValueKind is JsonValueKind.Number or JsonValueKind.Null;

    static double? Number(JsonElement element) => element.ValueKind == JsonValueKind.Number ? element.GetDouble()
        : null;

    static ComparedMeasure Compared(string name, double? first, double? second) =>
        new(name, first, second, second - first);
}

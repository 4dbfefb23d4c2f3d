using System.Text.Json;

namespace Trading.Quant.Tests;

/// <summary>The weighted sets of real series that the reference tools were given, and what they found.</summary>
sealed record ReferencePortfolio(string Name, double[][] Series, double[] Weights, JsonElement Expected)
{
    public static IEnumerable<ReferencePortfolio> All(string file = "py_portfolios.json", string from = "from_")
    {
        foreach (var one in ReferenceData.Json(file).GetProperty("cases").EnumerateObject())
        {
            var input = one.Value.GetProperty("input");
            var assets = input.GetProperty("assets").EnumerateArray().ToArray();
            yield return new(
                one.Name,
                [.. assets.Select(asset => ReferenceData.Returns(
                    asset.GetProperty("file").GetString()!, asset.GetProperty("column").GetString()!,
                    input.GetProperty(from).GetString()!, input.GetProperty("to").GetString()!))],
                [.. assets.Select(asset => asset.GetProperty("weight").GetDouble())], one.Value);
        }
    }

    public double[] Means => [.. Series.Select(one => one.Average())];

    public static double[] Numbers(JsonElement array) => array.ValueKind == JsonValueKind.Object
        ? [.. array.EnumerateObject().Select(item => item.Value.GetDouble())]
        : [.. array.EnumerateArray().SelectMany(item => item.ValueKind == JsonValueKind.Array ? Numbers(item) : [item.GetDouble()])];

    public static void ShouldAgree(ReadOnlySpan<double> actual, JsonElement expected, string what)
    {
        var numbers = Numbers(expected);
        actual.Length.ShouldBe(numbers.Length, what);
        for (var i = 0; i < numbers.Length; i++)
            actual[i].ShouldBe(numbers[i], 1e-9 * Math.Max(1e-6, Math.Abs(numbers[i])), what);
    }
}

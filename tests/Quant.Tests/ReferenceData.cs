using System.Globalization;
using System.Text.Json;
using Trading.Testing;

namespace Trading.Quant.Tests;

/// <summary>Numbers that independent tools computed, and the series that they computed them from.</summary>
static class ReferenceData
{
    static string Folder => RepositoryFiles.Shared ?? throw new InvalidOperationException("Mark the test with [ReferenceFact].");

    public static JsonElement Json(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "reference", file)));
        return document.RootElement.Clone();
    }

    public static string[][] Csv(string file) =>
        [.. File.ReadLines(Path.Combine(Folder, file)).Select(line => line.Split(','))];

    /// <summary>Simple returns of one column between two dates, both prices included; where the file counts rows, the row's
    /// number is the date.</summary>
    public static double[] Returns(string file, string column, string from, string to)
    {
        var prices = Prices(file, column, from, to).Select(point => point.Price).ToArray();
        return [.. prices.Skip(1).Zip(prices, (price, before) => price / before - 1)];
    }

    /// <summary>Simple returns of the series that a case of a reference file names.</summary>
    public static double[] Returns(JsonElement input) => Returns(Text(input, "file"), Text(input, "column"), From(input), Text(input, "to"));

    /// <summary>The prices of the series that a case of a reference file names, with their dates or row numbers.</summary>
    public static (string At, double Price)[] Prices(JsonElement input) =>
        Prices(Text(input, "file"), Text(input, "column"), From(input), Text(input, "to"));

    public static IEnumerable<JsonProperty> Cases(string file) => Json(file).GetProperty("cases").EnumerateObject();

    /// <summary>The number under a path of names.</summary>
    public static double Number(this JsonElement element, params string[] path) =>
        path.Aggregate(element, (inner, name) => inner.GetProperty(name)).GetDouble();

    static (string At, double Price)[] Prices(string file, string column, string from, string to)
    {
        var rows = Csv(Path.Combine("data", file));
        var field = Array.IndexOf(rows[0], column);
        return [.. rows.Skip(1).Select(row => (At: row[0].PadLeft(from.Length, '0'), Text: row[field]))
            .Where(row => string.CompareOrdinal(row.At, from) >= 0 && string.CompareOrdinal(row.At, to) <= 0)
            .Select(row => (row.At, Number(row.Text)))];
    }

    static string From(JsonElement input) => Text(input, input.TryGetProperty("from_", out _) ? "from_" : "from");

    static string Text(JsonElement input, string name) => input.GetProperty(name).GetString()!;

    public static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    public static void ShouldAgree(this double actual, double expected, double relative, string what) =>
        Math.Abs(actual - expected).ShouldBeLessThanOrEqualTo(relative * Math.Max(1e-3, Math.Abs(expected)), what);
}

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

    /// <summary>Simple returns of one column between two dates, both prices included; where the file counts rows, the row's number is the date.</summary>
    public static double[] Returns(string file, string column, string from, string to)
    {
        var rows = Csv(Path.Combine("data", file));
        var field = Array.IndexOf(rows[0], column);
        var prices = rows.Skip(1)
            .Where(row => row[0].PadLeft(from.Length, '0') is var at && string.CompareOrdinal(at, from) >= 0 && string.CompareOrdinal(at, to) <= 0)
            .Select(row => Number(row[field])).ToArray();
        return [.. prices.Skip(1).Zip(prices, (price, before) => price / before - 1)];
    }

    public static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    public static void ShouldAgree(this double actual, double expected, double relative, string what) =>
        Math.Abs(actual - expected).ShouldBeLessThanOrEqualTo(relative * Math.Max(1e-3, Math.Abs(expected)), what);
}

using System.Collections.Immutable;
using System.Globalization;
using Trading.Testing;

namespace Trading.Learning.Tests;

/// <summary>Histories to learn from.</summary>
static class Histories
{
    static readonly DateOnly First = new(2001, 1, 1);

    /// <summary>Weekdays.</summary>
    public static DateOnly[] Sessions(int count) => [.. Enumerable.Range(0, 2 * count).Select(First.AddDays)
        .Where(day => day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday)).Take(count)];

    /// <summary>Daily returns of 1 %, each carrying on a share of the one before, with ranges and volumes.</summary>
    public static SymbolHistory Walk(int count, int seed, double carry = 0, string symbol = "A")
    {
        var random = new Random(seed);
        var (close, move, bars) = (100.0, 0.0, ImmutableArray.CreateBuilder<FeatureBar>(count));
        foreach (var session in Sessions(count))
        {
            move = carry * move + 0.01 * Normal(random);
            var open = close * Math.Exp(0.003 * Normal(random));
            close *= Math.Exp(move);
            bars.Add(new(session, open, Math.Max(open, close) * (1 + 0.004 * random.NextDouble()),
                Math.Min(open, close) * (1 - 0.004 * random.NextDouble()), close, Math.Round(1e6 * (0.5 + random.NextDouble()))));
        }

        return SymbolHistory.Of(symbol, bars.ToImmutable());
    }

    public static SymbolHistory OfCloses(params double[] closes) => SymbolHistory.Of("A",
        [.. closes.Zip(Sessions(closes.Length), (close, session) => FeatureBar.OfClose(session, close))]);

    /// <summary>The thirty bundled stocks, closes only.</summary>
    public static ImmutableArray<SymbolHistory> Sample(int symbols = 30)
    {
        string[][] lines = [.. File.ReadAllLines(Path.Combine(RepositoryFiles.Sample, "closes.csv")).Select(line => line.Split(','))];
        return [.. Enumerable.Range(1, symbols).Select(column => SymbolHistory.Of(lines[0][column],
            [.. lines.Skip(1).Select(line => FeatureBar.OfClose(DateOnly.Parse(line[0], CultureInfo.InvariantCulture),
                double.Parse(line[column], CultureInfo.InvariantCulture)))]))];
    }

    public static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}

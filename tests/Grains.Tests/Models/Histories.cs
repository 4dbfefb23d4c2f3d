using Trading.MarketData;
using Trading.Testing;

namespace Trading.Models.Tests;

/// <summary>Series to learn from.</summary>
static class Histories
{
    static readonly DateOnly First = new(2020, 1, 1);

    public static PriceSeries Of(string symbol, IEnumerable<double> closes, long version = 1)
    {
        decimal[] prices = [.. closes.Select(close => (decimal)Math.Round(close, 6))];
        return new(symbol, null, [.. prices.Select((_, day) => First.AddDays(day))], [.. prices],
            new("test", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch), version);
    }

    /// <summary>Daily returns of 1 % standard deviation, each carrying on a share of the one before.</summary>
    public static double[] Walk(int count, double carry, int seed)
    {
        var random = new Random(seed);
        var closes = new double[count];
        var (close, move) = (100.0, 0.0);
        for (var day = 0; day < count; day++)
        {
            move = carry * move + 0.01 * Normal(random);
            closes[day] = close *= Math.Exp(move);
        }

        return closes;
    }

    /// <summary>The daily moves of a symbol of the bundled sample in chance order, drawn with replacement: a mere shuffle would leave
    /// the rest of the moves poorer in rises the more of them the training part has.</summary>
    public static double[] WithoutOrder(string symbol, int seed)
    {
        var closes = Sample(symbol);
        double[] moves = [.. closes.Skip(1).Zip(closes, (close, before) => close / before)];
        var level = closes[0];
        return [level, .. new Random(seed).GetItems(moves, moves.Length).Select(move => level *= move)];
    }

    public static double[] Sample(string symbol)
    {
        var lines = File.ReadAllLines(Path.Combine(RepositoryFiles.Sample, "closes.csv")).Select(line => line.Split(',')).ToArray();
        var column = Array.IndexOf(lines[0], symbol);
        return [.. lines.Skip(1).Select(line => double.Parse(line[column], System.Globalization.CultureInfo.InvariantCulture))];
    }

    static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}

using Trading.MarketData;

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

    static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}

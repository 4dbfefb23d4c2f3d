using Trading.MarketData;

namespace Trading.Models.Tests;

/// <summary>Series to learn from.</summary>
static class Histories
{
    /// <summary>Sessions after which the promotion gate can tell the edge of <see cref="WithEdge"/> from luck.</summary>
    public const int EdgeSessions = 2_500;

    public static readonly DateOnly First = new(2015, 1, 1);

    /// <summary>A third of each day's return is carried on: a true edge, and noise enough that nothing knows the outcome.
    /// Longer ones begin with the shorter ones.</summary>
    public static double[] WithEdge(int more = 0) => Walk(EdgeSessions + more, carry: 0.33, seed: 1);

    /// <summary>Few features, as one of them has the edge; the gate's limits are the product's.</summary>
    public static void Learn(ModelOptions options) => options.TopK = 8;

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

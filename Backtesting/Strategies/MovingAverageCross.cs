namespace Trading.Backtests;

/// <summary>Holds what is above its slower mean: long where the faster moving average is higher, else flat, or short.</summary>
sealed class MovingAverageCross(int fast, int slow, bool isShortAllowed) : IStrategy
{
    /// <summary>A running sum is taken anew after so many bars, before rounding adds up.</summary>
    const int FreshEvery = 1024;

    Sums[] _sums = [];

    struct Sums
    {
        public double Fast, Slow;
        public int Side;
    }

    public static StrategyDefinition Definition { get; } = new(
        "moving_average_cross", "Long where the faster moving average is above the slower one, else flat or short.",
        [
            new("fast", 20, 1, 5_000, true, "Bars of the faster average."),
            new("slow", 100, 2, 10_000, true, "Bars of the slower average; more than fast."),
            new("allow_short", 0, 0, 1, true, "1 to be short instead of flat."),
        ],
        inputs => new MovingAverageCross(inputs.Whole("fast"), inputs.Whole("slow"), inputs.Whole("allow_short") == 1))
    {
        Ordered = ("fast", "slow"),
    };

    public void Start(StrategyContext context) => _sums = new Sums[context.Count];

    public void OnBars(StrategyContext context)
    {
        foreach (var series in context.Completed)
        {
            var closes = context.Closes(series);
            ref var sums = ref _sums[series];
            if (closes.Length < slow)
                continue;
            if (closes.Length == slow || closes.Length % FreshEvery == 0)
                (sums.Fast, sums.Slow) = (Sum(closes[^fast..]), Sum(closes[^slow..]));
            else
            {
                sums.Fast += closes[^1] - closes[^(fast + 1)];
                sums.Slow += closes[^1] - closes[^(slow + 1)];
            }

            // The averages compared without division.
            var difference = sums.Fast * slow - sums.Slow * fast;
            var side = difference > 0 ? 1 : difference < 0 && isShortAllowed ? -1 : difference < 0 ? 0 : sums.Side;
            if (side == sums.Side) continue;
            sums.Side = side;
            context.SetWeight(series, (double)side / context.Count);
        }
    }

    static double Sum(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values) sum += value;
        return sum;
    }
}

namespace Trading.Backtests;

/// <summary>Buys what is far below its mean and sells it when it is back.</summary>
sealed class MeanReversion(int window, double entry, double exit, bool isShortAllowed) : IStrategy
{
    int[] _side = [];

    public static StrategyDefinition Definition { get; } = new(
        "mean_reversion", "Buys far below the mean of a window, sells when the price is back.",
        [
            new("window", 20, 5, 1_000, true, "Bars of mean and standard deviation."),
            new("entry", 2, 0.1, 10, false, "Standard deviations from the mean at which it goes in."),
            new("exit", 0.5, 0, 10, false, "Standard deviations at which it goes out; below entry."),
            new("allow_short", 0, 0, 1, true, "1 to sell what is far above its mean, too."),
        ],
        inputs => new MeanReversion(
            inputs.Whole("window"), inputs.Number("entry"), inputs.Number("exit"), inputs.Whole("allow_short") == 1))
    {
        Ordered = ("exit", "entry"),
    };

    public void Start(StrategyContext context) => _side = new int[context.Count];

    public void OnBars(StrategyContext context)
    {
        foreach (var series in context.Completed)
        {
            var closes = context.Closes(series);
            if (closes.Length < window || Score(closes[^window..]) is not { } score) continue;
            ref var side = ref _side[series];
            var wanted = score < -entry ? 1
                : score > entry && isShortAllowed ? -1
                : side != 0 && side * score > -exit ? 0
                : side;
            if (wanted == side) continue;
            side = wanted;
            context.SetWeight(series, (double)side / context.Count);
        }
    }

    /// <summary>How many standard deviations the last close is from the mean; null where nothing moved.</summary>
    static double? Score(ReadOnlySpan<double> closes)
    {
        var (sum, squares) = (0.0, 0.0);
        foreach (var close in closes) sum += close;
        var mean = sum / closes.Length;
        foreach (var close in closes) squares += (close - mean) * (close - mean);
        return squares > 0 ? (closes[^1] - mean) / Math.Sqrt(squares / (closes.Length - 1)) : null;
    }
}

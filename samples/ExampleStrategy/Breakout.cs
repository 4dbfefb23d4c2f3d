using Trading.Backtests;

namespace ExampleStrategy;

/// <summary>Buys at a new high of so many bars, sells at a new low of fewer (Donchian's channels). A strategy of
/// one's own: build the project, put its library into a folder, and name the folder with <c>--plugins </c>.
/// </summary>
public sealed class Breakout(int high, int low) : IStrategy
{
    bool[] _held = [];

    public void Start(StrategyContext context) => _held = new bool[context.Count];

    public void OnBars(StrategyContext context)
    {
        foreach (var series in context.Completed)
        {
            var closes = context.Closes(series);
            if (closes.Length <= high) continue;
            var wanted = _held[series]
                ? closes[^1] >= Lowest(closes[^(low + 1)..^1])
                : closes[^1] > Highest(closes[^(high + 1)..^1]);
            if (wanted == _held[series]) continue;
            _held[series] = wanted;
            context.SetWeight(series, wanted ? 1.0 / context.Count : 0);
        }
    }

    static double Highest(ReadOnlySpan<double> closes)
    {
        var highest = double.MinValue;
        foreach (var close in closes) highest = Math.Max(highest, close);
        return highest;
    }

    static double Lowest(ReadOnlySpan<double> closes)
    {
        var lowest = double.MaxValue;
        foreach (var close in closes) lowest = Math.Min(lowest, close);
        return lowest;
    }
}

/// <summary>How the program finds it.</summary>
public sealed class BreakoutPlugin : IStrategyPlugin
{
    public StrategyDefinition Definition { get; } = new(
        "breakout", "Buys at a new high, sells at a new low.",
        [
            new("high", 50, 2, 1_000, true, "Bars of the high."),
                new("low", 25, 2, 1_000, true, "Bars of the low; fewer than those of the high."),
        ],
        inputs => new Breakout(inputs.Whole("high"), inputs.Whole("low")))
    {
        Ordered = ("low", "high"),
    };
}

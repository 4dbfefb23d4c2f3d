namespace Trading.Backtests;

/// <summary>Holds the symbols that rose most, in equal parts (Jegadeesh and Titman 1993).</summary>
sealed class MomentumRank(int lookback, int skip, double share, int every) : IStrategy
{
    readonly List<(double Rise, int Series)> _ranked = [];
    int _moments;

    public static StrategyDefinition Definition { get; } = new(
        "momentum_rank", "Holds the part of the symbols that rose most over a window, changed at intervals.",
        [
            new("lookback", 252, 2, 5_000, true, "Bars over which the rise is measured."),
            new("skip", 21, 0, 1_000, true, "Newest bars that are left out of it."),
            new("share", 0.3, 0.01, 1, false, "The part of the symbols that is held."),
            new("every", 21, 1, 1_000, true, "Moments between changes."),
        ],
        inputs => new MomentumRank(
            inputs.Whole("lookback"), inputs.Whole("skip"), inputs.Number("share"), inputs.Whole("every")))
    {
        Ordered = ("skip", "lookback"),
    };

    public void OnBars(StrategyContext context)
    {
        if (_moments++ % every != 0) return;
        _ranked.Clear();
        for (var series = 0; series < context.Count; series++)
        {
            var closes = context.Closes(series);
            if (closes.Length > lookback && context.IsTradable(series))
                _ranked.Add((closes[^(skip + 1)] / closes[^(lookback + 1)], series));
        }

        if (_ranked.Count == 0) return;
        _ranked.Sort((one, other) => one.Rise != other.Rise ? other.Rise.CompareTo(one.Rise) : one.Series - other.Series);
        var held = Math.Max(1, (int)Math.Round(share * _ranked.Count));
        // What is sold comes first: its money buys the rest.
        for (var place = held; place < _ranked.Count; place++) context.SetPosition(_ranked[place].Series, 0);
        for (var place = 0; place < held; place++) context.SetWeight(_ranked[place].Series, 1.0 / held);
    }
}

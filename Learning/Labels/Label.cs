namespace Trading.Learning;

/// <summary>Which barrier ended a label.</summary>
public enum Barrier
{
    /// <summary>None was touched: time ran out.</summary>
    Time,
    Upper,
    Lower,
}

/// <summary>What came of one session.</summary>
/// <param name="Interval">What it was made of: purge and embargo are computed from it and from nothing else.</param>
/// <param name="Return">The logarithmic return over the interval.</param>
/// <param name="Scaled">The return in units of what volatility at the session led to expect over the whole
/// horizon.</param>
/// <param name="Rise">The class: whether it went up, above the threshold, or touched the upper barrier first.</param>
public readonly record struct Label(Interval Interval, double Return, double Scaled, bool Rise, Barrier Ended);

/// <summary>Labels of a history.</summary>
public static class Labels
{
    /// <summary>Returns that the volatility of a session is measured on.</summary>
    public const int VolatilitySessions = 21;

    /// <summary>One for each bar; null where what comes is not known yet, or there is no volatility to scale by.</summary>
    /// <exception cref="ArgumentException">A horizon or a barrier that cannot be.</exception>
    public static Label?[] Of(SymbolHistory history, LabelSpec spec)
    {
        if (spec.BrokenRules() is [_, ..] broken)
            throw new ArgumentException(string.Join(" ", broken.Select(rule => rule.Message)), nameof(spec));
        var (bars, labels) = (history.Bars, new Label?[history.Bars.Length]);
        var volatility = Volatilities(history);
        for (var bar = 0; bar < bars.Length; bar++)
            if (volatility[bar] > 0)
                labels[bar] = spec switch
                {
                    LabelSpec.NextReturn next => Next(history, bar, next.Sessions, volatility[bar], threshold: 0),
                    LabelSpec.ScaledReturn scaled => Next(history, bar, scaled.Sessions, volatility[bar], scaled.Threshold),
                    LabelSpec.TripleBarrier barrier => First(history, bar, barrier, volatility[bar]),
                    _ => throw new NotSupportedException(),
                };
        return labels;
    }

    static Label? Next(SymbolHistory history, int bar, int sessions, double volatility, double threshold)
    {
        if (bar + sessions >= history.Bars.Length) return null;
        var (change, reach) = (Math.Log(history.Bars[bar + sessions].Close / history.Bars[bar].Close),
            volatility * Math.Sqrt(sessions));
        return Made(history, bar, bar + sessions, change, reach, change > threshold * reach, Barrier.Time);
    }

    /// <summary>Highs and lows touch where there are any. Of both barriers in one session the lower counts: what came
    /// first is not known, and hope is no reason.</summary>
    static Label? First(SymbolHistory history, int bar, LabelSpec.TripleBarrier barrier, double volatility)
    {
        var close = history.Bars[bar].Close;
        var reach = volatility * Math.Sqrt(barrier.Sessions);
        var (upper, lower) = (close * Math.Exp(barrier.Above * reach), close * Math.Exp(-barrier.Below * reach));
        for (var ahead = 1; ahead <= barrier.Sessions; ahead++)
        {
            if (bar + ahead >= history.Bars.Length) return null;
            var next = history.Bars[bar + ahead];
            if (next.Low <= lower)
                return Made(history, bar, bar + ahead, Math.Log(lower / close), reach, false, Barrier.Lower);
            if (next.High >= upper)
                return Made(history, bar, bar + ahead, Math.Log(upper / close), reach, true, Barrier.Upper);
        }

        var change = Math.Log(history.Bars[bar + barrier.Sessions].Close / close);
        return Made(history, bar, bar + barrier.Sessions, change, reach, change > 0, Barrier.Time);
    }

    static Label Made(SymbolHistory history, int bar, int end, double change, double reach, bool rise, Barrier ended) =>
        new(new(history.Bars[bar].Session, history.Bars[end].Session), change, change / reach, rise, ended);

    static double[] Volatilities(SymbolHistory history)
    {
        var moments = new Quant.RollingMoments(VolatilitySessions);
        var volatilities = new double[history.Bars.Length];
        for (var bar = 1; bar < volatilities.Length; bar++)
        {
            moments.Add(Math.Log(history.Bars[bar].Close / history.Bars[bar - 1].Close));
            volatilities[bar] = moments.IsFull ? moments.PopulationDeviation : 0;
        }

        return volatilities;
    }
}

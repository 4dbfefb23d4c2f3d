namespace Trading.Backtests;

/// <summary>
/// The way of the price through one bar: three straight lines of equal time over its four prices. A place on it is a number from
/// 0, the open, to 1, the close.
/// </summary>
readonly struct BarPath
{
    const int Lines = 3;
    readonly long _open, _second, _third, _close;

    public BarPath(long open, long high, long low, long close, IntrabarPath rule)
    {
        var highFirst = rule switch
        {
            IntrabarPath.HighFirst => true,
            IntrabarPath.LowFirst => false,
            _ => high - open < open - low,
        };
        (_open, _close) = (open, close);
        (_second, _third) = highFirst ? (high, low) : (low, high);
    }

    public long At(double place)
    {
        if (place <= 0) return _open;
        if (place >= 1) return _close;
        var line = (int)(place * Lines);
        var (from, to) = (Corner(line), Corner(line + 1));
        return from + (long)Math.Round((to - from) * (place * Lines - line));
    }

    /// <summary>The first place from one on where the price is at a level, or beyond it; null where it never is.</summary>
    /// <param name="upwards">Whether the level is reached from below.</param>
    public double? Reaches(long level, bool upwards, double from)
    {
        if (IsThere(At(from), level, upwards)) return from;
        for (var line = (int)(from * Lines); line < Lines; line++)
        {
            var (start, end) = (Corner(line), Corner(line + 1));
            if (!IsThere(end, level, upwards)) continue;
            var place = end == start ? line : line + (double)(level - start) / (end - start);
            return Math.Max(from, place / Lines);
        }

        return null;
    }

    long Corner(int corner) => corner switch { 0 => _open, 1 => _second, 2 => _third, _ => _close };

    static bool IsThere(long price, long level, bool upwards) => upwards ? price >= level : price <= level;
}

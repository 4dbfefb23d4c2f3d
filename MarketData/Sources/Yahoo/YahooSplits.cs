namespace Trading.MarketData;

/// <summary>The splits of a chart, and which of its rows Yahoo has divided by them. Yahoo divides the whole history by
/// a split, but for some listings late, never, or only from some session on. The rows tell: where they are divided, the
/// price goes on over the ex-date; where they are not, it steps by the split.</summary>
sealed class YahooSplits
{
    const decimal LeastFactor = 0.000000000001m, MostFactor = 1_000_000_000_000m;

    /// <summary>The step of a smaller split is like the move of a day, and proves nothing: Yahoo's rule holds.</summary>
    const double LeastStep = 1.2;

    /// <summary>From this ratio on a step before the ex-date can only be the split's.</summary>
    const double UnmistakableStep = 3;

    /// <summary>How near to the ratio such a step comes, of its logarithm.</summary>
    const double StepTolerance = 0.15;

    /// <summary>Rows before <c>Since</c> are as they traded, those from it on to the ex-date are divided.</summary>
    readonly List<(DateOnly ExDate, decimal Ratio, DateOnly Since)> _splits = [];

    /// <param name="splits">In any order.</param>
    /// <param name="rows">Every row with prices, in order, also of a session that goes on.</param>
    public YahooSplits(IEnumerable<CorporateAction> splits, IReadOnlyList<YahooRow> rows)
    {
        CorporateAction[] all = [.. splits];
        foreach (var split in all) _splits.Add((split.ExDate, split.Value, DividedSince(split, all, rows)));
    }

    /// <summary>What the prices of a session are multiplied by to be those that traded: the product of the later splits
    /// that its rows are divided by.</summary>
    public decimal Factor(DateOnly session)
    {
        var factor = 1m;
        foreach (var (exDate, ratio, since) in _splits)
        {
            if (exDate <= session || session < since) continue;
            factor *= ratio;
            if (factor is < LeastFactor or > MostFactor)
                throw new SourceException(
                    YahooSource.SourceName, SourceFailure.Nonsense, $"the splits after {session:O} cannot be");
        }

        return factor;
    }

    static DateOnly DividedSince(
        CorporateAction split, CorporateAction[] all, IReadOnlyList<YahooRow> rows)
    {
        var step = -Math.Log((double)split.Value);
        var first = 0;
        while (first < rows.Count && rows[first].Session < split.ExDate) first++;
        if (Math.Abs(step) < Math.Log(LeastStep) || first is 0) return DateOnly.MinValue;
        if (first < rows.Count && Moves(rows, first, out var open, out var close)
            && IsNearer(open, step) && IsNearer(close, step))
            return split.ExDate;
        if (Math.Abs(step) < Math.Log(UnmistakableStep)) return DateOnly.MinValue;
        for (var row = first - 1; row > 0; row--)
        {
            var session = rows[row].Session;
            if (session == rows[row - 1].Session || all.Any(other => other.ExDate == session)) continue;
            if (Moves(rows, row, out open, out close) && IsAt(open, step) && IsAt(close, step)) return session;
        }

        return DateOnly.MinValue;
    }

    /// <summary>The log moves from the close of the row before to the open and the close of a row.</summary>
    static bool Moves(IReadOnlyList<YahooRow> rows, int row, out double open, out double close)
    {
        var (before, bar) = ((double)rows[row - 1].Bar.Close, rows[row].Bar);
        (open, close) = (Math.Log((double)bar.Open / before), Math.Log((double)bar.Close / before));
        return double.IsFinite(open) && double.IsFinite(close);
    }

    static bool IsNearer(double move, double step) => Math.Abs(move - step) < Math.Abs(move);

    static bool IsAt(double move, double step) => Math.Abs(move - step) < StepTolerance * Math.Abs(step);
}

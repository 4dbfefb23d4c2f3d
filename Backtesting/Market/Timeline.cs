namespace Trading.Backtests;

/// <summary>All bars of all symbols in one order of time: by the moment at which a bar is complete, and of bars that are
/// complete together by symbol.</summary>
sealed class Timeline
{
    /// <summary>The moment of each step, in ticks UTC.</summary>
    public readonly long[] Times;

    /// <summary>Where the bars of a step begin in <see cref="Series"/>; one more than steps.</summary>
    public readonly int[] First;

    /// <summary>Whose bar it is. A symbol's own bars follow each other, so that their number needs no room here.</summary>
    public readonly int[] Series;

    Timeline(long[] times, int[] first, int[] series) => (Times, First, Series) = (times, first, series);

    public int Steps => Times.Length;

    public static Timeline Of(IReadOnlyList<SymbolBars> symbols)
    {
        var total = symbols.Sum(one => (long)one.Count);
        if (total > SymbolBars.MostBars)
            throw new BacktestDataException(
                [new("symbols", "count", $"All symbols together have at most {SymbolBars.MostBars} bars, not {total}.")]);
        var series = new int[total];
        List<long> times = [];
        List<int> first = [];
        var next = new PriorityQueue<int, (long End, int Series)>();
        var cursor = new int[symbols.Count];
        for (var symbol = 0; symbol < symbols.Count; symbol++)
            next.Enqueue(symbol, (symbols[symbol].EndTime(0), symbol));
        for (var place = 0; place < series.Length; place++)
        {
            next.TryPeek(out var symbol, out var at);
            if (times.Count == 0 || times[^1] != at.End)
            {
                times.Add(at.End);
                first.Add(place);
            }

            series[place] = symbol;
            if (++cursor[symbol] < symbols[symbol].Count)
                next.DequeueEnqueue(symbol, (symbols[symbol].EndTime(cursor[symbol]), symbol));
            else
                next.Dequeue();
        }

        first.Add(series.Length);
        return new([.. times], [.. first], series);
    }
}

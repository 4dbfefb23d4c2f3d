namespace Trading.Backtests;

/// <summary>What the run's cash would have become in the benchmark: one symbol, or an equal part of each that has a price at the
/// start, kept without costs.</summary>
static class BenchmarkPath
{
    public static double[] Of(MarketHistory history, string? symbol, IReadOnlyList<DailyEquity> daily, decimal cash)
    {
        var path = new double[daily.Count];
        var bars = new int[history.Series.Length];
        Array.Fill(bars, -1);
        int[] chosen = symbol is null ? [.. Enumerable.Range(0, history.Series.Length)] : [history.Places[symbol]];
        double[]? first = null;
        for (var day = 0; day < path.Length; day++)
        {
            var end = new DateTimeOffset(daily[day].Date.AddDays(1), default, TimeSpan.Zero).UtcTicks;
            foreach (var series in chosen)
                while (bars[series] + 1 < history.Series[series].Count && history.Series[series].EndTime(bars[series] + 1) < end)
                    bars[series]++;
            int[] known = first is null ? [.. chosen.Where(series => bars[series] >= 0)] : chosen;
            if (first is null && known.Length > 0)
            {
                chosen = known;
                first = [.. chosen.Select(Level)];
            }

            path[day] = first is null
                ? (double)cash
                : (double)cash * chosen.Select((series, place) => Level(series) / first[place]).Average();
        }

        return path;

        double Level(int series) => history.Series[series].Index[bars[series]];
    }
}

namespace Trading.MarketData;

/// <summary>For which instant the bars of an exchange are current.</summary>
static class AnswerAge
{
    /// <summary>The end of the last bar in which something traded: an interval without trades is written at the price
    /// before it, which is no younger for that. Null where nothing traded.</summary>
    public static DateTimeOffset? AsOf(IReadOnlyList<Bar> bars, BarInterval interval)
    {
        for (var last = bars.Count - 1; last >= 0; last--)
            if (bars[last].Volume != 0) return bars[last].Time + interval.Length();
        return null;
    }
}

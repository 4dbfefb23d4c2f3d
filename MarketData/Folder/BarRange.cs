namespace Trading.MarketData;

/// <summary>Parts of bars that are in order of time.</summary>
static class BarRange
{
    /// <summary>The bars with <c>from ≤ time &lt; to</c>; null is no end.</summary>
    public static ReadOnlySpan<Bar> Of(ReadOnlySpan<Bar> bars, DateTimeOffset? from, DateTimeOffset? to)
    {
        var first = from is { } least ? Before(bars, least) : 0;
        var end = to is { } most ? Before(bars, most) : bars.Length;
        return end > first ? bars[first..end] : [];
    }

    /// <summary>How many bars are earlier than a time.</summary>
    static int Before(ReadOnlySpan<Bar> bars, DateTimeOffset time)
    {
        var (low, high) = (0, bars.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (bars[middle].Time < time) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}

using System.Collections.Immutable;
using Trading.MarketData;

namespace Trading.Backtests;

/// <summary>
/// The bars of one symbol and interval, as the engine walks over them: an array for each column, prices in
/// <see cref="FixedPoint"/>, never adjusted. Beside them what strategies look at: closes whose changes are those of a
/// holder, with splits and dividends taken out going forward, so that no value depends on what came after it.
/// </summary>
public sealed class SymbolBars
{
    /// <summary>More are a mistake in the data, or a case for longer bars.</summary>
    public const int MostBars = 50_000_000;

    /// <summary>A volume that the source does not know, which is not zero.</summary>
    internal const long UnknownVolume = -1;

    /// <summary>When New York opens at the earliest and closes at the latest, in UTC: a daily bar at midnight is that
    /// of a session, and an order must not be early by the clock change.</summary>
    static readonly TimeSpan SessionOpen = new(13, 30, 0), SessionClose = new(21, 0, 0);

    internal readonly long[] Start, Open, High, Low, Close, Volume;
    internal readonly double[] Index;
    internal readonly BarQuote[]? Quotes;

    /// <summary>The bar at whose opening an action counts, for each of <see cref="Actions"/>.</summary>
    internal readonly int[] ActionBars;
    internal readonly CorporateAction[] Actions;
    readonly long _openOffset, _endOffset;

    internal SymbolBars(string symbol, TimeSpan interval, SymbolTerms terms, BarColumns columns, BarQuote[]? quotes)
    {
        (Symbol, Interval, Terms, Quotes) = (symbol, interval, terms, quotes);
        (Start, Open, High, Low, Close, Volume) =
            (columns.Start, columns.Open, columns.High, columns.Low, columns.Close, columns.Volume);
        var isSession = terms.AssetClass == AssetClass.Equity && interval == TimeSpan.FromDays(1);
        (_openOffset, _endOffset) = isSession ? (SessionOpen.Ticks, SessionClose.Ticks) : (0, interval.Ticks);
        // A dividend is of the old units where both fall on one day.
        Actions = [.. terms.Actions.Where(action => PlaceOf(action) is > 0 and var at && at < Count)
            .OrderBy(action => action.ExDate).ThenByDescending(action => action.Kind)];
        ActionBars = [.. Actions.Select(PlaceOf)];
        Index = ForwardAdjusted();
    }

    public string Symbol { get; }

    public TimeSpan Interval { get; }

    public SymbolTerms Terms { get; }

    public int Count => Start.Length;

    public DateTimeOffset First => new(Start[0], TimeSpan.Zero);

    public DateTimeOffset Last => new(Start[^1], TimeSpan.Zero);

    /// <summary>Whether every bar says how much traded.</summary>
    public bool KnowsVolume => !Volume.AsSpan().Contains(UnknownVolume);

    /// <summary>When a day of trading was complete; null where it has no bar.</summary>
    public DateTimeOffset? CompleteAt(DateOnly session)
    {
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Session(middle) <= session) low = middle + 1;
            else high = middle;
        }

        return low > 0 && Session(low - 1) == session ? new(EndTime(low - 1), TimeSpan.Zero) : null;
    }

    /// <summary>Bars with splits and dividends taken out going forward, for models to learn from.</summary>
    public IEnumerable<AdjustedBar> Adjusted()
    {
        for (var bar = 0; bar < Count; bar++)
        {
            var scale = Index[bar] / FixedPoint.ToDouble(Close[bar]);
            yield return new(
                Session(bar), FixedPoint.ToDouble(Open[bar]) * scale, FixedPoint.ToDouble(High[bar]) * scale,
                FixedPoint.ToDouble(Low[bar]) * scale, Index[bar],
                Volume[bar] == UnknownVolume ? null : FixedPoint.ToDouble(Volume[bar]) / scale);
        }
    }

    /// <summary>The bars of some days, both included; null where there is none. A listing that ends later does not
    /// end.</summary>
    internal SymbolBars? Slice(DateOnly from, DateOnly to)
    {
        var (first, end) = (Place(from), Place(to.AddDays(1)));
        if (first >= end) return null;
        var columns = new BarColumns(
            Start[first..end], Open[first..end], High[first..end], Low[first..end], Close[first..end],
                Volume[first..end]);
        var terms = end == Count ? Terms : Terms with { Delisting = null };
        return new(Symbol, Interval, terms, columns, Quotes?[first..end]);

        int Place(DateOnly date)
        {
            var found = Array.BinarySearch(Start, new DateTimeOffset(date, default, TimeSpan.Zero).UtcTicks);
            return found >= 0 ? found : ~found;
        }
    }

    /// <summary>From when on an order is in time for a bar's opening.</summary>
    internal long OpenTime(int bar) => Start[bar] + _openOffset;

    /// <summary>When a bar is complete and known.</summary>
    internal long EndTime(int bar) => Start[bar] + _endOffset;

    /// <summary>The day of trading that a bar belongs to; one that ends at midnight is of the day before.</summary>
    internal DateOnly Session(int bar) => DateOnly.FromDateTime(new DateTime(EndTime(bar) - 1, DateTimeKind.Utc));

    /// <summary>Bars of this length in a day of trading, for what is measured by the day.</summary>
    internal double BarsPerDay
    {
        get
        {
            var hours = Terms.AssetClass == AssetClass.Equity ? 6.5 : 24;
            return Math.Max(1, hours / Interval.TotalHours);
        }
    }

    /// <summary>The first bar on or after the ex-date.</summary>
    int PlaceOf(CorporateAction action)
    {
        var date = new DateTimeOffset(action.ExDate, default, TimeSpan.Zero).UtcTicks;
        var found = Array.BinarySearch(Start, date);
        return found >= 0 ? found : ~found;
    }

    double[] ForwardAdjusted()
    {
        var index = new double[Count];
        var (scale, next) = (1.0, 0);
        for (var bar = 0; bar < index.Length; bar++)
        {
            var close = FixedPoint.ToDouble(Close[bar]);
            for (; next < Actions.Length && ActionBars[next] == bar; next++)
                scale *= Actions[next].Kind == CorporateActionKind.Split
                    ? (double)Actions[next].Value
                    : 1 + (double)Actions[next].Value / UnitsAfterSplits(next, bar) / close;
            index[bar] = close * scale;
        }

        return index;
    }

    /// <summary>New units for one that was held when the dividend was cut off, of the splits of the same
    /// opening.</summary>
    double UnitsAfterSplits(int dividend, int bar)
    {
        var units = 1.0;
        for (var later = dividend + 1; later < Actions.Length && ActionBars[later] == bar; later++)
            if (Actions[later].Kind == CorporateActionKind.Split) units *= (double)Actions[later].Value;
        return units;
    }
}

/// <summary>A bar in the units of the first one.</summary>
/// <param name="Volume">Null where it is not known.</param>
public readonly record struct AdjustedBar(
    DateOnly Session, double Open, double High, double Low, double Close, double? Volume);

/// <summary>Columns of bars, all equally long.</summary>
readonly record struct BarColumns(long[] Start, long[] Open, long[] High, long[] Low, long[] Close, long[] Volume)
{
    public static BarColumns OfLength(int count) => new(
        new long[count], new long[count], new long[count], new long[count], new long[count], new long[count]);
}

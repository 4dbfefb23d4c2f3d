using System.Collections.Immutable;
using System.Globalization;
using Trading.MarketData;

namespace Trading.Backtests;

/// <summary>Bars that cannot be tested on, with every reason.</summary>
public sealed class BacktestDataException(ImmutableArray<FieldError> errors)
    : Exception(string.Join(Environment.NewLine, errors.Select(error => error.Message)))
{
    public ImmutableArray<FieldError> Errors { get; } = errors;
}

/// <summary>Turns bars as they are read into columns, and refuses what cannot have traded.</summary>
public static class BarColumnsBuilder
{
    /// <summary>Of more broken bars the first so many are listed.</summary>
    public const int MostErrors = 20;

    /// <param name="bars">Oldest first; none may start before the one before it has ended.</param>
    /// <param name="quotes">One for each bar, or null where only trades are known.</param>
    /// <exception cref="BacktestDataException">There is no bar, or bars break a rule.</exception>
    public static SymbolBars Build(
        string symbol, TimeSpan interval, IReadOnlyList<Bar> bars, SymbolTerms? terms = null,
        IReadOnlyList<BarQuote>? quotes = null)
    {
        var errors = new List<FieldError>();
        if (bars.Count is 0 or > SymbolBars.MostBars)
            Add(symbol, "count", $"{symbol} needs 1 to {SymbolBars.MostBars} bars; there are {bars.Count}.");
        if (interval <= TimeSpan.Zero || interval > TimeSpan.FromDays(1))
            Add("interval", "range", $"The bars of {symbol} are longer than nothing and at most a day, not {interval}.");
        if (quotes is not null && quotes.Count != bars.Count)
            Add("quotes", "count", $"{symbol} has {bars.Count} bars and {quotes.Count} quotes.");
        if (errors.Count > 0) throw new BacktestDataException([.. errors]);
        var columns = BarColumns.OfLength(bars.Count);
        for (var i = 0; i < bars.Count; i++)
        {
            if (i > 0 && bars[i].Time < bars[i - 1].Time + interval)
                Add("time", "overlap", $"{symbol}: the bar of {When(i)} starts before the one before it has ended.");
            if (!IsPossible(bars[i]))
                Add("price", "bar", $"{symbol}: the bar of {When(i)} has a price that is not positive, or outside its low and high.");
            else if (!Fill(columns, i, bars[i]))
                Add("price", "range", $"{symbol}: the bar of {When(i)} holds a number above {FixedPoint.Largest}, or below 0.");
        }

        return errors.Count == 0
            ? new(symbol, interval, terms ?? new(), columns, quotes is null ? null : [.. quotes])
            : throw new BacktestDataException([.. errors]);

        string When(int i) => bars[i].Time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

        void Add(string field, string rule, string message)
        {
            if (errors.Count < MostErrors) errors.Add(new(field, rule, message));
        }
    }

    static bool IsPossible(in Bar bar) =>
        bar.Low > 0 && bar.Low <= Math.Min(bar.Open, bar.Close) && bar.High >= Math.Max(bar.Open, bar.Close);

    static bool Fill(BarColumns columns, int i, in Bar bar)
    {
        var volume = bar.Volume is { } traded ? FixedPoint.From(traded) : SymbolBars.UnknownVolume;
        if (FixedPoint.From(bar.Open) is not { } open || FixedPoint.From(bar.High) is not { } high
            || FixedPoint.From(bar.Low) is not { } low || FixedPoint.From(bar.Close) is not { } close
            || volume is not { } units || bar.Volume < 0 || low == 0)
            return false;
        columns.Start[i] = bar.Time.UtcTicks;
        (columns.Open[i], columns.High[i], columns.Low[i], columns.Close[i], columns.Volume[i]) =
            (open, high, low, close, units);
        return true;
    }
}

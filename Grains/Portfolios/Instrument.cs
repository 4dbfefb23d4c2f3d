using System.Runtime.InteropServices;
using Trading.MarketData;

namespace Trading.Portfolios;

/// <summary>One symbol's prices as the risk of a book reads them: the newest sessions, in doubles.</summary>
sealed class Instrument
{
    /// <summary>How far back sessions are looked for, in windows: a symbol that trades on fewer than half of the others' days has too
    /// little in common with them.</summary>
    const int WindowsKept = 2;

    readonly double[] _closes;
    double[] _units = [];
    int _unitsOf = -1;
    bool _aligned;

    /// <param name="lookback">Returns in a full window.</param>
    public Instrument(PriceSeries series, int lookback)
    {
        Series = series;
        var kept = Math.Min(series.Closes.Length, WindowsKept * (lookback + 1));
        _closes = new double[kept];
        for (var i = 0; i < kept; i++)
            _closes[i] = Money.ToDouble(series.Closes[^(kept - i)]);
    }

    public PriceSeries Series { get; }
    public string Symbol => Series.Symbol;
    public string? Sector => Series.Sector;
    public decimal Price => Series.LastPrice;
    public DateTimeOffset PricedAt => Series.Provenance.AsOf;

    /// <summary>The newest sessions, oldest first.</summary>
    public ReadOnlySpan<DateOnly> Dates => Series.Dates.AsSpan()[^_closes.Length..];

    /// <summary>The profit of one unit at the last price in each session of a window after its first; false where this symbol has no
    /// price in one of them.</summary>
    /// <param name="window">A number that changes with the sessions: the answer is kept until then.</param>
    public bool TryUnits(int window, ReadOnlySpan<DateOnly> sessions, out ReadOnlySpan<double> units)
    {
        if (_unitsOf != window)
        {
            if (_units.Length < sessions.Length - 1) _units = new double[sessions.Length - 1];
            _aligned = sessions.Length > 1 && TryFill(sessions, _units);
            _unitsOf = window;
        }

        units = _aligned ? _units.AsSpan(0, sessions.Length - 1) : default;
        return _aligned;
    }

    /// <summary>Last price × simple return from session to session.</summary>
    public bool TryFill(ReadOnlySpan<DateOnly> sessions, Span<double> units)
    {
        var dates = Dates;
        var price = Money.ToDouble(Price);
        var at = dates.Length - 1;
        var next = 0.0;
        for (var i = sessions.Length - 1; i >= 0; i--, at--)
        {
            while (at >= 0 && dates[at] > sessions[i]) at--;
            if (at < 0 || dates[at] != sessions[i]) return false;
            if (i < sessions.Length - 1) units[i] = price * (next / _closes[at] - 1);
            next = _closes[at];
        }

        return true;
    }

    /// <summary>The newest sessions that all instruments have, oldest first, at most as many as <paramref name="sessions"/> holds.</summary>
    /// <returns>How many were found; they stand at the beginning.</returns>
    public static int CommonSessions(ReadOnlySpan<Instrument> instruments, Span<DateOnly> sessions)
    {
        var first = instruments[0].Dates;
        var shortest = first.Length;
        foreach (var other in instruments)
            shortest = Math.Min(shortest, other.Dates.Length);
        var count = Math.Min(shortest, sessions.Length);
        var newest = first[^count..];
        foreach (var other in instruments)
            if (!Numbers(other.Dates[^count..]).SequenceEqual(Numbers(newest))) return Intersect(instruments, sessions);
        newest.CopyTo(sessions);
        return count;
    }

    static int Intersect(ReadOnlySpan<Instrument> instruments, Span<DateOnly> sessions)
    {
        var found = 0;
        var dates = instruments[0].Dates;
        for (var at = dates.Length - 1; at >= 0 && found < sessions.Length; at--)
        {
            var common = true;
            foreach (var other in instruments)
                common = common && other.Dates.BinarySearch(dates[at]) >= 0;
            if (common) sessions[found++] = dates[at];
        }

        sessions[..found].Reverse();
        return found;
    }

    /// <summary>Dates as the integers that they are, which compare many at a time.</summary>
    static ReadOnlySpan<int> Numbers(ReadOnlySpan<DateOnly> dates) => MemoryMarshal.Cast<DateOnly, int>(dates);
}

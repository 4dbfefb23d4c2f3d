using Trading.Portfolios;
using Trading.Risk;

namespace Trading.Backtests;

/// <summary>Tells a book the prices of a run: the last one, and the closes of the days of trading up to it in units of
/// today, as a live series has them.</summary>
sealed class GatePrices(IAccountView account, int sessions)
{
    /// <summary>Factors between units that differ by less are the same and rounding.</summary>
    const double SameUnits = 1e-12;

    readonly Dictionary<int, Told> _told = [];

    /// <summary>What was told last of a symbol.</summary>
    /// <param name="Scale">From adjusted closes to units of that day.</param>
    readonly record struct Told(int Bars, DateOnly Session, int Sessions, double Scale);

    /// <summary>What is new of a symbol; null for nothing.</summary>
    /// <param name="split">New units for one old since it was told last; null for none.</param>
    public Priced? Next(int series, decimal? split)
    {
        var closes = account.Closes(series);
        if (account.Worth(series) is not { } worth) return null;
        _told.TryGetValue(series, out var told);
        if (told.Bars == closes.Length) return null;
        var price = Money.ToDouble(worth);
        var scale = closes[^1] == price ? 1 : price / closes[^1];
        var session = account.Session(series, closes.Length - 1);
        // Some more days in the units of before; else all of them anew.
        var follows = told.Bars > 0 && session > told.Session && Math.Abs(scale / told.Scale - 1) < SameUnits;
        List<int> days = [];
        List<double> values = [];
        if (follows && told.Bars == closes.Length - 1) (days, values) = ([session.DayNumber], [price]);
        else Collect(series, closes, scale, follows ? told.Session : DateOnly.MinValue, days, values);
        var kept = follows ? Math.Min(told.Sessions, sessions - days.Count) : 0;
        _told[series] = new(closes.Length, session, kept + days.Count, scale);
        return new(
            account.Symbol(series), SymbolKnowledge.Known, account.Sector(series), closes.Length, worth,
            account.PricedAt(series), kept, [.. days], [.. values], account.Now)
        {
            Terms = new(AverageDailyVolume: account.DailyVolume(series) is { } volume ? (decimal)volume : null),
            Split = split,
        };
    }

    /// <summary>The last close of each of the newest days after one, oldest first.</summary>
    void Collect(
        int series, ReadOnlySpan<double> closes, double scale, DateOnly after, List<int> days, List<double> values)
    {
        for (var bar = closes.Length - 1; bar >= 0 && days.Count < sessions; bar--)
        {
            var day = account.Session(series, bar).DayNumber;
            if (day <= after.DayNumber) break;
            if (days.Count > 0 && days[^1] == day) continue;
            days.Add(day);
            values.Add(closes[bar] * scale);
        }

        days.Reverse();
        values.Reverse();
    }
}

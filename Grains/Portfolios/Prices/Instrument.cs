using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Trading.MarketData;
using Trading.Quant;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>One symbol's prices as the risk of a book reads them: the newest sessions, in doubles.</summary>
sealed partial class Instrument
{
    /// <summary>How far back sessions are looked for, in windows: a symbol that trades on fewer than half of the
    /// others' days has too little in common with them.</summary>
    const int WindowsKept = 2;

    /// <summary>Returns that differ by less are one return and rounding.</summary>
    const double RoundingNoise = 1e-9;

    readonly SessionCloses _sessions;
    readonly RecentPrices _path;
    double[] _units = [];
    int _unitsOf = -1;
    bool _aligned;

    /// <param name="before">What was known before; null for nothing.</param>
    /// <param name="currency">Of the prices, where the event does not say it.</param>
    public Instrument(Priced priced, Instrument? before, string? currency = null)
    {
        Currency = priced.Terms?.Currency ?? before?.Currency ?? currency;
        Quoted = this;
        (Symbol, Sector, Version) = (priced.Symbol, priced.Sector, priced.Version);
        (Price, PricedAt) = (priced.Price!.Value, priced.PricedAt!.Value);
        _sessions = (before?._sessions ?? default).Follow(priced.Kept, priced.Days.AsSpan(), priced.Closes.AsSpan());
        (Terms, Doubt, _path) = (priced.Terms, priced.Doubt, before?._path ?? new RecentPrices());
        if (priced.Split is { } split) _path.Rescale(SplitRatio.Of(split));
        _path.Note(PricedAt, Price);
    }

    /// <summary>What it is made from again, all at once.</summary>
    public Priced Told(SymbolKnowledge knowledge) => new(
        Symbol, knowledge, Sector, Version, Price, PricedAt, 0,
        [.. Dates.ToArray().Select(date => date.DayNumber)], [.. _sessions.Closes], PricedAt)
    {
        Terms = Terms,
        Doubt = Doubt,
    };

    /// <summary>The prices of the last minutes, which it shares with those that follow it.</summary>
    public RecentPrices Path => _path;

    /// <summary>The instrument in a book's currency: its price times the rate, and for every session that both have the
    /// product of their closes, so that a return is the product of both.</summary>
    public Instrument(Instrument quoted, ExchangeRate rate)
    {
        (Symbol, Sector, Version) = (quoted.Symbol, quoted.Sector, quoted.Version);
        (Terms, Doubt) = (quoted.Terms, quoted.Doubt);
        (Currency, Quoted, Rate, Decimals) = (quoted.Currency, quoted, rate, quoted.Decimals);
        (Price, PricedAt, _path) = (quoted.Price * rate.Rate, quoted.PricedAt, new RecentPrices());
        var own = quoted._sessions;
        if (rate.Series is not { } series)
        {
            var fixedRate = Money.ToDouble(rate.Rate);
            _sessions = new(own.Dates, Array.ConvertAll(own.Closes.ToArray(), close => close * fixedRate));
            return;
        }

        var (dates, closes, rates) = (new List<DateOnly>(own.Length), new List<double>(own.Length), series._sessions);
        for (int i = 0, at = 0; i < own.Length; i++)
        {
            while (at < rates.Length && rates.Dates[at] < own.Dates[i]) at++;
            if (at == rates.Length) break;
            if (rates.Dates[at] != own.Dates[i]) continue;
            dates.Add(own.Dates[i]);
            closes.Add(own.Closes[i] * rate.At(rates.Closes[at]));
        }

        _sessions = new(CollectionsMarshal.AsSpan(dates), CollectionsMarshal.AsSpan(closes));
    }

    /// <summary>Of the prices as they are quoted; null where nobody says it.</summary>
    public string? Currency { get; }

    /// <summary>As the source quotes it; itself where that is in the book's currency.</summary>
    public Instrument Quoted { get; }

    /// <summary>By which it is converted; null where it is not.</summary>
    public ExchangeRate? Rate { get; }

    /// <summary>Decimal places that a position is valued to.</summary>
    public int Decimals { get; init; } = Money.ExactDecimals;

    /// <summary>What a position is worth.</summary>
    public decimal ValueOf(decimal quantity) => Money.Round(quantity * Price, Decimals);

    /// <summary>The instant for which both the price and the rate are current.</summary>
    public DateTimeOffset AsOf => Rate?.Used.PricedAt is { } rated && rated < PricedAt ? rated : PricedAt;

    public string Symbol { get; }
    public string? Sector { get; }
    public long Version { get; }
    public decimal Price { get; }
    public DateTimeOffset PricedAt { get; }
    public DateOnly LastSession => _sessions.Length > 0 ? Dates[^1] : Quoted.Dates[^1];

    public InstrumentTerms? Terms { get; }

    /// <summary>Why the quality of the data lets it only be reduced; null where it may trade.</summary>
    public string? Doubt { get; }

    /// <summary>The price at an instant; where the book was not told so early, the close of the session before the
    /// last. Null where there is none.</summary>
    public decimal? PriceAt(DateTimeOffset instant) => _path.At(instant) ?? PreviousClose;

    /// <summary>The close of the session before the last; null where there is none.</summary>
    public decimal? PreviousClose => _sessions.Length > 1 ? (decimal)_sessions.Closes[^2] : null;

    /// <summary>The newest sessions, oldest first.</summary>
    public ReadOnlySpan<DateOnly> Dates => _sessions.Dates;

    /// <summary>The event that makes a series known to a book.</summary>
    /// <param name="lookback">Returns in a full window.</param>
    /// <param name="before">What is known already; null for nothing.</param>
    public static Priced Learn(PriceSeries series, int lookback, Instrument? before, DateTimeOffset now)
    {
        var count = Math.Min(series.Closes.Length, WindowsKept * (lookback + 1));
        var dates = series.Dates.AsSpan()[^count..];
        var closes = new double[count];
        for (var i = 0; i < count; i++) closes[i] = Money.ToDouble(series.Closes[^(count - i)]);
        var kept = before is null ? 0 : Overlap(before, dates, closes);
        return new(
            series.Symbol, SymbolKnowledge.Known, series.Sector, series.Version, series.LastPrice,
            series.Provenance.AsOf,
            kept, [.. dates[kept..].ToArray().Select(date => date.DayNumber)], [.. closes.AsSpan(kept)], now)
        {
            Terms = series.Terms,
            Split = before is null ? null : SplitSince(before.LastSession, series),
            Doubt = series.Mode == SymbolMode.Normal
                ? null
                : string.Join(
                    "; ", series.Doubts.Prepend(series.Mode == SymbolMode.Blocked ? "blocked" : "reduce only")),
        };
    }

    /// <summary>Of all splits in between; null for none.</summary>
    static decimal? SplitSince(DateOnly session, PriceSeries series)
    {
        decimal? all = null;
        foreach (var action in series.Actions)
            if (action.Kind == CorporateActionKind.Split && action.ExDate > session
                && action.ExDate <= series.LastSession)
                all = (all ?? 1) * action.Value;
        return all;
    }

    /// <summary>How many of the newest sessions known before are the oldest of the new ones, unchanged.</summary>
    static int Overlap(Instrument before, ReadOnlySpan<DateOnly> dates, ReadOnlySpan<double> closes)
    {
        var first = before.Dates.BinarySearch(dates[0]);
        var kept = first < 0 ? 0 : before._sessions.Length - first;
        return kept <= dates.Length
            && before.Dates[^kept..].SequenceEqual(dates[..kept])
            && before._sessions.Closes[^kept..].SequenceEqual(closes[..kept])
            ? kept : 0;
    }

    /// <summary>The profit of one unit at the last price in each session of a window after its first; false where this
    /// symbol has no price in one of them.</summary>
    /// <param name="window">A number that changes with the sessions: the answer is kept until then.</param>
    public bool TryUnits(int window, ReadOnlySpan<DateOnly> sessions, out ReadOnlySpan<double> units)
    {
        if (_unitsOf != window)
        {
            if (_units.Length < sessions.Length - 1) _units = new double[sessions.Length - 1];
            _aligned = sessions.Length > 1 && TryFill(sessions, _units);
            NewReturns = _aligned ? CountNew(_units.AsSpan(0, sessions.Length - 1), Money.ToDouble(Price)) : 0;
            _unitsOf = window;
        }

        units = _aligned ? _units.AsSpan(0, sessions.Length - 1) : default;
        return _aligned;
    }

    /// <summary>How many returns of the window last asked for are another than the one before.</summary>
    public int NewReturns { get; private set; }

    /// <summary>Fewer new returns than this are no sample of a distribution: a price that stands still, or grows by
    /// the same each day, would have no risk at all.</summary>
    public static int LeastNewReturns(int sample) => sample / 2;

    /// <summary>Whether the returns of the window last asked for mostly repeat the one before.</summary>
    /// <param name="sample">Returns in the window.</param>
    public bool IsRepeating(int sample) => NewReturns < LeastNewReturns(sample);

    /// <summary>Of returns, oldest first, how many are another than the one before.</summary>
    /// <param name="scale">What a return of 1 is in their unit.</param>
    public static int CountNew(ReadOnlySpan<double> returns, double scale)
    {
        var (count, noise, i) = (0, RoundingNoise * scale, 1);
        for (; i <= returns.Length - Vector256<double>.Count; i += Vector256<double>.Count)
        {
            var change = Vector256.Abs(Vector256.Create(returns[i..]) - Vector256.Create(returns[(i - 1)..]));
            count += BitOperations.PopCount(
                Vector256.GreaterThan(change, Vector256.Create(noise)).ExtractMostSignificantBits());
        }

        for (; i < returns.Length; i++)
            count += Math.Abs(returns[i] - returns[i - 1]) > noise ? 1 : 0;
        return count;
    }

    /// <summary>Last price × simple return from session to session.</summary>
    public bool TryFill(ReadOnlySpan<DateOnly> sessions, Span<double> units)
    {
        var price = Money.ToDouble(Price);
        if (_sessions.TryReturns(sessions, out var returns))
        {
            ScenarioRisk.Scale(returns, price, units);
            return true;
        }

        var dates = Dates;
        var closes = _sessions.Closes;
        var at = dates.Length - 1;
        var next = 0.0;
        for (var i = sessions.Length - 1; i >= 0; i--, at--)
        {
            while (at >= 0 && dates[at] > sessions[i]) at--;
            if (at < 0 || dates[at] != sessions[i]) return false;
            if (i < sessions.Length - 1) units[i] = price * (next / closes[at] - 1);
            next = closes[at];
        }

        return true;
    }
}

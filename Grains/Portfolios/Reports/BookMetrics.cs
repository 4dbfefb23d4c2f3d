using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>One book as it stood at its last valuation. Fractions are of equity; null is unknown, and then there is no
/// value, never zero.</summary>
public sealed record BookReading(
    string Portfolio,
    DateTimeOffset At,
    double? Equity,
    double? ValueAtRisk95,
    double? ExpectedShortfall975,
    double? Drawdown,
    double? Leverage,
    int Positions,
    int Reservations,
    double? OldestPriceSeconds,
    TradingMode Mode,
    ImmutableArray<BreakerState> Breakers);

/// <summary>What the books that are active in this process show to whoever measures it. A book that is not active, or
/// whose activation moved elsewhere, has no values here.</summary>
public static class BookMetrics
{
    public const string MeterName = "Trading.Portfolios";

    /// <summary>Books that are shown, so that labels stay bounded; of more, those that came first.</summary>
    public const int MaxBooks = 500;

    static readonly Meter Meter = new(MeterName);
    static readonly ConcurrentDictionary<string, BookReading> Books = new(StringComparer.Ordinal);

    static readonly Counter<long> Valuations = Meter.CreateCounter<long>(
        "portfolio_recalculations", "{recalculation}", "Full recalculations of a book's risk, which a timer of its grain makes.");

    static readonly string[] BreakerCodes = [.. Enum.GetValues<BreakerName>().Select(BreakerRules.CodeOf)];

    static BookMetrics()
    {
        // Names that users look for come without a unit in their name; the description has it.
        Gauge("portfolio_var_95", null, "Value at risk at 95 % over one day with open orders at their worst, as a fraction of equity.",
            book => book.ValueAtRisk95);
        Gauge("portfolio_expected_shortfall_97_5", null,
            "Expected shortfall at 97.5 % over one day with open orders at their worst, as a fraction of equity.",
            book => book.ExpectedShortfall975);
        Gauge("portfolio_equity", null, "Cash and positions at the last prices, in the currency of the book.", book => book.Equity);
        Gauge("portfolio_drawdown", null, "Loss from the highest equity, as a fraction of it.", book => book.Drawdown);
        Gauge("portfolio_leverage", null, "Gross exposure with open orders over equity.", book => book.Leverage);
        Gauge("active_positions", null, "Symbols in which the book has a position.", book => book.Positions);
        Gauge("open_reservations", null, "Approvals that are neither filled nor given back.", book => book.Reservations);
        Gauge("data_age", "s", "Age of the oldest price that the book is valued at.", book => book.OldestPriceSeconds);
        Gauge("trading_mode", null, "0 active, 1 reducing only, 2 halted.", book => (int)book.Mode);
        Meter.CreateObservableGauge("breaker_state", Breakers, null, "0 closed, 1 tripped, 2 cooling, 3 half open.");
    }

    /// <summary>By name of the book.</summary>
    public static IEnumerable<BookReading> Active => Books.Values.OrderBy(book => book.Portfolio, StringComparer.Ordinal);

    internal static void Publish(BookValuation valuation, DateTimeOffset now)
    {
        var book = valuation.Book;
        if (Books.Count >= MaxBooks && !Books.ContainsKey(book.Portfolio)) return;
        var measures = valuation.Measure();
        Books[book.Portfolio] = new(
            book.Portfolio, now, valuation.Equity is { } equity ? Money.ToDouble(equity) : null, measures?.ValueAtRisk95,
            measures?.ExpectedShortfall975, RiskReporting.Drawdown(valuation),
            measures is { Equity: > 0 } ? Money.ToDouble(measures.GrossExposure / measures.Equity) : null,
            book.Holdings.Count(holding => holding.Quantity != 0), book.Reservations.Count,
            RiskReporting.OldestPriceSeconds(valuation, now), book.Guards.Mode,
            [.. book.Guards.Breakers.Select(breaker => breaker.State)]);
    }

    internal static void Recalculated(BookValuation valuation, DateTimeOffset now)
    {
        Valuations.Add(1);
        Publish(valuation, now);
    }

    internal static void Forget(string portfolio) => Books.TryRemove(portfolio, out _);

    static void Gauge(string name, string? unit, string description, Func<BookReading, double?> value) =>
        Meter.CreateObservableGauge(
            name,
            () => from book in Books.Values
                  let known = value(book)
                  where known is { } number && double.IsFinite(number)
                  select new Measurement<double>(known!.Value, new KeyValuePair<string, object?>("portfolio", book.Portfolio)),
            unit, description);

    static IEnumerable<Measurement<int>> Breakers() =>
        from book in Books.Values
        from name in Enum.GetValues<BreakerName>()
        select new Measurement<int>(
            (int)book.Breakers[(int)name],
            new KeyValuePair<string, object?>("portfolio", book.Portfolio),
            new KeyValuePair<string, object?>("breaker", BreakerCodes[(int)name]));
}

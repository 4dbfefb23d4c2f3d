using Trading.Journal;
using Trading.MarketData;
using Trading.Risk;

namespace Trading.Portfolios.Tests;

/// <summary>Books and events for tests, with today's date and made-up terms.</summary>
static class Books
{
    public static readonly DateTimeOffset Now = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);
    public const int RecentKeys = 64;

    public static Book Opened(decimal cash = 100_000m, bool allowShort = false, string currency = "USD")
    {
        var book = new Book("test", RecentKeys);
        book.Apply(new Opened(new PortfolioTerms(currency, cash, allowShort), Now));
        return book;
    }

    public static Fill External(string id, Side side, decimal quantity, decimal price, decimal fees = 0, string symbol = "AA") =>
        new(id, null, null, symbol, side, quantity, price, fees, External: true);

    public static Fill OfReservation(string id, Reservation reservation, decimal quantity, decimal price) =>
        new(id, null, reservation.ReservationId, reservation.Symbol, reservation.Action, quantity, price, 0, External: false);

    /// <summary>Books an execution with what follows from it.</summary>
    public static Filled Book(this Book book, Fill fill, KnownOrder? order = null)
    {
        var changes = FillRules.Take(book, fill, Now, order);
        foreach (var change in changes) book.Apply(change);
        return (Filled)changes[0];
    }

    public static Reservation Approve(this Book book, Order order, decimal price, double seconds = 300)
    {
        var id = $"{book.Portfolio}:{book.Sequence + 1}";
        var decided = new SignalDecided(Decision(book, order, id, price, approved: true, seconds));
        book.Apply(decided);
        return decided.Reservation!;
    }

    public static SignalDecision Decision(Book book, Order order, string id, decimal price, bool approved, double seconds = 300) => new(
        id, book.Portfolio, order.ClientOrderId, order.Symbol, order.Action, order.Quantity, order.Confidence, order.LimitPrice, price,
        approved, approved ? price : null, approved ? Now.AddSeconds(seconds) : null, null,
        [new RiskViolation(RiskRule.ValueAtRisk95, 0.031m, 0.03m, "fraction", "over")],
        new BookMeasures(1, 2, 3, 4, 0.1, null, 0.3, null, 0), null, [], 1, "historical/order_statistic/252d/1d", Now)
    {
        Strategy = order.Strategy,
        ReduceOnly = order.ReduceOnly,
        ReservedQuantity = approved && order.ReduceOnly ? order.Quantity : null,
    };

    public static Order Order(Side side, decimal quantity, string? id = null, string symbol = "AA") => new(symbol, side, quantity, id, null, null);

    /// <summary>Tells a valuation of answers of a source.</summary>
    /// <returns>True where a symbol held changed.</returns>
    internal static bool Reprice(this BookValuation valuation, IEnumerable<(string Symbol, SeriesUpdate Update)> answers, DateTimeOffset now)
    {
        var changed = false;
        foreach (var (symbol, update) in answers)
            if (valuation.Prices.Learn(symbol, update, now) is { } priced)
            {
                changed |= valuation.Book.Exposures.ContainsKey(symbol);
                valuation.Apply(priced);
            }

        return changed;
    }

    /// <summary>Through the journal's form and back.</summary>
    public static BookEvent Recorded(BookEvent change, long sequence)
    {
        var entry = BookJson.Encode(change);
        return BookJson.Decode(new JournalEvent("portfolio/test", sequence, Now, entry.Type, entry.Payload, entry.Key, default));
    }
}

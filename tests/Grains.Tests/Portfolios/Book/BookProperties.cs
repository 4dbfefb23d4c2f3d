using FsCheck;
using FsCheck.Fluent;
using Trading.Risk;
using static Trading.Portfolios.Tests.Books;

namespace Trading.Portfolios.Tests;

public sealed class BookProperties
{
    static readonly string[] Symbols = ["AA", "BA", "CAT"];

    /// <summary>One attempt on the book; quantities and prices have awkward decimals.</summary>
    public sealed record Step(int Kind, Side Side, int Symbol, decimal Quantity, decimal Price, decimal Fees);

    static readonly Gen<Step> Steps =
        from kind in Gen.Choose(0, 7)
        from side in Gen.Elements(Side.Buy, Side.Sell)
        from symbol in Gen.Choose(0, Symbols.Length - 1)
        from quantity in Gen.Choose(1, 1_000_000_000)
        from price in Gen.Choose(1, 1_000_000_000)
        from fees in Gen.Choose(0, 1000)
        select new Step(kind, side, symbol, quantity / 1_000_000m, price / 10_000_000m, fees / 1000m);

    static readonly Arbitrary<Step[]> Histories = Steps.ArrayOf().ToArbitrary();

    [Fact]
    public void Equity_IsDepositsPlusProfitLessFees_ToTheLastDigit() => Prop.ForAll(Histories, steps =>
    {
        var book = Opened(allowShort: true);
        foreach (var step in steps) Take(book, step);
        var prices = Symbols.ToDictionary(symbol => symbol, symbol => symbol.Length * 12.3456789m);
        var held = book.Holdings.Where(holding => holding.Quantity != 0).ToList();
        var value = held.Sum(holding => holding.Quantity * prices[holding.Symbol]);
        var unrealised = held.Sum(holding => (holding.Quantity * prices[holding.Symbol]) - holding.Cost);
        return book.Cash + value == book.Deposits + book.Realised + unrealised - book.Fees;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Replay_GivesTheSameBook_ByteForByte_FromTheStartAndFromAnySnapshot() => Prop.ForAll(Histories, Gen.Choose(0, 50).ToArbitrary(), (steps, cut) =>
    {
        var live = Opened(allowShort: true);
        List<BookEvent> events = [new Opened(live.Terms!, Now)];
        BookState? snapshot = null;
        for (var i = 0; i < steps.Length; i++)
        {
            if (Take(live, steps[i]) is { } change) events.Add(change);
            if (i == cut) snapshot = live.Save();
        }

        var replayed = new Book("test", RecentKeys);
        for (var i = 0; i < events.Count; i++)
            replayed.Apply(Recorded(events[i], i + 1));
        var resumed = Book.Restore("test", snapshot ?? live.Save(), RecentKeys);
        foreach (var change in events.Skip((int)resumed.Sequence))
            resumed.Apply(change);
        var expected = BookJson.Encode(live.Save());
        return expected.Span.SequenceEqual(BookJson.Encode(replayed.Save()).Span)
            && expected.Span.SequenceEqual(BookJson.Encode(resumed.Save()).Span)
            && live.Exposures.OrderBy(pair => pair.Key).SequenceEqual(resumed.Exposures.OrderBy(pair => pair.Key))
            && live.ReservedCash == resumed.ReservedCash;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Exposure_IsThePositionAndTheOpenOrders() => Prop.ForAll(Histories, steps =>
    {
        var book = Opened(allowShort: true);
        foreach (var step in steps) Take(book, step);
        return Symbols.All(symbol => book.ExposureOf(symbol) == new Exposure(
            book.HoldingOf(symbol).Quantity,
            book.Reservations.Where(open => open.Symbol == symbol && open.Action == Side.Buy).Sum(open => open.Remaining),
            book.Reservations.Where(open => open.Symbol == symbol && open.Action == Side.Sell).Sum(open => open.Remaining)));
    }).QuickCheckThrowOnFailure();

    /// <summary>Attempts a step and returns the event if something happened.</summary>
    static BookEvent? Take(Book book, Step step)
    {
        var symbol = Symbols[step.Symbol];
        var open = book.Reservations.FirstOrDefault(reservation => reservation.Symbol == symbol);
        var id = $"{book.Sequence + 1}";
        BookEvent? change = step.Kind switch
        {
            0 => BookRules.Transfer(book, new CashTransfer(id, step.Price - step.Quantity), book.Cash, Now).Value,
            1 or 2 => FillRules.Post(book, External(id, step.Side, step.Quantity, step.Price, step.Fees, symbol), Now),
            3 or 4 => new SignalDecided(Decision(book, Order(step.Side, step.Quantity, id, symbol), id, step.Price, true, seconds: step.Kind)),
            5 when open is not null => FillRules.Post(book, OfReservation(id, open, Math.Min(step.Quantity, open.Remaining), step.Price), Now),
            6 when open is not null => BookRules.Release(book, open.ReservationId, "cancelled", Now).Value,
            7 when open is not null => new Expired([open.ReservationId], Now),
            _ => null,
        };
        if (change is not null) book.Apply(change);
        return change;
    }
}

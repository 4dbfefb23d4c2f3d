using FsCheck;
using FsCheck.Fluent;
using Trading.Risk;
using static Trading.Portfolios.Tests.Books;

namespace Trading.Portfolios.Tests;

/// <summary>Fills in another currency, some of them while its rate is not known.</summary>
public sealed class ForeignBookProperties
{
    const string Symbol = "BTCUSD", Currency = "USD";

    /// <param name="Rate">Of the moment; null where it is not known.</param>
    /// <param name="FeeIn">0 the book's currency, 1 the instrument's, 2 the coin.</param>
    public sealed record Step(Side Side, decimal Quantity, decimal Price, decimal Fees, decimal? Rate, int FeeIn);

    static readonly Arbitrary<Step[]> Histories = (
        from side in Gen.Elements(Side.Buy, Side.Sell)
        from quantity in Gen.Choose(1, 1_000_000_000)
        from price in Gen.Choose(1, 1_000_000_000)
        from fees in Gen.Choose(0, 1_000)
        from rate in Gen.OneOf(Gen.Constant<decimal?>(null), Gen.Choose(50, 200).Select(hundredths => (decimal?)(1 / (hundredths / 100m))))
        from feeIn in Gen.Choose(0, 2)
        select new Step(side, quantity / 7_000_000m, price / 10_000_000m, fees / 100_000m, rate, feeIn)).ArrayOf().ToArbitrary();

    [Fact]
    public void Cash_Cost_Profit_AndFees_AddUpToTheDeposits_ToTheLastDigit() => Prop.ForAll(Histories, steps =>
    {
        var book = Opened(allowShort: true, currency: "EUR");
        foreach (var step in Rounded(steps)) Take(book, step);
        Convert(book, 0.9m);
        var holding = book.HoldingOf(Symbol);
        return book.IsConverted && book.Cash + (holding.BookCost ?? 0) - holding.Realised + book.Fees == book.Deposits;
    }).QuickCheckThrowOnFailure();

    /// <summary>In doubles, with trades that wait made again when their rate comes.</summary>
    [Fact]
    public void ProfitAndItsPartByTheRate_AreThoseOfAPlainModel() => Prop.ForAll(Histories, steps =>
    {
        var (book, model) = (Opened(allowShort: true, currency: "EUR"), new Model());
        foreach (var step in Rounded(steps))
        {
            Take(book, step);
            model.Take(step);
        }

        Convert(book, 0.9m);
        model.Convert(0.9);
        var holding = book.HoldingOf(Symbol);
        return Near(holding.Quantity, model.Quantity) && Near(holding.Cost, model.Cost) && Near(holding.BookCost ?? 0, model.BookCost)
            && Near(holding.Realised, model.Realised) && Near(holding.Foreign?.FxRealised ?? 0, model.FxRealised);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Replay_GivesTheSameBook_ByteForByte_FromTheStartAndFromAnySnapshot() =>
        Prop.ForAll(Histories, Gen.Choose(0, 20).ToArbitrary(), (steps, cut) =>
        {
            var live = Opened(allowShort: true, currency: "EUR");
            List<BookEvent> events = [new Opened(live.Terms!, Now)];
            BookState? snapshot = null;
            var at = 0;
            foreach (var step in Rounded(steps))
            {
                events.AddRange(Take(live, step));
                if (at++ == cut) snapshot = live.Save();
            }

            var replayed = new Book("test", RecentKeys);
            for (var i = 0; i < events.Count; i++) replayed.Apply(Recorded(events[i], i + 1));
            var resumed = Book.Restore("test", snapshot ?? live.Save(), RecentKeys);
            foreach (var change in events.Skip((int)resumed.Sequence)) resumed.Apply(change);
            var expected = BookJson.Encode(live.Save());
            return expected.Span.SequenceEqual(BookJson.Encode(replayed.Save()).Span)
                && expected.Span.SequenceEqual(BookJson.Encode(resumed.Save()).Span);
        }).QuickCheckThrowOnFailure();

    static IEnumerable<Step> Rounded(Step[] steps) => steps.Select(step => step with { Quantity = Math.Round(step.Quantity, 18) });

    /// <summary>As a turn of the book does it: what waits is converted as soon as there is a rate.</summary>
    static List<BookEvent> Take(Book book, Step step)
    {
        List<BookEvent> events = step.Rate is { } known ? Convert(book, known) : [];
        var fill = External($"{book.Sequence}", step.Side, step.Quantity, step.Price, step.Fees, Symbol) with
        {
            FeeCurrency = step.FeeIn switch { 0 => null, 1 => Currency, _ => "BTC" },
        };
        var filled = FillRules.Post(book, fill, Now, rates: new(Currency, step.Rate, Now, step.Rate));
        book.Apply(filled);
        return [.. events, filled];
    }

    static List<BookEvent> Convert(Book book, decimal rate)
    {
        List<BookEvent> events = [];
        if (!book.IsConverted) events.Add(new Converted(Currency, rate, "USDEUR", Now, Now));
        foreach (var change in events) book.Apply(change);
        return events;
    }

    static bool Near(decimal one, double other) => Math.Abs((double)one - other) <= 1e-6 * (1 + Math.Abs(other));

    sealed class Model
    {
        readonly List<(double Units, double Price)> _waiting = [];
        double _bookQuantity, _localCost;

        public double Quantity { get; private set; }
        public double Cost { get; private set; }
        public double BookCost { get; private set; }
        public double Realised { get; private set; }
        public double FxRealised { get; private set; }

        public void Take(Step step)
        {
            var units = (double)step.Quantity * (step.Side == Side.Buy ? 1 : -1) - (step.FeeIn == 2 ? (double)step.Fees : 0);
            Cost += CostOf(Quantity, Cost, units, (double)step.Price);
            Quantity += units;
            _waiting.Add((units, (double)step.Price));
            if (step.Rate is not { } rate) return;
            var last = _waiting[^1];
            _waiting.RemoveAt(_waiting.Count - 1);
            Convert((double)rate);
            Trade(last.Units, last.Price, (double)rate);
        }

        public void Convert(double rate)
        {
            foreach (var (units, price) in _waiting) Trade(units, price, rate);
            _waiting.Clear();
        }

        void Trade(double units, double price, double rate)
        {
            var closing = _bookQuantity * units < 0 ? Math.Min(Math.Abs(units), Math.Abs(_bookQuantity)) : 0;
            var share = closing == 0 ? 0 : closing / Math.Abs(_bookQuantity);
            var (relieved, relief) = (_localCost * share, BookCost * share);
            var closed = closing * Math.Sign(_bookQuantity);
            Realised += (closed * price * rate) - relief;
            FxRealised += (relieved * rate) - relief;
            var opened = units + closed;
            BookCost += (opened * price * rate) - relief;
            _localCost += (opened * price) - relieved;
            _bookQuantity += units;
        }

        static double CostOf(double quantity, double cost, double units, double price)
        {
            var closing = quantity * units < 0 ? Math.Min(Math.Abs(units), Math.Abs(quantity)) : 0;
            var relieved = closing == 0 ? 0 : cost * closing / Math.Abs(quantity);
            return ((units + (closing * Math.Sign(quantity))) * price) - relieved;
        }
    }
}

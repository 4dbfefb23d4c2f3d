using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>What the valuation says of an order.</summary>
sealed partial class BookValuation
{
    /// <summary>Everything that the rules need to judge an order.</summary>
    /// <param name="correlates">False where no rule asks for the correlation with the rest of the book, which is then
    /// null.</param>
    /// <param name="convention">How open orders count; another than the default for a decision that was made under
    /// it.</param>
    public OrderFacts Facts(
        Order order, bool correlates = true, OpenOrderConvention convention = OpenOrderConvention.AnyFill)
    {
        var exposure = Book.ExposureOf(order.Symbol);
        var instrument = _prices.Find(order.Symbol);
        var quoted = _prices.Quoted(order.Symbol);
        var currency = _prices.ForeignCurrencyOf(order.Symbol);
        var facts = new OrderFacts(
            order, _prices.KnowledgeOf(order.Symbol), quoted?.Price, quoted?.PricedAt, Book.Terms!.AllowShort,
            Closable(order, exposure),
            null, _options.VarMinSessions, null, null)
        {
            Exposure = exposure,
            Terms = quoted?.Terms,
            Doubt = quoted?.Doubt,
            Rate = currency is null ? null : _prices.RateOf(currency),
            Rates = RatesWith(currency),
            Guard = Book.Guards.InForce,
            Budget = Book.Budget?.Amounts
        };
        if (Equity is not { } equity || facts.TradeAmount() is null || instrument is null) return facts;

        var tail = _scenarios.Before(instrument, convention);
        var before = Measures(
            equity, _totals, 0, tail.Worst, ExposureTotals.GrossOf(instrument, exposure), SectorOf(instrument),
            Book.Activity.StrategyValues(order, instrument.Price).Before);
        var correlation = correlates
            ? _scenarios.Correlation(instrument, convention) * (order.Action == Side.Buy ? 1 : -1)
            : null;
        return WithQuantity(
            facts with
            {
                Sessions = tail.Common,
                Repeating = tail.Repeating,
                TailBefore = tail,
                Convention = convention,
                Booked = TailLosses.Of(tail.Booked, equity),
                Before = before,
                Correlation = correlation,
            },
            order.Quantity);
    }

    /// <summary>What an order can close. Orders that only reduce do not add up, others count every open order of their
    /// side.</summary>
    static decimal Closable(Order order, in Exposure exposure) => order.ReduceOnly
        ? OrderFacts.ClosableBy(order.Action, exposure.Quantity, 0, 0)
        : OrderFacts.ClosableBy(
            order.Action, exposure.Quantity, exposure.Highest - exposure.Quantity, exposure.Quantity - exposure.Lowest);

    /// <summary>What an order filled alone does to a position.</summary>
    static decimal Moves(Order order, in Exposure exposure)
    {
        var quantity = order.ReduceOnly
            ? Math.Min(order.Quantity, OrderFacts.ClosableBy(order.Action, exposure.Quantity, 0, 0))
            : order.Quantity;
        return order.Action == Side.Buy ? quantity : -quantity;
    }

    /// <summary>The facts of the same order with another quantity.</summary>
    public OrderFacts WithQuantity(in OrderFacts facts, decimal quantity)
    {
        var order = quantity == facts.Order.Quantity ? facts.Order : facts.Order with { Quantity = quantity };
        if (facts.Before is not { } before || _prices.Find(order.Symbol) is not { } instrument)
            return facts with { Order = order };

        var exposure = Book.ExposureOf(order.Symbol);
        var filled = exposure.With(order.Action, quantity, order.ReduceOnly);
        var (price, cost) = (
            instrument.Price, order.Action == Side.Buy ? Money.Round(quantity * facts.TradeAmount()!.Value) : 0);
        var (was, becomes) = (ExposureTotals.Of(instrument, exposure), ExposureTotals.Of(instrument, filled));
        var (worst, alone) = facts.Convention == OpenOrderConvention.AnyFill
            ? _scenarios.After(instrument, filled, Moves(order, exposure), facts.TailBefore.Worst)
            : (_scenarios.AtLargerEnds(instrument, filled.Effective), null);
        return facts with
        {
            Order = order,
            Alone = TailLosses.Of(alone, before.Equity),
            After = Measures(
                before.Equity, _totals.Replace(was, becomes), cost, worst,
                becomes.Gross, SectorOf(instrument) + becomes.Gross - was.Gross, Book.Activity.StrategyValues(order, price).After),
        };
    }
}

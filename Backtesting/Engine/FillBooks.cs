namespace Trading.Backtests;

/// <summary>Books what becomes of orders: fills and ends, with what each cost against its decision.</summary>
sealed class FillBooks(
    Market market, OrderBook orders, Account[] accounts, string[] names, CommissionSchedule commission,
        CostOptions costs,
    Recording recording, ITradeGate? gate)
{
    /// <summary>Decimals of amounts of money; products of prices and quantities have at most twice those of
    /// prices.</summary>
    const int MoneyDigits = 2 * FixedPoint.Digits;

    public OrderBook Orders => orders;

    public void Post(WorkingOrder order, decimal quantity, decimal middle, in TakerPrice extra, bool isMaker,
        long moment)
    {
        var (account, symbol) = (accounts[order.Account], market.History.Series[order.Series]);
        var rate = market.Rate(order.Series)!.Value;
        var price = middle + order.Side * extra.Sum;
        var value = Money(quantity * price * rate);
        var fees = Fees(order, account, quantity, quantity * price, isMaker, moment) * rate;
        if (market.History.RateSeries[order.Series] >= 0) fees += value * (decimal)costs.ConversionFraction;
        fees = decimal.Round(fees, FixedPoint.Digits);
        var (spread, impact, slippage) = (
            Money(quantity * extra.Spread * rate), Money(quantity * extra.Impact * rate),
                Money(quantity * extra.Slippage * rate));
        var delay = order.Side * (value - quantity * order.DecisionValue) - spread - impact - slippage;
        var parts = new CostBreakdown(spread, impact, slippage, delay, fees, 0);
        account.Charge(parts);
        order.Costs += parts;
        account.AddWorking(order.Series, -order.Side * quantity);
        order.Remaining -= quantity;
        order.FilledUnits += quantity;
        order.FilledNotional += value;
        var time = new DateTimeOffset(moment, TimeSpan.Zero);
        recording.Add(new Fill(order.Id, time, symbol.Symbol, order.Side * quantity, price, middle, parts, isMaker));
        gate?.Filled(order.Id, order.Side * quantity, value, fees);
        if (account.Fill(order.Series, order.Side * quantity, value, fees, moment) is var (profit, largest, since))
            recording.Add(new RoundTrip(
                names[order.Account], symbol.Symbol, new(since, TimeSpan.Zero), time, largest, profit));
        if (order.Remaining == 0) End(order, OrderEnd.Filled, 0);
    }

    /// <summary>Ends an order.</summary>
    /// <param name="price">What its unfilled part is worth at that moment.</param>
    public void End(WorkingOrder order, OrderEnd end, long price)
    {
        var account = accounts[order.Account];
        order.End = end;
        gate?.Ended(order.Id);
        if (order.Remaining > 0)
        {
            var worth = market.Worth(order.Series, FixedPoint.ToDecimal(price));
            var missed = new CostBreakdown(
                0, 0, 0, 0, 0, order.Side * (order.Remaining * worth - order.Remaining * order.DecisionValue));
            account.Charge(missed);
            order.Costs += missed;
            account.AddWorking(order.Series, -order.Side * order.Remaining);
        }

        recording.Add(new OrderRecord(
            order.Id, order.Parent, names[order.Account], market.History.Series[order.Series].Symbol, order.Type,
            order.Side * order.Quantity, order.FilledUnits, new(order.DecidedAt, TimeSpan.Zero),
                new(market.Now, TimeSpan.Zero),
            order.DecisionValue, order.FilledUnits == 0 ? null
                : order.FilledNotional / order.FilledUnits, order.Costs, end));
    }

    /// <summary>Pays a position out at the end of its listing.</summary>
    public void Settle(int account, int symbol, decimal worth)
    {
        var position = accounts[account].Position(symbol);
        if (accounts[account].Fill(symbol, -position, Math.Abs(position) * worth, 0, market.Now) is var (profit,
            largest, since))
            recording.Add(new RoundTrip(
                names[account], market.History.Series[symbol].Symbol, new(since, TimeSpan.Zero),
                new(market.Now, TimeSpan.Zero), largest, profit));
    }

    /// <summary>Orders in the market are restated like positions; what rounding makes of the price of the decision is
    /// delay.</summary>
    public void Split(int symbol, decimal ratio)
    {
        foreach (var order in orders.Of(symbol) ?? [])
        {
            if (order.End != OrderEnd.Working) continue;
            var before = order.Remaining * order.DecisionValue;
            order.Remaining *= ratio;
            order.Quantity *= ratio;
            order.FilledUnits *= ratio;
            order.DecisionValue = decimal.Round(order.DecisionValue / ratio, FixedPoint.Digits);
            (order.Limit, order.Stop) = (Restated(order.Limit, ratio), Restated(order.Stop, ratio));
            var rounding = new CostBreakdown(
                0, 0, 0, order.Side * (order.Remaining * order.DecisionValue - before), 0, 0);
            accounts[order.Account].Charge(rounding);
            order.Costs += rounding;
        }
    }

    static long? Restated(long? price, decimal ratio) => price is { } known ? (long)(known / ratio) : null;

    static decimal Money(decimal amount) => decimal.Round(amount, MoneyDigits);

    /// <summary>What the order owes for more than it has paid for, in the currency of the listing.</summary>
    decimal Fees(WorkingOrder order, Account account, decimal quantity, decimal notional, bool isMaker, long moment)
    {
        if (ReferenceEquals(commission, CommissionSchedule.None)) return 0;
        account.Volume.MoveTo(moment / TimeSpan.TicksPerDay);
        var (sale, volume) = (order.Side < 0, account.Volume.Sum);
        var paid = commission.Of(order.FeeUnits, order.FeeNotional, sale, isMaker, volume);
        order.FeeUnits += quantity;
        order.FeeNotional += notional;
        account.Volume.Add(commission.Basis == CommissionBasis.Unit ? quantity : notional);
        return commission.Of(order.FeeUnits, order.FeeNotional, sale, isMaker, volume) - paid;
    }
}

using Trading.MarketData;

namespace Trading.Backtests;

/// <summary>What happens to positions without an order: splits, dividends, delisting, funding, interest,
/// borrowing.</summary>
sealed class Carrying(
    Market market, Account[] accounts, FillBooks books, TakerPricing pricing, CostOptions costs, ITradeGate? gate)
{
    /// <summary>Interest runs on the actual days of a year of so many (the money market's convention).</summary>
    const decimal DaysOfYear = 360;

    readonly int[] _nextAction = new int[market.History.Series.Length],
        _nextFunding = new int[market.History.Series.Length];
    readonly decimal _credit = (decimal)costs.CreditRate / DaysOfYear, _debit = (decimal)costs.DebitRate / DaysOfYear;

    public void Clear()
    {
        Array.Clear(_nextAction);
        Array.Clear(_nextFunding);
    }

    /// <summary>What the opening of a bar brings. It comes before any order is carried out on it.</summary>
    public void Open(int symbol, int bar)
    {
        var series = market.History.Series[symbol];
        ref var next = ref _nextAction[symbol];
        for (; next < series.Actions.Length && series.ActionBars[next] == bar; next++)
        {
            var action = series.Actions[next];
            if (action.Kind == CorporateActionKind.Split) Split(symbol, action.Value);
            else Pay(symbol, action.Value);
        }
    }

    /// <summary>What a complete bar brings: funding up to its end, and after the last one the end of the
    /// listing.</summary>
    public void Close(int symbol, int bar)
    {
        var series = market.History.Series[symbol];
        if (series.Terms.Funding is { IsEmpty: false } rates)
        {
            ref var next = ref _nextFunding[symbol];
            for (; next < rates.Length && rates[next].Time.UtcTicks <= series.EndTime(bar); next++)
                if (rates[next].Time.UtcTicks >= series.OpenTime(0)) Fund(symbol, rates[next].Rate);
        }

        if (bar == series.Count - 1 && series.Terms.Delisting is { } delisting) Delist(symbol, delisting);
    }

    /// <summary>Interest and borrowing of the nights since the day before.</summary>
    public void Nights(long nights)
    {
        foreach (var account in accounts)
        {
            var interest = account.Cash * (account.Cash > 0 ? _credit : _debit) * nights;
            var borrow = 0m;
            foreach (var symbol in account.Held)
            {
                if (account.Position(symbol) is not (< 0 and var position)) continue;
                var rate = (decimal)(market.History.Series[symbol].Terms.BorrowRate ?? costs.BorrowRate);
                borrow += position * market.Worth(symbol) * rate / DaysOfYear * nights;
            }

            if (interest != 0 || borrow != 0) account.Earn(new(0, Rounded(interest), Rounded(borrow), 0));
        }
    }

    void Split(int symbol, decimal ratio)
    {
        books.Split(symbol, ratio);
        pricing.Split(symbol, (double)ratio);
        foreach (var account in accounts) account.Split(symbol, ratio);
        gate?.Split(symbol, ratio);
    }

    /// <summary>Holders are paid on the ex-date, at the rate of the day; who is short pays in full.</summary>
    void Pay(int symbol, decimal dividend)
    {
        var worth = market.Worth(symbol, dividend);
        foreach (var account in accounts)
        {
            if (account.Position(symbol) is not (not 0 and var position)) continue;
            var kept = position > 0 ? 1 - (decimal)costs.DividendTax : 1;
            account.Earn(new(Rounded(position * worth * kept), 0, 0, 0));
        }
    }

    void Fund(int symbol, double rate)
    {
        foreach (var account in accounts)
            if (account.Position(symbol) is not 0 and var position)
                account.Earn(new(0, 0, 0, Rounded(-position * market.Worth(symbol) * (decimal)rate)));
    }

    void Delist(int symbol, Delisting delisting)
    {
        var series = market.History.Series[symbol];
        foreach (var order in books.Orders.Of(symbol) ?? [])
            if (order.End == OrderEnd.Working) books.End(order, OrderEnd.Delisted, series.Close[^1]);
        if (books.Orders.Count(symbol) > 0) books.Orders.Sweep(symbol);
        var worth = market.Worth(symbol, delisting.Value ?? market.Close(symbol)!.Value);
        for (var account = 0; account < accounts.Length; account++)
            if (accounts[account].Position(symbol) != 0) books.Settle(account, symbol, worth);
        market.End(symbol);
    }

    static decimal Rounded(decimal amount) => decimal.Round(amount, FixedPoint.Digits);
}

namespace Trading.Backtests;

/// <summary>Where a run is in the history: what is known now, and nothing later.</summary>
sealed class Market(MarketHistory history)
{
    readonly int[] _bar = new int[history.Series.Length];
    readonly bool[] _ended = new bool[history.Series.Length];

    public MarketHistory History => history;

    /// <summary>Ticks UTC.</summary>
    public long Now { get; set; }

    public void Clear()
    {
        Array.Fill(_bar, -1);
        Array.Clear(_ended);
        Now = 0;
    }

    /// <summary>The newest bar of a symbol that is complete; -1 before its first.</summary>
    public int Bar(int symbol) => _bar[symbol];

    public int Advance(int symbol) => ++_bar[symbol];

    public void End(int symbol) => _ended[symbol] = true;

    /// <summary>Whether it has a price and is still listed.</summary>
    public bool IsTradable(int symbol) => _bar[symbol] >= 0 && !_ended[symbol] && Rate(symbol) is not null;

    /// <summary>The last close in the currency of the listing; null before the first.</summary>
    public decimal? Close(int symbol) =>
        _bar[symbol] is >= 0 and var bar ? FixedPoint.ToDecimal(history.Series[symbol].Close[bar]) : null;

    /// <summary>What a unit of the listing's currency is worth in the account's; null while that is not known.</summary>
    public decimal? Rate(int symbol) => history.RateSeries[symbol] is >= 0 and var rate ? Close(rate) : 1m;

    /// <summary>What a unit is worth at a price, in the account's currency: rounded, so that products with quantities are
    /// exact.</summary>
    public decimal Worth(int symbol, decimal price) => history.RateSeries[symbol] < 0
        ? price
        : decimal.Round(price * Rate(symbol)!.Value, FixedPoint.Digits);

    /// <summary>What a unit is worth at the last close.</summary>
    public decimal Worth(int symbol) => Worth(symbol, Close(symbol)!.Value);

    public decimal Equity(Account account)
    {
        var equity = account.Cash;
        foreach (var symbol in account.Held) equity += account.Position(symbol) * Worth(symbol);
        return equity;
    }

    public (decimal Long, decimal Short) Exposure(Account account)
    {
        var (bought, sold) = (0m, 0m);
        foreach (var symbol in account.Held)
        {
            var value = account.Position(symbol) * Worth(symbol);
            if (value > 0) bought += value;
            else sold -= value;
        }

        return (bought, sold);
    }
}

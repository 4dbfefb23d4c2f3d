namespace Trading.Backtests;

/// <summary>One closed trade: from flat to flat, or to the other side.</summary>
/// <param name="Quantity">The largest position in it: above zero where it was long.</param>
/// <param name="Profit">In the account's currency, fees taken off, dividends not counted.</param>
public readonly record struct RoundTrip(
    string Strategy, string Symbol, DateTimeOffset Opened, DateTimeOffset Closed, decimal Quantity, decimal Profit);

/// <summary>The money and the positions of one strategy.</summary>
sealed class Account(int symbols)
{
    readonly decimal[] _positions = new decimal[symbols], _working = new decimal[symbols];
    readonly OpenTrade[] _open = new OpenTrade[symbols];
    readonly List<int> _held = [];

    struct OpenTrade
    {
        public decimal Cost, Profit, Largest;
        public long Since;
    }

    public decimal Cash { get; private set; }

    public CostBreakdown Costs { get; private set; }

    public CarryBreakdown Carry { get; private set; }

    /// <summary>Bought and sold together, in money.</summary>
    public decimal Traded { get; private set; }

    public TradedVolume Volume { get; } = new();

    /// <summary>Symbols with a position, in the order in which they were opened.</summary>
    public IReadOnlyList<int> Held => _held;

    public void Clear(decimal cash)
    {
        Array.Clear(_positions);
        Array.Clear(_working);
        Array.Clear(_open);
        _held.Clear();
        Volume.Clear();
        (Cash, Costs, Carry, Traded) = (cash, default, default, 0);
    }

    public decimal Position(int symbol) => _positions[symbol];

    /// <summary>What orders in the market would still add.</summary>
    public decimal Working(int symbol) => _working[symbol];

    public void AddWorking(int symbol, decimal units) => _working[symbol] += units;

    public void Charge(in CostBreakdown costs) => Costs += costs;

    public void Earn(in CarryBreakdown carry)
    {
        Carry += carry;
        Cash += carry.Total;
    }

    /// <summary>Books a fill.</summary>
    /// <param name="units">Above zero for a purchase.</param>
    /// <param name="value">What was paid or received for them, positive.</param>
    /// <returns>The profit of the trade that it closes, if it closes one, its largest position and since when it was open.</returns>
    public (decimal Profit, decimal Largest, long Since)? Fill(int symbol, decimal units, decimal value, decimal fees, long now)
    {
        var before = _positions[symbol];
        var after = before + units;
        Cash -= (units > 0 ? value : -value) + fees;
        Traded += value;
        ref var trade = ref _open[symbol];
        (decimal, decimal, long)? closed = null;
        if (before != 0 && Math.Sign(before) != Math.Sign(units))
        {
            var part = Math.Min(1, Math.Abs(before / units)); // of the fill, that closes
            var share = Math.Min(1, Math.Abs(units / before)); // of the position, that is closed
            trade.Profit += Math.Sign(before) * (value * part - trade.Cost * share) - fees * part;
            trade.Cost -= trade.Cost * share;
            if (share == 1)
            {
                closed = (trade.Profit, trade.Largest, trade.Since);
                trade = default;
            }

            (value, fees) = (value * (1 - part), fees * (1 - part));
        }

        if (after != 0 && (before == 0 || Math.Sign(after) == Math.Sign(units)))
        {
            if (trade.Largest == 0) trade.Since = now;
            trade.Cost += value;
            trade.Profit -= fees;
            if (Math.Abs(after) > Math.Abs(trade.Largest)) trade.Largest = after;
        }

        Set(symbol, after);
        return closed;
    }

    /// <summary>A split: units change, what they cost does not.</summary>
    public void Split(int symbol, decimal ratio)
    {
        Set(symbol, _positions[symbol] * ratio);
        _working[symbol] *= ratio;
        _open[symbol].Largest *= ratio;
    }

    void Set(int symbol, decimal position)
    {
        if (_positions[symbol] == 0 && position != 0) _held.Add(symbol);
        else if (position == 0 && _positions[symbol] != 0) _held.Remove(symbol);
        _positions[symbol] = position;
    }
}

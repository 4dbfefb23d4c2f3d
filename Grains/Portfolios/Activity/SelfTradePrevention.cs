using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>The prices at which the open orders of a book may trade, to know an order that would trade with one of
/// them.</summary>
sealed class SelfTradePrevention
{
    sealed class PriceLadder
    {
        readonly SortedSet<decimal> _prices = [];
        readonly Dictionary<decimal, int> _orders = [];

        public bool IsEmpty => _prices.Count == 0;
        public decimal Lowest => _prices.Min;
        public decimal Highest => _prices.Max;

        public void Add(decimal price, int orders)
        {
            var before = _orders.GetValueOrDefault(price);
            var count = before + orders;
            if (count > 0) _orders[price] = count;
            else _orders.Remove(price);
            if (before == 0 && count > 0) _prices.Add(price);
            if (before > 0 && count <= 0) _prices.Remove(price);
        }
    }

    readonly Dictionary<(string Symbol, Side Side), PriceLadder> _ladders = [];

    public void Open(Reservation order) => Add(order, 1);

    public void Close(Reservation order) => Add(order, -1);

    /// <summary>Whether an open order of the other side may trade at the order's price.</summary>
    public bool WouldCross(Order order)
    {
        var other = order.Action == Side.Buy ? Side.Sell : Side.Buy;
        if (!_ladders.TryGetValue((order.Symbol, other), out var ladder)) return false;
        var price = Worst(order.Action, order.LimitPrice);
        return order.Action == Side.Buy ? ladder.Lowest <= price : ladder.Highest >= price;
    }

    void Add(Reservation order, int orders)
    {
        var key = (order.Symbol, order.Action);
        if (!_ladders.TryGetValue(key, out var ladder)) _ladders[key] = ladder = new PriceLadder();
        ladder.Add(Worst(order.Action, order.LimitPrice), orders);
        if (ladder.IsEmpty) _ladders.Remove(key);
    }

    /// <summary>A market order trades at any price.</summary>
    static decimal Worst(Side side, decimal? limitPrice) => limitPrice ?? (side == Side.Buy ? decimal.MaxValue : 0m);
}

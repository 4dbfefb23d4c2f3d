namespace Trading.Backtests;

/// <summary>The orders in the market, by symbol in the order in which they came.</summary>
sealed class OrderBook(int symbols)
{
    /// <summary>Of one symbol; a strategy that wants more has gone wild.</summary>
    public const int MostWorking = 10_000;

    readonly List<WorkingOrder>?[] _bySymbol = new List<WorkingOrder>?[symbols];
    readonly Stack<WorkingOrder> _spare = [];

    public int Count(int symbol) => _bySymbol[symbol]?.Count ?? 0;

    public List<WorkingOrder>? Of(int symbol) => _bySymbol[symbol];

    public WorkingOrder Rent() => _spare.TryPop(out var order) ? order : new();

    public void Add(WorkingOrder order)
    {
        var orders = _bySymbol[order.Series] ??= [];
        if (orders.Count == MostWorking)
            throw new InvalidOperationException($"More than {MostWorking} orders of one symbol are in the market.");
        orders.Add(order);
    }

    public WorkingOrder? Find(int id)
    {
        foreach (var orders in _bySymbol)
            if (orders?.Find(order => order.Id == id) is { End: OrderEnd.Working } found) return found;
        return null;
    }

    /// <summary>Takes out what has ended, in one pass.</summary>
    public void Sweep(int symbol)
    {
        var orders = _bySymbol[symbol]!;
        var kept = 0;
        for (var i = 0; i < orders.Count; i++)
        {
            if (orders[i].End == OrderEnd.Working) orders[kept++] = orders[i];
            else _spare.Push(orders[i]);
        }

        orders.RemoveRange(kept, orders.Count - kept);
    }

    public void Clear()
    {
        foreach (var orders in _bySymbol)
        {
            if (orders is null) continue;
            foreach (var order in orders) _spare.Push(order);
            orders.Clear();
        }
    }
}

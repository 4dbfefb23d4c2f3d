using System.Collections.Immutable;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>The content of an order that was approved, and when, in ticks.</summary>
public sealed record RecentOrder(string Symbol, Side Action, decimal Quantity, decimal? LimitPrice, long At);

/// <summary>The newest approved orders by their content, to know one that comes again.</summary>
sealed class RecentOrders
{
    /// <summary>Orders kept; of more than these within the memory of the book, the oldest are forgotten.</summary>
    const int Capacity = 4_096;

    readonly record struct Content(string Symbol, Side Action, decimal Quantity, decimal? LimitPrice);

    readonly Dictionary<Content, long> _newest = [];
    readonly Queue<RecentOrder> _orders = [];

    public void Add(RecentOrder order)
    {
        while (_orders.TryPeek(out var oldest)
            && (_orders.Count == Capacity || oldest.At <= order.At - Activity.Memory))
        {
            _orders.Dequeue();
            if (_newest[Of(oldest)] == oldest.At) _newest.Remove(Of(oldest));
        }

        // of those at one instant, one is to be forgotten
        if (_newest.TryGetValue(Of(order), out var at) && at == order.At) return;
        _orders.Enqueue(order);
        _newest[Of(order)] = order.At;
    }

    /// <summary>When an order of the same content was approved last, in ticks; null where none is remembered.</summary>
    public long? Find(Order order) =>
        _newest.TryGetValue(new(order.Symbol, order.Action, order.Quantity, order.LimitPrice), out var at) ? at : null;

    public void Rescale(string symbol, SplitRatio ratio)
    {
        var known = _orders.ToArray();
        _orders.Clear();
        _newest.Clear();
        foreach (var order in known)
            Add(order.Symbol != symbol ? order : order with
            {
                Quantity = ratio.Units(order.Quantity),
                LimitPrice = order.LimitPrice is { } limit ? ratio.Price(limit) : null,
            });
    }

    public ImmutableArray<RecentOrder> Save(long after) => [.. _orders.Where(order => order.At > after)];

    static Content Of(RecentOrder order) => new(order.Symbol, order.Action, order.Quantity, order.LimitPrice);
}

using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>Orders on their way to decisions, one after another, each counting the approvals before it.</summary>
sealed class OrderBatch(ImmutableArray<Order> orders)
{
    readonly BookEvent?[] _recorded = new BookEvent?[orders.Length];
    readonly ImmutableArray<SignalDecision>.Builder _decisions = ImmutableArray.CreateBuilder<SignalDecision>(orders.Length);
    readonly List<BookEvent> _changes = [];

    public int Count => orders.Length;

    public bool IsDecided => _decisions.Count == Count;

    /// <summary>One for each order, once all are decided.</summary>
    public ImmutableArray<SignalDecision> Decisions => _decisions.MoveToImmutable();

    /// <summary>What the last <see cref="Decide"/> did to the book.</summary>
    public ReadOnlySpan<BookEvent> Changes => CollectionsMarshal.AsSpan(_changes);

    public string? KeyOf(int index) => orders[index].ClientOrderId is { } id ? SignalDecided.KeyOf(id) : null;

    /// <summary>The symbols of the next orders, at most so many.</summary>
    public IEnumerable<string> Symbols(int most) => orders.Skip(_decisions.Count).Take(most).Select(order => order.Symbol);

    /// <summary>Takes what the journal has under an order's key.</summary>
    public void Recorded(int index, BookEvent? change) => _recorded[index] = change;

    /// <summary>Why the orders not yet decided cannot be: a client order id that was used for something else, in the book or among
    /// them, or more approvals than the book may hold open; null where they can.</summary>
    public Outcome<ImmutableArray<SignalDecision>>? FindConflict(Desk desk)
    {
        var named = new Dictionary<string, Order>();
        for (var i = _decisions.Count; i < Count; i++)
        {
            if (orders[i].ClientOrderId is not { } id) continue;
            var known = Known(desk.Book, i)?.Order ?? named.GetValueOrDefault(id);
            if (known is not null && Repeats.Conflict<ImmutableArray<SignalDecision>>(orders[i], known) is { } conflict) return conflict;
            named[id] = orders[i];
        }

        var most = desk.Options.MaxOpenReservations;
        return desk.Book.Reservations.Count + Count - _decisions.Count <= most ? null
            : Outcome.Conflict<ImmutableArray<SignalDecision>>("portfolio", "too_many_reservations", $"The portfolio would have more than {most} approvals that are not filled.");
    }

    /// <summary>Decides the next orders and applies the decisions to the book.</summary>
    public void Decide(Desk desk, int most, LimitsVersion limits, DateTimeOffset now)
    {
        _changes.Clear();
        for (var end = Math.Min(Count, _decisions.Count + most); _decisions.Count < end;)
        {
            var decided = Known(desk.Book, _decisions.Count);
            if (decided is null)
            {
                decided = SignalDesk.Decide(desk, orders[_decisions.Count], limits, now);
                desk.Apply(decided);
                _changes.Add(decided);
            }

            _decisions.Add(decided.Decision);
        }
    }

    SignalDecided? Known(Book book, int index) => KeyOf(index) is { } key ? (book.Recall(key) ?? _recorded[index]) as SignalDecided : null;
}

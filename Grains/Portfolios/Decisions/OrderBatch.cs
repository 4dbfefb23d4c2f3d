using System.Collections.Immutable;
using Trading.Journal;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>Orders on their way to decisions, one after another, each counting the approvals before it.</summary>
sealed class OrderBatch(ImmutableArray<Order> orders)
{
    /// <summary>Conflicts that are named; there may be more.</summary>
    const int MaxErrors = 100;

    readonly BookEvent?[] _recorded = new BookEvent?[orders.Length];
    readonly ImmutableArray<Outcome<RecordedDecision>>.Builder _outcomes =
        ImmutableArray.CreateBuilder<Outcome<RecordedDecision>>(orders.Length);
    readonly List<JournalEntry> _changes = [];

    public int Count => orders.Length;

    public bool IsDecided => _outcomes.Count == Count;

    /// <summary>One for each order, once all are decided.</summary>
    public ImmutableArray<Outcome<RecordedDecision>> Outcomes => _outcomes.ToImmutable();

    /// <summary>One for each order, once all are decided without a conflict.</summary>
    public ImmutableArray<RecordedDecision> Decisions => [.. _outcomes.Select(outcome => outcome.Value!)];

    /// <summary>What the last <see cref="Decide"/> did to the book, in the form of the journal: a batch that kept the
    /// decisions themselves until it is written would hold four times the memory.</summary>
    public ReadOnlyMemory<JournalEntry> Changes => _changes.ToArray();

    public string? KeyOf(int index) => orders[index].ClientOrderId is { } id ? SignalDecided.KeyOf(id) : null;

    /// <summary>The symbols of the next orders, at most so many.</summary>
    public IEnumerable<string> Symbols(int most) =>
        orders.Skip(_outcomes.Count).Take(most).Select(order => order.Symbol).Distinct();

    /// <summary>Takes what was recorded under an order's key.</summary>
    public void Recorded(int index, BookEvent? change) => _recorded[index] = change;

    /// <summary>Why the orders not yet decided cannot be: a client order id that was used for something else, in the
    /// book or among them, or more approvals than the book may hold open; null where they can.</summary>
    public Outcome<ImmutableArray<RecordedDecision>>? FindConflict(BookValuation valuation)
    {
        var first = new Dictionary<string, Order>();
        var errors = ImmutableArray.CreateBuilder<FieldError>();
        for (var i = _outcomes.Count; i < Count && errors.Count < MaxErrors; i++)
        {
            if (orders[i].ClientOrderId is not { } id) continue;
            var known = Known(valuation.Book, i) is { } decided
                ? Idempotency.OrderOf(decided.Decision)
                : first.GetValueOrDefault(id);
            if (known is not null && Idempotency.Conflict(i, orders[i], known) is { } error) errors.Add(error);
            first.TryAdd(id, orders[i]);
        }

        if (errors.Count > 0) return Outcome.Conflict<ImmutableArray<RecordedDecision>>(errors.DrainToImmutable());
        return valuation.TooManyOpen<ImmutableArray<RecordedDecision>>(Count - _outcomes.Count);
    }

    /// <summary>Decides the next orders and applies the decisions to the book. An order that cannot be decided is a
    /// conflict in its place; callers who want all or none ask <see cref="FindConflict"/> before.</summary>
    public void Decide(BookValuation valuation, int most, LimitsVersion limits, DateTimeOffset now)
    {
        _changes.Clear();
        for (var end = Math.Min(Count, _outcomes.Count + most); _outcomes.Count < end;)
        {
            var order = orders[_outcomes.Count];
            var decided = Known(valuation.Book, _outcomes.Count);
            var conflict = decided is null
                ? valuation.TooManyOpen<RecordedDecision>(1)
                : Idempotency.Conflict<RecordedDecision>(order, decided.Decision);
            if (decided is null && conflict is null)
            {
                foreach (var move in valuation.Book.Guards.Numbered(valuation.BreakerMonitor.Due(now)))
                    Take(valuation, move);
                decided = PreTradeCheck.Decide(valuation, order, limits, now);
                Take(valuation, decided);
                DecisionMetrics.Count(decided.Decision);
            }

            _outcomes.Add(conflict ?? Outcome.Done(decided!.Recorded));
        }
    }

    void Take(BookValuation valuation, BookEvent change)
    {
        valuation.Apply(change);
        _changes.Add(BookJson.Encode(change));
    }

    SignalDecided? Known(Book book, int index) => KeyOf(index) is { } key
        ? (book.Recall(key) ?? _recorded[index]) as SignalDecided
        : null;
}

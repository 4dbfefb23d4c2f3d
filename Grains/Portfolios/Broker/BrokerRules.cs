using System.Collections.Immutable;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>Which orders a book sends to its broker, and what it makes of the answers: pure, so that a crash between
/// the two is answered by asking again under the same id.</summary>
public static class BrokerRules
{
    /// <summary>The longest wait between two attempts at one position of a plan, in seconds; the first are 2, 4, 8
    /// …</summary>
    const double LongestWait = 300;

    /// <summary>The order for an approval that is still open.</summary>
    public static BrokerOrder OrderFor(Book book, Reservation open, string broker, Quote? quote) => new(
        $"{broker}:{open.ReservationId[(open.ReservationId.LastIndexOf(':') + 1)..]}:"
            + $"{open.Quantity - open.Remaining:0.##################}",
        book.Portfolio, open.Symbol, open.Action, open.Remaining, open.LimitPrice, quote)
    {
        ReduceOnly = open.ReduceOnly,
    };

    /// <summary>What becomes of an approval; nothing where it goes on waiting. What was executed is booked also where it
    /// was given back meanwhile.</summary>
    public static ImmutableArray<BookEvent> Take(
        Book book, string reservationId, BrokerOrder order, BrokerAnswer answer, bool failed, DateTimeOffset now,
        FillRates rates = default)
    {
        var open = book.FindReservation(reservationId);
        if (answer.Status != BrokerStatus.Filled && open is null) return [];
        if (failed) return [new BrokerFailed(order.OrderId, order.Symbol, answer.Detail!, now)];
        if (answer.Status == BrokerStatus.Working) return [];
        if (answer.Status == BrokerStatus.Rejected)
            return
            [
                new BrokerFailed(order.OrderId, order.Symbol, answer.Detail!, now),
                new Released(open!, "rejected: " + answer.Detail, now)
            ];
        return Booked(book, new Fill(
            order.OrderId, null, reservationId, order.Symbol, order.Action, answer.Quantity, answer.Price, answer.Fees,
            External: false) { FeeCurrency = order.Quote?.Currency }, order, now, rates);
    }

    /// <summary>The first position of an unfinished plan whose turn it is; null for none.</summary>
    public static FlattenStep? Due(FlattenPlan? plan, DateTimeOffset now) => plan is not { FinishedAt: null } ? null
        : plan.Steps.FirstOrDefault(step => step.State != FlattenState.Flat
            && (step.TriedAt is not { } tried
                || (now - tried).TotalSeconds >= Math.Min(LongestWait, Math.Pow(2, step.Attempts))));

    /// <summary>What must happen before a position is sold or covered: approved orders of its symbol are given back,
    /// since they could turn it around. A position that is flat by then is done.</summary>
    public static ImmutableArray<BookEvent> Prepare(Book book, FlattenPlan plan, FlattenStep step, DateTimeOffset now)
    {
        ImmutableArray<string> open = [.. book.Reservations.Where(reservation => reservation.Symbol == step.Symbol)
            .Select(reservation => reservation.ReservationId).Order(StringComparer.Ordinal)];
        ImmutableArray<BookEvent> released = open.IsEmpty
            ? []
            : [new ReleasedTogether(open, "flatten: " + plan.PlanId, now)];
        return book.HoldingOf(step.Symbol).Quantity == 0
            ? released.Add(new FlattenStepped(plan.PlanId, step.Symbol, FlattenState.Flat, null, now))
            : released;
    }

    /// <summary>The order that closes a position of a plan. Its id changes only with a recorded attempt.</summary>
    public static BrokerOrder? OrderFor(Book book, FlattenPlan plan, FlattenStep step, Quote? quote) =>
        book.HoldingOf(step.Symbol).Quantity switch
    {
        0 => null,
        var held => new(
            $"{plan.PlanId}:{step.Symbol}:{step.Attempts}", book.Portfolio, step.Symbol,
            held > 0 ? Side.Sell : Side.Buy, Math.Abs(held), null, quote)
        {
            ReduceOnly = true,
        },
    };

    /// <summary>What the answer does to the book and the plan. An execution is booked also where the plan was given up
    /// meanwhile.</summary>
    public static ImmutableArray<BookEvent> Take(
        Book book, FlattenPlan plan, BrokerOrder order, BrokerAnswer answer, bool failed, DateTimeOffset now,
        FillRates rates = default)
    {
        if (answer.Status == BrokerStatus.Working && !failed) return [Stepped(FlattenState.Failed, answer.Detail)];
        if (answer.Status != BrokerStatus.Filled)
            return
            [
                new BrokerFailed(order.OrderId, order.Symbol, answer.Detail!, now),
                Stepped(FlattenState.Failed, answer.Detail)
            ];
        var booked = Booked(book, new Fill(
            order.OrderId, null, null, order.Symbol, order.Action, answer.Quantity, answer.Price, answer.Fees,
            External: true) { FeeCurrency = order.Quote?.Currency }, order, now, rates);
        return booked[0] is Filled { Receipt.PositionQuantity: var left }
            ? booked.Add(Stepped(left == 0 ? FlattenState.Flat : FlattenState.Pending, null))
            : booked.Add(Stepped(FlattenState.Failed, ((BrokerFailed)booked[0]).Detail));

        FlattenStepped Stepped(FlattenState state, string? detail) =>
            new(plan.PlanId, order.Symbol, state, detail, now);
    }

    /// <summary>The execution in the book; one that is not well formed is a failure of the broker.</summary>
    static ImmutableArray<BookEvent> Booked(
        Book book, Fill fill, BrokerOrder order, DateTimeOffset now, FillRates rates)
    {
        var errors = BookValidator.Check(fill);
        if (errors.IsEmpty) errors = rates.Check(book, fill);
        if (errors is [var malformed, ..])
            return [new BrokerFailed(
                order.OrderId, order.Symbol, "The execution cannot be booked: " + malformed.Message, now)];
        var changes = FillRules.Take(
            book, fill, now, new KnownOrder(order.Symbol, order.Action, null, order.ReduceOnly), rates);
        return changes.SetItem(0, (Filled)changes[0] with { ByBroker = true });
    }
}

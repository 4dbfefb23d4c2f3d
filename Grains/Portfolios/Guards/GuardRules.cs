using System.Collections.Immutable;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>What persons may do to the guards of a book: each rule turns a command into the events to record, or says
/// why not.</summary>
public static class GuardRules
{
    /// <summary>What an unfinished plan says of a position while there is nobody to send orders to.</summary>
    public const string NoBroker = "No broker is connected.";

    /// <summary>What the guards allow; null where they allow everything.</summary>
    public static Guard? Judge(GuardState state, TradingMode mode)
    {
        var holding = state.Breakers.Where(breaker => breaker.State is BreakerState.Tripped or BreakerState.Cooling)
            .ToList();
        var halfOpen = holding.Count > 0
            ? []
            : state.Breakers.Where(breaker => breaker.State == BreakerState.HalfOpen).ToList();
        if (mode == TradingMode.Active && holding.Count + halfOpen.Count == 0) return null;
        var names = holding.Concat(halfOpen).Select(breaker => BreakerRules.CodeOf(breaker.Name)).ToList();
        var first = holding.FirstOrDefault();
        return new(mode, names.Count == 0 ? null : string.Join(", ", names), first?.Observed, first?.Level,
            halfOpen.Count > 0, halfOpen.Count > 0 ? halfOpen.Min(breaker => CapOf(breaker, state.Settings)) : null);
    }

    public static Outcome<ImmutableArray<BookEvent>> SetMode(Book book, ModeChange change, DateTimeOffset now)
    {
        if (GuardValidator.Check(change) is { IsEmpty: false } errors)
            return Outcome.Invalid<ImmutableArray<BookEvent>>(errors);
        if (!book.Guards.Stops.IsEmpty)
            return Outcome.Conflict<ImmutableArray<BookEvent>>(
                "mode", "stopped", "The book is stopped: it is halted until it is resumed.");
        return Done(
            book.Guards.ModeSet == change.Mode ? [] : [new ModeChanged(change.Mode, change.By, change.Reason, now)]);
    }

    /// <summary>A person lets a tripped breaker cool.</summary>
    internal static Outcome<ImmutableArray<BookEvent>> Reset(
        BookValuation valuation, BreakerName name, Sanction sanction, DateTimeOffset now)
    {
        var (breaker, inForce) = (valuation.Book.Guards.Of(name), valuation.Book.Guards.Settings?.Breakers.Of(name));
        var measure = (inForce ?? breaker.TrippedUnder) is { } settings
            ? valuation.BreakerMonitor.Measure(name, settings, now)
            : double.NaN;
        return BreakerRules.Reset(breaker, inForce, measure, valuation.Equity, sanction, now)
            .As<BreakerMoved, ImmutableArray<BookEvent>>(moved => [moved]);
    }

    /// <summary>A stop of the book alone. Never a conflict: stopping what is stopped changes nothing but may add a plan
    /// to flatten.</summary>
    public static Outcome<ImmutableArray<BookEvent>> StopBook(
        Book book, StopCommand command, bool hasBroker, DateTimeOffset now) =>
        GuardValidator.Check(command) is { IsEmpty: false } errors
            ? Outcome.Invalid<ImmutableArray<BookEvent>>(errors)
            : Done(Stopping(
                book, new(StopScope.Portfolio, command.By, command.Reason, now), null,
                command.Flatten, hasBroker));

    /// <summary>Ends the book's own stop; that of the firm goes on.</summary>
    public static Outcome<ImmutableArray<BookEvent>> ResumeBook(
        Book book, Sanction sanction, bool takesTwo, DateTimeOffset now)
    {
        if (GuardValidator.Check(sanction, takesTwo) is { IsEmpty: false } errors)
            return Outcome.Invalid<ImmutableArray<BookEvent>>(errors);
        if (book.Guards.StopOf(StopScope.Portfolio) is null)
            return Outcome.Conflict<ImmutableArray<BookEvent>>("portfolio", "not_stopped", book.Guards.Stops.IsEmpty
                ? "The book is not stopped."
                : "The book is stopped with the firm: only the firm's resumption ends that.");
        return Done([new Resumed(StopScope.Portfolio, null, sanction.By, sanction.SecondPerson, sanction.Reason, now)]);
    }

    /// <summary>Follows the newest order of the firm; an older one came late and changes nothing.</summary>
    public static ImmutableArray<BookEvent> Follow(Book book, FirmOrder order, bool hasBroker, DateTimeOffset now)
    {
        if (order.Version <= book.Guards.FirmVersion) return [];
        return order.Stopped
            ? Stopping(book, new(StopScope.Firm, order.By, order.Reason, now), order.Version, order.Flatten, hasBroker)
            : [new Resumed(StopScope.Firm, order.Version, order.By, order.SecondPerson, order.Reason, now)];
    }

    static ImmutableArray<BookEvent> Stopping(Book book, Stop stop, long? firmVersion, bool flatten, bool hasBroker)
    {
        var changes = ImmutableArray.CreateBuilder<BookEvent>();
        if (book.Guards.StopOf(stop.Scope) is null || firmVersion is not null)
            changes.Add(new Stopped(stop, firmVersion));
        ImmutableArray<string> open =
            [.. book.Reservations.Select(reservation => reservation.ReservationId).Order(StringComparer.Ordinal)];
        if (!open.IsEmpty) changes.Add(new ReleasedTogether(open, "emergency stop: " + stop.Reason, stop.At));
        if (flatten && book.Guards.Plan is not { FinishedAt: null })
            changes.Add(new FlattenPlanned(
                $"flatten-{book.Sequence + changes.Count + 1}",
                [.. Positions(book, hasBroker)], stop.At));
        return changes.ToImmutable();
    }

    static IEnumerable<FlattenStep> Positions(Book book, bool hasBroker) => book.Holdings
        .Where(holding => holding.Quantity != 0)
        .Select(holding => new FlattenStep(holding.Symbol, Detail: hasBroker ? null : NoBroker));

    static decimal? CapOf(Breaker breaker, GuardSettings? settings) =>
        settings?.MaxOrderNotional
            * (decimal)((settings?.Breakers.Of(breaker.Name) ?? breaker.TrippedUnder)?.HalfOpenCap ?? 0);

    static Outcome<ImmutableArray<BookEvent>> Done(ImmutableArray<BookEvent> changes) => Outcome.Done(changes);
}

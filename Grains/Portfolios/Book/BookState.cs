using System.Collections.Immutable;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>A book as of an event, in the form of a snapshot.</summary>
/// <param name="KeyCount">Idempotency keys seen; <paramref name="Keys"/> is their filter.</param>
/// <param name="Limits">Under which the last decision was made; null before the first.</param>
public sealed record BookState(
    long Sequence,
    PortfolioTerms Terms,
    decimal Cash,
    decimal Deposits,
    decimal Fees,
    decimal HighWaterMark,
    ImmutableArray<Holding> Holdings,
    ImmutableArray<Reservation> Reservations,
    long KeyCount,
    byte[] Keys,
    LimitsVersion? Limits,
    ForecastsState? Forecasts = null,
    ActivityState? Activity = null,
    GuardState? Guards = null,
    BudgetGrant? Budget = null,
    CorrectionsState? Corrections = null,
    ImmutableArray<DoubtfulFill>? DoubtfulFills = null,
    ImmutableArray<HoldingHistoryState>? Histories = null)
{
    /// <summary>Of symbols whose prices are in another currency than the book's; null for none.</summary>
    public ImmutableSortedDictionary<string, string>? Currencies { get; init; }

    /// <summary>Fees that wait for a rate, by currency; null for none.</summary>
    public ImmutableSortedDictionary<string, decimal>? AwaitingFees { get; init; }

    /// <summary>With the open orders by their ids: the same book gives the same bytes.</summary>
    internal BookState InOrder() => this with
    {
        Reservations = Reservations.Sort((one, other) => string.CompareOrdinal(one.ReservationId, other.ReservationId)),
    };
}

/// <summary>To and from a snapshot.</summary>
public sealed partial class Book
{
    /// <summary>The book as of now; the same events give the same bytes.</summary>
    public BookState Save() => Capture().InOrder();

    /// <summary>The same as quickly as can be: its open orders in no order.</summary>
    internal BookState Capture() => Save(_keys.Count, _keys.Save());

    /// <summary>The same for replays, which ask for no key: without the keys, which would make it large.</summary>
    internal BookState CaptureForReplay() => Save(0, []);

    BookState Save(long keyCount, byte[] keys) => new(
        Sequence,
        Terms ?? throw new InvalidOperationException("A book that was not opened has no state."),
        Cash, Deposits, Fees, HighWaterMark,
        [.. _holdings.Values],
        [.. _reservations.Values],
        keyCount,
        keys,
        Limits,
        Forecasts.Save(),
        Activity.Save(),
        Guards.Save(),
        Budget,
        Corrections.Save(),
        DoubtfulFills.Save(),
        [.. _histories.Values.Select(history => history.Save())])
    {
        Currencies = SaveCurrencies(),
        AwaitingFees = SaveFees(),
    };

    public static Book Restore(string portfolio, BookState state, int recentKeys)
    {
        var book = new Book(portfolio, recentKeys)
        {
            Terms = state.Terms,
            Sequence = state.Sequence,
            Cash = state.Cash,
            Deposits = state.Deposits,
            Fees = state.Fees,
            HighWaterMark = state.HighWaterMark,
            Limits = state.Limits,
            Budget = state.Budget,
        };
        foreach (var holding in state.Holdings)
        {
            book.Hold(holding);
            book.Expose(holding.Symbol, new Exposure(holding.Quantity, 0, 0));
        }

        book.RestoreCurrencies(state);
        foreach (var reservation in ByAge(state.Reservations))
            book.Open(reservation);
        if (state.Activity is { } activity) book.Activity.Restore(activity, state.Terms);
        book._keys.Restore(state.KeyCount, state.Keys);
        book.Forecasts.Restore(state.Forecasts);
        book.Guards.Restore(state.Guards);
        book.Corrections.Restore(state.Corrections, state.Sequence);
        book.DoubtfulFills.Restore(state.DoubtfulFills);
        book.RestoreHistories(state);
        return book;
    }
}

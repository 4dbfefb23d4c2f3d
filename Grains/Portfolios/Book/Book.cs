using System.Collections.Immutable;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>The state of one book. <see cref="Apply"/> is the only thing that changes it; what may happen is decided by
/// <see cref="BookRules"/>.</summary>
public sealed partial class Book
{
    /// <summary>What an event may add to the journal for the sake of the key filter in snapshots.</summary>
    const int KeyBytesPerEvent = 100;

    readonly SortedDictionary<string, Holding> _holdings = new(StringComparer.Ordinal);
    readonly Dictionary<string, Exposure> _exposures = [];
    readonly Dictionary<string, Reservation> _reservations = [];
    readonly Dictionary<string, string> _byOrder = [];
    readonly Expiries _expiries = new();
    readonly IdempotencyKeys _keys;

    /// <param name="recentKeys">How many of the newest keyed events are kept in memory.</param>
    public Book(string portfolio, int recentKeys)
    {
        Portfolio = portfolio;
        _keys = new IdempotencyKeys(recentKeys);
    }

    public string Portfolio { get; }

    /// <summary>Null until the book is opened.</summary>
    public PortfolioTerms? Terms { get; private set; }

    /// <summary>Of the last event applied, which is its sequence number in the journal.</summary>
    public long Sequence { get; private set; }

    public decimal Cash { get; private set; }

    /// <summary>Paid in less paid out.</summary>
    public decimal Deposits { get; private set; }

    public decimal Fees { get; private set; }

    /// <summary>The highest equity so far, moved by payments as equity is.</summary>
    public decimal HighWaterMark { get; private set; }

    /// <summary>Under which the last decision was made; null before the first.</summary>
    public LimitsVersion? Limits { get; private set; }

    /// <summary>What the book may use of the firm's budget; null where it has no place in the hierarchy.</summary>
    public BudgetGrant? Budget { get; private set; }

    /// <summary>What the open purchases cost if they are filled at the price at which they were approved.</summary>
    public decimal ReservedCash { get; private set; }

    /// <summary>What happened lately.</summary>
    public Activity Activity { get; } = new();

    /// <summary>Every symbol ever traded, in ordinal order; flat ones keep their realised profit.</summary>
    public IReadOnlyCollection<Holding> Holdings => _holdings.Values;

    public IReadOnlyCollection<Reservation> Reservations => _reservations.Values;

    /// <summary>In the order of their approval, whatever the book was loaded from.</summary>
    public IEnumerable<Reservation> ReservationsByAge => ByAge(_reservations.Values);

    /// <summary>Those of a symbol, in the order of their approval.</summary>
    public IEnumerable<Reservation> ReservationsOf(string symbol) =>
        ByAge(_reservations.Values.Where(reservation => reservation.Symbol == symbol));

    /// <summary>Symbols with a position or an open order.</summary>
    public IReadOnlyDictionary<string, Exposure> Exposures => _exposures;

    /// <summary>Fills that broke a rule and were booked.</summary>
    public DoubtfulFills DoubtfulFills { get; } = new();

    public Forecasts Forecasts { get; } = new();

    /// <summary>Prices that were put right after the book had them.</summary>
    public Corrections Corrections { get; } = new();

    /// <summary>Trading mode, stops and circuit breakers.</summary>
    public Guards Guards { get; } = new();

    public decimal Realised => _holdings.Values.Sum(holding => holding.Realised);

    public Exposure ExposureOf(string symbol) => _exposures.GetValueOrDefault(symbol);

    public Holding HoldingOf(string symbol) => _holdings.GetValueOrDefault(symbol) ?? new Holding(symbol, 0, 0, 0);

    public Reservation? FindReservation(string reservationId) => _reservations.GetValueOrDefault(reservationId);

    public Reservation? FindReservationOf(string clientOrderId) =>
        _byOrder.TryGetValue(clientOrderId, out var id) ? FindReservation(id) : null;

    /// <summary>How many events make up for the writing of a snapshot: it grows with the open reservations and the keys
    /// seen.</summary>
    public int SnapshotWeight =>
        Math.Max((2 * _reservations.Count) + Forecasts.Count, _keys.FilterBytes / KeyBytesPerEvent);

    /// <summary>The event recorded under an idempotency key, where it is one of the newest.</summary>
    public BookEvent? Recall(string key) => _keys.TryRecall(key, out var change) ? change : null;

    /// <summary>False where no event can have this key; true where the journal must be asked.</summary>
    public bool MayHaveSeen(string key) => _keys.MayHaveSeen(key);

    /// <summary>What was decided last, as far as this activation knows.</summary>
    public RecentDecisions Recent { get; } = new();

    /// <summary>Told of every change of an exposure: the symbol, and the exposure before it.</summary>
    public Action<string, Exposure>? ExposureChanged { get; set; }

    /// <summary>Takes the open reservations whose time is over off the schedule; the caller makes an
    /// <see cref="Expired"/> of them.</summary>
    public ImmutableArray<string> TakeExpired(DateTimeOffset now) => _expiries.Take(now, _reservations.ContainsKey);

    /// <summary>Makes an event part of the book. Events come in the order of their sequence numbers, without
    /// gaps.</summary>
    public void Apply(BookEvent change)
    {
        Sequence++; // first: a book that a failure left half changed is then ahead of its journal, which ends it
        Activity.Apply(change);
        Guards.Apply(change, HighWaterMark);
        Corrections.Apply(change, Sequence);
        switch (change)
        {
            case Opened opened:
                Terms = opened.Terms;
                Cash = Deposits = HighWaterMark = opened.Terms.Cash;
                break;
            case CashTransferred transferred:
                var amount = Money.Fit(transferred.Transfer.Amount, Size);
                Cash += amount;
                Deposits += amount;
                HighWaterMark = transferred.HighWaterMark;
                break;
            case SignalDecided decided:
                Recent.Note(Sequence, decided);
                if (decided.Reservation is { } reservation) Open(reservation);
                break;
            case Filled filled:
                Post(filled);
                break;
            case ReservationsCut cut:
                foreach (var part in cut.Cuts) Cut(part);
                break;
            case CorporateActionTaken taken:
                Take(taken);
                break;
            case SymbolChanged changed:
                Take(changed);
                break;
            case Released released:
                Reduce(released.Reservation, released.Reservation.Remaining);
                break;
            case Expired expired:
                GiveBack(expired.Reservations);
                break;
            case SessionLost lost:
                GiveBack(lost.Reservations);
                break;
            case ReleasedTogether released:
                GiveBack(released.Reservations);
                break;
            case HighWaterMarkRaised raised:
                HighWaterMark = raised.Equity;
                break;
            case LimitsAdopted adopted:
                Limits = adopted.Limits;
                break;
            case ForecastMade made:
                Forecasts.Apply(made);
                break;
            case Priced priced:
                Learn(priced);
                break;
            case Converted converted:
                Convert(converted);
                break;
            case BudgetGranted granted:
                Budget = granted.Grant;
                break;
        }

        _keys.Remember(change);
    }

    void Post(Filled filled)
    {
        var receipt = filled.Receipt;
        DoubtfulFills.Apply(filled);
        var open = receipt.ReservationId is { } id ? _reservations[id] : null;
        Activity.Post(open is null ? filled.Strategy : open.Strategy, receipt);
        if (open is not null) Reduce(open, Math.Min(receipt.Quantity, open.Remaining));
        var holding = Trade(receipt, out var paid);
        Note(filled);
        PostFees(receipt);
        Cash -= paid;
        Hold(holding);
        Expose(receipt.Symbol, ExposureOf(receipt.Symbol) with { Quantity = holding.Quantity });
    }

    void Expose(string symbol, Exposure exposure)
    {
        var before = ExposureOf(symbol);
        if (exposure.IsFlat) _exposures.Remove(symbol);
        else _exposures[symbol] = exposure;
        ExposureChanged?.Invoke(symbol, before);
    }
}

using System.Collections.Immutable;
using Trading.Journal;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>A book with its journal and its clock: every change is applied and queued in one go, and answers wait until
/// it is durable.</summary>
sealed class BookWriter
{
    readonly BookEventStore _events;
    readonly TimeProvider _clock;
    bool _resumed, _settled;

    BookWriter(BookEventStore stream, Book book, PortfolioOptions options, TimeProvider clock) =>
        (_events, Valuation, _clock, HeardAt) = (stream, new BookValuation(book, options), clock, clock.GetUtcNow());

    public BookValuation Valuation { get; }

    public Book Book => Valuation.Book;

    public bool IsOpen => Book.Terms is not null;

    public DateTimeOffset Now => _clock.GetUtcNow();

    /// <summary>Completes when everything committed so far is durable.</summary>
    public Task Durable => _events.Durable;

    /// <param name="failed">Called once, when an event could not be recorded.</param>
    public static async Task<BookWriter> LoadAsync(
        IJournal journal, string portfolio, PortfolioOptions options, TimeProvider clock, Action failed,
        CancellationToken cancellation)
    {
        var stream = new BookEventStore(journal, portfolio, options, failed);
        return new BookWriter(stream, await stream.LoadAsync(cancellation), options, clock);
    }

    public Task CloseAsync() => _events.CloseAsync(Book);

    /// <summary>When the book's session was last heard of by this activation, which counts from its start.</summary>
    public DateTimeOffset HeardAt { get; private set; }

    /// <summary>From here to the next await nobody else touches the book. Gives back what has expired, and notes what
    /// time alone brings.</summary>
    public void BeginTurn()
    {
        _events.RequireSound(Book);
        var now = Now;
        if (Book.TakeExpired(now) is { IsEmpty: false } expired) Commit(new Expired(expired, now));
        if (!IsOpen) return;
        if (BookRules.StartDay(Book, Valuation.Equity, now) is { } day) Commit(day);
        if (BookRules.Silence(Book, HeardAt, now) is { } lost) Commit(lost);
    }

    /// <summary>Takes a sign of life of the session that trades the book.</summary>
    public void Hear(double? timeoutSeconds)
    {
        HeardAt = Now;
        if (BookRules.Hear(Book, timeoutSeconds, HeardAt) is { } connected) Commit(connected);
    }

    /// <summary>Applies events and queues them as one unit.</summary>
    public void Commit(params ReadOnlySpan<BookEvent> changes)
    {
        if (changes.IsEmpty) return;
        _events.RequireSound(Book);
        Resume();
        var entries = new JournalEntry[changes.Length];
        for (var i = 0; i < entries.Length; i++)
        {
            var change = changes[i] is Filled { Session: null } filled
                ? filled with { Session = Valuation.Prices.Quoted(filled.Receipt.Symbol)?.LastSession }
                : changes[i];
            Valuation.Apply(change);
            entries[i] = BookJson.Encode(change);
        }

        _events.Append(Book, entries);
        _settled = false;
        KeepCheckpoint();
    }

    /// <summary>Now and then leaves behind what replays start from. What the book is measured by is then made from its
    /// positions and prices alone, which the event says: so it is the same whether the events before are read or
    /// not.</summary>
    void KeepCheckpoint()
    {
        if (!_events.TryBeginCheckpoint(Book)) return;
        Commit(new Recalculated(Now));
        _settled = true;
        _events.SaveCheckpoint(Valuation.Capture());
    }

    /// <summary>Stores a checkpoint that a replay made of events from before there were any.</summary>
    public Task SaveCheckpointAsync(BookCheckpoint checkpoint) => _events.SaveCheckpointAsync(checkpoint);

    /// <summary>Calculates the risk from the positions and prices alone, where anything changed since that was done
    /// last.</summary>
    public void Recalculate()
    {
        if (!_settled) Commit(new Recalculated(Now));
        _settled = true;
    }

    public void RaiseHighWaterMark()
    {
        if (Valuation.Equity > Book.HighWaterMark) Commit(new HighWaterMarkRaised(Valuation.Equity.Value, Now));
    }

    /// <summary>The event recorded under a key so far; one that comes while its caller waits is the book's to recall.</summary>
    public ValueTask<BookEvent?> FindAsync(string? key) => _events.FindAsync(Book, key);

    /// <summary>What is known of the order of a fill, open or not; null for nothing.</summary>
    public async ValueTask<KnownOrder?> FindOrderAsync(Fill fill)
    {
        if (FillRules.FindReservation(Book, fill) is { } open) return KnownOrder.Of(open);
        var decided = fill.ReservationId is { } id ? await _events.FindDecisionAsync(id)
            : fill.ClientOrderId is { } order && SignalDecided.KeyOf(order) is var key
                ? Book.Recall(key) ?? await FindAsync(key)
                : null;
        return decided is SignalDecided { Decision: { Approved: true } decision }
            ? KnownOrder.Of(decision) with { Elsewhere = fill.External }
            : null;
    }

    /// <summary>An answer tells of nothing that may be lost. One that says no without a record of it is the only one
    /// that an activation which was overtaken could give, so that it is given only where nobody else wrote.</summary>
    public async Task<Outcome<T>> AnswerAsync<T>(Outcome<T> answer)
    {
        await _events.Durable;
        if (!answer.IsDone) await _events.RequireNewestAsync(CancellationToken.None);
        return answer;
    }

    /// <summary>The answers to callers who came together, under the same rule.</summary>
    public async Task<ImmutableArray<Outcome<T>>> AnswerAsync<T>(ImmutableArray<Outcome<T>> answers)
    {
        await _events.Durable;
        if (answers.Any(answer => !answer.IsDone)) await _events.RequireNewestAsync(CancellationToken.None);
        return answers;
    }

    /// <summary>Decides an order that was not decided before, and makes the decision part of the book.</summary>
    public SignalDecided Decide(Order order, LimitsVersion limits)
    {
        Resume();
        Adopt(limits);
        var decided = PreTradeCheck.Decide(Valuation, order, limits, Now);
        Commit(decided);
        DecisionMetrics.Count(decided.Decision);
        return decided;
    }

    /// <summary>Decides the next orders of a batch, and makes the decisions part of the book as one unit.</summary>
    public void Decide(OrderBatch batch, int most, LimitsVersion limits)
    {
        Resume();
        Adopt(limits);
        batch.Decide(Valuation, most, limits, Now);
        _events.Append(Book, batch.Changes);
        _settled = false;
        KeepCheckpoint();
    }

    void Adopt(LimitsVersion limits)
    {
        if (ReferenceEquals(limits, Book.Limits) || limits == Book.Limits) return;
        if (Book.Limits is { } known && BookJson.AreSame(limits, known)) return; // another copy, from another silo
        Commit(new LimitsAdopted(limits));
    }

    /// <summary>The first event of an activation says so: from there on a replay knows the prices that this activation
    /// is told. Comes before an event that names its own place in the journal is made.</summary>
    public void Resume()
    {
        if (_resumed || !IsOpen) return;
        _resumed = true;
        Commit(new TakenUp(Valuation.Options.VarLookbackDays, Valuation.Options.VarMinSessions, Now)
        {
            AmountDecimals = Valuation.Options.AmountDecimals,
            Pegs = Valuation.Options.PegsInForce() is { IsEmpty: false } pegs ? pegs : null,
            PegPairs = Valuation.Options.PegPairs,
        });
    }
}

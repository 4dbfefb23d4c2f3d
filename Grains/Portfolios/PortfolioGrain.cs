using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Trading.Journal;
using Trading.MarketData;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>One book and its only writer.</summary>
/// <remarks>
/// Reentrant, because a commit of the journal takes a thousand times as long as a decision: while one waits for its commit others
/// decide, and share the next one. It is safe because no await stands between reading the book and changing it: what must be fetched
/// (prices, older events) is fetched before, the event is applied and queued in one go, and every answer leaves only when all that was
/// queued before it is durable. An event that cannot be recorded ends the activation: all who wait get the exception, and the next
/// activation loads what the journal has. Callers ask again under the same idempotency key.
/// </remarks>
[Reentrant]
public sealed class PortfolioGrain(IJournal journal, IOptions<PortfolioOptions> options, TimeProvider clock, ILogger<PortfolioGrain> log) : Grain, IPortfolioGrain
{
    /// <summary>Orders decided in one turn; between turns others get theirs.</summary>
    const int ChunkSize = 1_000;

    BookStream _stream = null!;
    Desk _desk = null!;
    PriceFeed _feed = null!;
    DateTimeOffset _calculatedAt;
    bool _timersRun;

    Book Book => _desk.Book;
    bool IsOpen => Book.Terms is not null;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _stream = new BookStream(journal, this.GetPrimaryKeyString(), options.Value, DeactivateOnIdle);
        _desk = new Desk(await _stream.LoadAsync(cancellationToken), options.Value);
        _feed = new PriceFeed(_desk, symbol => GrainFactory.GetGrain<ISymbolDataGrain>(symbol), clock, log);
        if (!IsOpen) return;
        await _feed.RefreshAsync();
        StartTimers();
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) =>
        _desk is null ? Task.CompletedTask : _stream.CloseAsync(Book); // null where the activation failed

    public async Task<Outcome<PortfolioSnapshot>> CreateAsync(PortfolioTerms terms)
    {
        if (BookForm.Check(terms) is { IsEmpty: false } errors) return Outcome.Invalid<PortfolioSnapshot>(errors);
        _stream.RequireSound(Book);
        if (Book.Terms is { } known && Repeats.Conflict(terms, known) is { } conflict) return conflict;
        if (!IsOpen) Commit(new Opened(terms, clock.GetUtcNow()));
        StartTimers();
        return await AnswerAsync(Outcome.Done(RiskReporting.Snapshot(_desk)));
    }

    public async Task<Outcome<PortfolioSnapshot>> GetSnapshotAsync() =>
        IsOpen ? await AnswerAsync(Outcome.Done(RiskReporting.Snapshot(_desk))) : Missing<PortfolioSnapshot>();

    public async Task<Outcome<RiskReport>> GetRiskReportAsync(RiskLimits limits) =>
        IsOpen ? await AnswerAsync(Outcome.Done(RiskReporting.Report(_desk, limits, _calculatedAt, clock.GetUtcNow()))) : Missing<RiskReport>();

    public async Task<Outcome<RecordedDecision>> ReserveAsync(Order order, LimitsVersion limits)
    {
        if (!IsOpen) return Missing<RecordedDecision>();
        var key = order.ClientOrderId is { } id ? SignalDecided.KeyOf(id) : null;
        var older = await _stream.FindAsync(Book, key);
        await _feed.EnsureAsync(order.Symbol);
        BeginTurn();
        var decided = (key is null ? null : Book.Recall(key) ?? older) as SignalDecided;
        if (decided is not null && Repeats.Conflict<RecordedDecision>(order, decided.Decision) is { } conflict) return await AnswerAsync(conflict);
        if (decided is null)
        {
            if (_desk.TooManyOpen<RecordedDecision>(1) is { } full) return await AnswerAsync(full);
            decided = SignalDesk.Decide(_desk, order, limits, clock.GetUtcNow());
            Commit(decided);
        }

        await _stream.Durable;
        return Outcome.Done(decided.Recorded);
    }

    public async Task<Outcome<ImmutableArray<RecordedDecision>>> ReserveManyAsync(ImmutableArray<Order> orders, LimitsVersion limits)
    {
        if (!IsOpen) return Missing<ImmutableArray<RecordedDecision>>();
        var batch = new OrderBatch(orders);
        for (var i = 0; i < batch.Count; i++)
            batch.Recorded(i, await _stream.FindAsync(Book, batch.KeyOf(i)));
        while (!batch.IsDecided)
        {
            await _feed.EnsureAsync(batch.Symbols(ChunkSize));
            BeginTurn();
            if (batch.FindConflict(_desk) is { } conflict) return await AnswerAsync(conflict);
            batch.Decide(_desk, ChunkSize, limits, clock.GetUtcNow());
            _stream.Append(Book, batch.Changes);
            await _stream.Durable;
        }

        return Outcome.Done(batch.Decisions);
    }

    public async Task<Outcome<FillReceipt>> FillAsync(Fill fill)
    {
        if (!IsOpen) return Missing<FillReceipt>();
        if (BookForm.Check(fill) is { IsEmpty: false } errors) return Outcome.Invalid<FillReceipt>(errors);
        var executed = fill with { Symbol = GrainKeys.Symbol(fill.Symbol) };
        var older = await _stream.FindAsync(Book, Filled.KeyOf(fill.FillId));
        await _feed.EnsureAsync([executed.Symbol]);
        BeginTurn();
        if ((Book.Recall(Filled.KeyOf(fill.FillId)) ?? older) is { } earlier) return await AnswerAsync(Repeats.Of(executed, earlier));
        var filled = BookRules.Fill(Book, executed, clock.GetUtcNow());
        if (filled.IsDone) Commit(filled.Value!);
        return await AnswerAsync(filled.As(change => change.Receipt));
    }

    public async Task<Outcome<Reservation>> ReleaseAsync(string reservationId, string reason)
    {
        if (!IsOpen) return Missing<Reservation>();
        if (BookForm.CheckReason(reason) is { IsEmpty: false } errors) return Outcome.Invalid<Reservation>(errors);
        var older = await _stream.FindAsync(Book, Released.KeyOf(reservationId));
        BeginTurn();
        if ((Book.Recall(Released.KeyOf(reservationId)) ?? older) is { } earlier) return await AnswerAsync(Outcome.Done(Repeats.OfRelease(earlier)));
        var released = BookRules.Release(Book, reservationId, reason, clock.GetUtcNow());
        if (released.IsDone) Commit(released.Value!);
        return await AnswerAsync(released.As(Repeats.OfRelease));
    }

    public async Task<Outcome<PortfolioSnapshot>> TransferAsync(CashTransfer transfer)
    {
        if (!IsOpen) return Missing<PortfolioSnapshot>();
        if (BookForm.Check(transfer) is { IsEmpty: false } errors) return Outcome.Invalid<PortfolioSnapshot>(errors);
        var older = await _stream.FindAsync(Book, CashTransferred.KeyOf(transfer.TransferId));
        BeginTurn();
        if ((Book.Recall(CashTransferred.KeyOf(transfer.TransferId)) ?? older) is { } earlier)
            return await AnswerAsync(Repeats.Conflict(transfer, earlier) ?? Outcome.Done(RiskReporting.Snapshot(_desk)));
        var transferred = BookRules.Transfer(Book, transfer, _desk.Equity, clock.GetUtcNow());
        if (transferred.IsDone) Commit(transferred.Value!);
        return await AnswerAsync(transferred.As(_ => RiskReporting.Snapshot(_desk)));
    }

    void StartTimers()
    {
        if (!IsOpen || _timersRun) return;
        _timersRun = true;
        _calculatedAt = clock.GetUtcNow();
        Every(options.Value.PriceRefresh, RefreshPricesAsync);
        Every(options.Value.CalculationFrequency, RecalculateAsync);

        void Every(double seconds, Func<CancellationToken, Task> callback) => this.RegisterGrainTimer(
            callback, new() { DueTime = TimeSpan.FromSeconds(seconds), Period = TimeSpan.FromSeconds(seconds), Interleave = true });
    }

    async Task RefreshPricesAsync(CancellationToken cancellation)
    {
        BeginTurn();
        if (await _feed.RefreshAsync()) await NoteCalculationAsync();
    }

    async Task RecalculateAsync(CancellationToken cancellation)
    {
        BeginTurn();
        _desk.Recalculate();
        await NoteCalculationAsync();
    }

    async Task NoteCalculationAsync()
    {
        _stream.RequireSound(Book);
        _calculatedAt = clock.GetUtcNow();
        if (_desk.Equity > Book.HighWaterMark) Commit(new HighWaterMarkRaised(_desk.Equity.Value, _calculatedAt));
        await _stream.Durable;
    }

    /// <summary>From here to the next await nobody else touches the book. Gives back what has expired.</summary>
    void BeginTurn()
    {
        _stream.RequireSound(Book);
        var now = clock.GetUtcNow();
        if (Book.TakeExpired(now) is { IsEmpty: false } expired) Commit(new Expired(expired, now));
    }

    void Commit(BookEvent change)
    {
        _desk.Apply(change);
        _stream.Append(Book, [change]);
    }

    async Task<Outcome<T>> AnswerAsync<T>(Outcome<T> answer)
    {
        await _stream.Durable;
        return answer;
    }

    /// <summary>An unknown portfolio leaves nothing behind, not even its activation.</summary>
    Outcome<T> Missing<T>()
    {
        DeactivateOnIdle();
        return Outcome.NotFound<T>("portfolio", $"There is no portfolio '{this.GetPrimaryKeyString()}'.");
    }
}

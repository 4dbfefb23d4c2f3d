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
public sealed partial class PortfolioGrain(
    IJournal journal, IOptions<PortfolioOptions> options, IEnumerable<IBroker> brokers, TimeProvider clock, ILogger<PortfolioGrain> log)
    : Grain, IPortfolioGrain
{
    /// <summary>Orders decided in one turn; between turns others get theirs.</summary>
    const int ChunkSize = 1_000;

    LiveBook _live = null!;
    PriceFeed _feed = null!;
    Analyst _analyst = null!;
    Forecaster _forecaster = null!;
    DateTimeOffset _calculatedAt;
    bool _timersRun;

    Book Book => _live.Book;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        ISymbolDataGrain SourceOf(string symbol) => GrainFactory.GetGrain<ISymbolDataGrain>(symbol);

        _live = await LiveBook.LoadAsync(journal, this.GetPrimaryKeyString(), options.Value, clock, DeactivateOnIdle, cancellationToken);
        _feed = new PriceFeed(_live.Desk, changes => _live.Commit(changes), SourceOf, clock, log);
        (_analyst, _forecaster) = (new Analyst(_live.Desk, SourceOf, clock, log), new Forecaster(_live.Desk));
        if (!_live.IsOpen) return;
        await _feed.RefreshAsync();
        StartTimers();
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) =>
        _live is null ? Task.CompletedTask : _live.CloseAsync(); // null where the activation failed

    public async Task<Outcome<PortfolioSnapshot>> CreateAsync(PortfolioTerms terms)
    {
        if (BookForm.Check(terms) is { IsEmpty: false } errors) return Outcome.Invalid<PortfolioSnapshot>(errors);
        _live.BeginTurn();
        if (Book.Terms is { } known && Repeats.Conflict(terms, known) is { } conflict) return conflict;
        if (!_live.IsOpen) _live.Commit(new Opened(terms, clock.GetUtcNow()));
        StartTimers();
        return await SnapshotAsync();
    }

    public async Task<Outcome<PortfolioSnapshot>> GetSnapshotAsync() => _live.IsOpen ? await SnapshotAsync() : Missing<PortfolioSnapshot>();

    public async Task<Outcome<RiskReport>> GetRiskReportAsync(RiskLimits limits)
    {
        if (!_live.IsOpen) return Missing<RiskReport>();
        var analysis = await _analyst.CurrentAsync();
        var report = RiskReporting.Report(_live.Desk, limits, _calculatedAt, clock.GetUtcNow());
        return await _live.AnswerAsync(Outcome.Done(report with { Analysis = analysis }));
    }

    public async Task<Outcome<BacktestReport>> GetBacktestAsync() =>
        _live.IsOpen ? await _live.AnswerAsync(Outcome.Done(await _analyst.BacktestAsync())) : Missing<BacktestReport>();

    public async Task<Outcome<StressReport>> GetStressAsync(StressShocks? shocks) =>
        _live.IsOpen ? await _live.AnswerAsync(await _analyst.StressAsync(shocks)) : Missing<StressReport>();

    public Task<Outcome<LimitInputs>> GetLimitInputsAsync() =>
        Task.FromResult(_live.IsOpen ? Outcome.Done(LimitVitals.Of(_live.Desk, clock.GetUtcNow())) : Missing<LimitInputs>());

    public async Task<Outcome<BudgetStanding>> GetBudgetAsync() =>
        _live.IsOpen ? await _live.AnswerAsync(Outcome.Done(BudgetStandings.Of(_live.Desk))) : Missing<BudgetStanding>();

    public Task<Outcome<BudgetStanding>> TakeBudgetAsync(BudgetOffer? offer)
    {
        if (!_live.IsOpen) return Task.FromResult(Missing<BudgetStanding>());
        _live.BeginTurn();
        if (BudgetStandings.Take(_live.Desk, offer, clock.GetUtcNow()) is { } change) _live.Commit(change);
        return GetBudgetAsync();
    }

    public async Task<Outcome<RecordedDecision>> ReserveAsync(Order order, LimitsVersion limits)
    {
        if (!_live.IsOpen) return Missing<RecordedDecision>();
        var key = order.ClientOrderId is { } id ? SignalDecided.KeyOf(id) : null;
        var older = await _live.FindAsync(key);
        await _feed.EnsureAsync(order.Symbol);
        _live.BeginTurn();
        var decided = (key is null ? null : Book.Recall(key) ?? older) as SignalDecided;
        if (decided is not null && Repeats.Conflict<RecordedDecision>(order, decided.Decision) is { } conflict) return await _live.AnswerAsync(conflict);
        if (decided is null)
        {
            if (_live.Desk.TooManyOpen<RecordedDecision>(1) is { } full) return await _live.AnswerAsync(full);
            Settle(limits);
            decided = _live.Decide(order, limits);
            if (decided.Reservation is not null) HurryOrders();
        }

        return await _live.AnswerAsync(Outcome.Done(decided.Recorded));
    }

    public async Task<Outcome<ImmutableArray<RecordedDecision>>> ReserveManyAsync(ImmutableArray<Order> orders, LimitsVersion limits)
    {
        if (!_live.IsOpen) return Missing<ImmutableArray<RecordedDecision>>();
        var batch = new OrderBatch(orders);
        for (var i = 0; i < batch.Count; i++)
            batch.Recorded(i, await _live.FindAsync(batch.KeyOf(i)));
        while (!batch.IsDecided)
        {
            await _feed.EnsureAsync(batch.Symbols(ChunkSize));
            _live.BeginTurn();
            if (batch.FindConflict(_live.Desk) is { } conflict) return await _live.AnswerAsync(conflict);
            Settle(limits);
            _live.Decide(batch, ChunkSize, limits);
            HurryOrders();
            await _live.Durable;
        }

        return Outcome.Done(batch.Decisions);
    }

    public async Task<Outcome<FillReceipt>> FillAsync(Fill fill)
    {
        if (!_live.IsOpen) return Missing<FillReceipt>();
        if (BookForm.Check(fill) is { IsEmpty: false } errors) return Outcome.Invalid<FillReceipt>(errors);
        var executed = fill with { Symbol = GrainKeys.Symbol(fill.Symbol) };
        var older = await _live.FindAsync(Filled.KeyOf(fill.FillId));
        await _feed.EnsureAsync(executed.Symbol);
        _live.BeginTurn();
        if ((Book.Recall(Filled.KeyOf(fill.FillId)) ?? older) is { } earlier) return await _live.AnswerAsync(Repeats.Of(executed, earlier));
        _live.Resume();
        return await CommitAsync(BookRules.Fill(Book, executed, clock.GetUtcNow()), change => change.Receipt);
    }

    public async Task<Outcome<Reservation>> ReleaseAsync(string reservationId, string reason)
    {
        if (!_live.IsOpen) return Missing<Reservation>();
        if (BookForm.CheckReason(reason) is { IsEmpty: false } errors) return Outcome.Invalid<Reservation>(errors);
        var older = await _live.FindAsync(Released.KeyOf(reservationId));
        _live.BeginTurn();
        if ((Book.Recall(Released.KeyOf(reservationId)) ?? older) is { } earlier) return await _live.AnswerAsync(Outcome.Done(Repeats.OfRelease(earlier)));
        return await CommitAsync(BookRules.Release(Book, reservationId, reason, clock.GetUtcNow()), Repeats.OfRelease);
    }

    public async Task<Outcome<PortfolioSnapshot>> TransferAsync(CashTransfer transfer)
    {
        if (!_live.IsOpen) return Missing<PortfolioSnapshot>();
        if (BookForm.Check(transfer) is { IsEmpty: false } errors) return Outcome.Invalid<PortfolioSnapshot>(errors);
        var older = await _live.FindAsync(CashTransferred.KeyOf(transfer.TransferId));
        _live.BeginTurn();
        if ((Book.Recall(CashTransferred.KeyOf(transfer.TransferId)) ?? older) is { } earlier)
            return Repeats.Conflict(transfer, earlier) is { } conflict ? await _live.AnswerAsync(conflict) : await SnapshotAsync();
        return await CommitAsync(BookRules.Transfer(Book, transfer, _live.Desk.Equity, clock.GetUtcNow()), _ => RiskReporting.Snapshot(_live.Desk));
    }

    public Task<Outcome<DecisionReplay>> ReplayAsync(string decisionId) =>
        _live.IsOpen ? DecisionReplays.RunAsync(journal, this.GetPrimaryKeyString(), decisionId) : Task.FromResult(Missing<DecisionReplay>());

    public async Task<Outcome<EnabledSymbol>> EnableSymbolAsync(string symbol, string by, string reason)
    {
        if (!_live.IsOpen) return Missing<EnabledSymbol>();
        if (BookForm.CheckEnabling(symbol, by, reason) is { IsEmpty: false } errors) return Outcome.Invalid<EnabledSymbol>(errors);
        _live.BeginTurn();
        return await CommitAsync(BookRules.Enable(Book, GrainKeys.Symbol(symbol), by, reason, clock.GetUtcNow()), change => change.Enabled);
    }

    public async Task<Outcome<SessionStatus>> HeartbeatAsync(double? timeoutSeconds)
    {
        if (!_live.IsOpen) return Missing<SessionStatus>();
        _live.BeginTurn();
        _live.Hear(timeoutSeconds);
        return await _live.AnswerAsync(Outcome.Done(Book.Activity.Session! with { HeardAt = _live.HeardAt }));
    }

    void StartTimers()
    {
        if (!_live.IsOpen || _timersRun) return;
        _timersRun = true;
        _calculatedAt = clock.GetUtcNow();
        Every(options.Value.PriceRefresh, RefreshPricesAsync);
        Every(options.Value.CalculationFrequency, RecalculateAsync);
        StartOrders();

        void Every(double seconds, Func<CancellationToken, Task> callback) => this.RegisterGrainTimer(
            callback, new() { DueTime = TimeSpan.FromSeconds(seconds), Period = TimeSpan.FromSeconds(seconds), Interleave = true });
    }

    async Task RefreshPricesAsync(CancellationToken cancellation)
    {
        _live.BeginTurn();
        var changed = await _feed.RefreshAsync();
        _live.BeginTurn();
        if (changed) NoteCalculation();
        Watch();
        await _live.Durable;
    }

    async Task RecalculateAsync(CancellationToken cancellation)
    {
        _live.BeginTurn();
        _live.Recalculate();
        _analyst.Begin();
        NoteCalculation();
        Watch();
        await _live.Durable;
    }

    void NoteCalculation()
    {
        _calculatedAt = clock.GetUtcNow();
        _live.RaiseHighWaterMark();
        if (_forecaster.Next(_calculatedAt) is { } forecast) _live.Commit(forecast);
    }

    async Task<Outcome<T>> CommitAsync<TChange, T>(Outcome<TChange> ruled, Func<TChange, T> answer) where TChange : BookEvent
    {
        if (ruled.IsDone) _live.Commit(ruled.Value!);
        return await _live.AnswerAsync(ruled.As(answer));
    }

    Task<Outcome<PortfolioSnapshot>> SnapshotAsync() => _live.AnswerAsync(Outcome.Done(RiskReporting.Snapshot(_live.Desk)));

    /// <summary>An unknown portfolio leaves nothing behind, not even its activation.</summary>
    Outcome<T> Missing<T>()
    {
        DeactivateOnIdle();
        return Outcome.NotFound<T>("portfolio", $"There is no portfolio '{this.GetPrimaryKeyString()}'.");
    }
}

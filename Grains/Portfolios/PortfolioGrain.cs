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

    BookWriter _writer = null!;
    PriceFeed _feed = null!;
    AnalysisRunner _analyst = null!;
    Forecaster _forecaster = null!;
    DateTimeOffset _calculatedAt;
    bool _timersRun;

    Book Book => _writer.Book;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        ISymbolDataGrain SourceOf(string symbol) => GrainFactory.GetGrain<ISymbolDataGrain>(symbol);

        _writer = await BookWriter.LoadAsync(journal, this.GetPrimaryKeyString(), options.Value, clock, DeactivateOnIdle, cancellationToken);
        _feed = new PriceFeed(_writer.Valuation, changes => _writer.Commit(changes), SourceOf, clock, log);
        (_analyst, _forecaster) = (new AnalysisRunner(_writer.Valuation, SourceOf, clock, log), new Forecaster(_writer.Valuation));
        if (!_writer.IsOpen) return;
        await _feed.RefreshAsync();
        StartTimers();
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) =>
        _writer is null ? Task.CompletedTask : _writer.CloseAsync(); // null where the activation failed

    public async Task<Outcome<PortfolioSnapshot>> CreateAsync(PortfolioTerms terms)
    {
        if (BookValidator.Check(terms) is { IsEmpty: false } errors) return Outcome.Invalid<PortfolioSnapshot>(errors);
        _writer.BeginTurn();
        if (Book.Terms is { } known && Idempotency.Conflict(terms, known) is { } conflict) return conflict;
        if (!_writer.IsOpen) _writer.Commit(new Opened(terms, clock.GetUtcNow()));
        StartTimers();
        return await SnapshotAsync();
    }

    public async Task<Outcome<PortfolioSnapshot>> GetSnapshotAsync() => _writer.IsOpen ? await SnapshotAsync() : Missing<PortfolioSnapshot>();

    public async Task<Outcome<RiskReport>> GetRiskReportAsync(RiskLimits limits)
    {
        if (!_writer.IsOpen) return Missing<RiskReport>();
        var analysis = await _analyst.CurrentAsync();
        var report = RiskReporting.Report(_writer.Valuation, limits, _calculatedAt, clock.GetUtcNow());
        return await _writer.AnswerAsync(Outcome.Done(report with { Analysis = analysis }));
    }

    public async Task<Outcome<BacktestReport>> GetBacktestAsync() =>
        _writer.IsOpen ? await _writer.AnswerAsync(Outcome.Done(await _analyst.BacktestAsync())) : Missing<BacktestReport>();

    public async Task<Outcome<StressReport>> GetStressAsync(StressShocks? shocks) =>
        _writer.IsOpen ? await _writer.AnswerAsync(await _analyst.StressAsync(shocks)) : Missing<StressReport>();

    public Task<Outcome<LimitInputs>> GetLimitInputsAsync() =>
        Task.FromResult(_writer.IsOpen ? Outcome.Done(DynamicLimitInputs.Of(_writer.Valuation, clock.GetUtcNow())) : Missing<LimitInputs>());

    public async Task<Outcome<BudgetStanding>> GetBudgetAsync() =>
        _writer.IsOpen ? await _writer.AnswerAsync(Outcome.Done(BudgetStandings.Of(_writer.Valuation))) : Missing<BudgetStanding>();

    public Task<Outcome<BudgetStanding>> TakeBudgetAsync(BudgetOffer? offer)
    {
        if (!_writer.IsOpen) return Task.FromResult(Missing<BudgetStanding>());
        _writer.BeginTurn();
        if (BudgetStandings.Take(_writer.Valuation, offer, clock.GetUtcNow()) is { } change) _writer.Commit(change);
        return GetBudgetAsync();
    }

    public async Task<Outcome<RecordedDecision>> ReserveAsync(Order order, LimitsVersion limits)
    {
        if (!_writer.IsOpen) return Missing<RecordedDecision>();
        var key = order.ClientOrderId is { } id ? SignalDecided.KeyOf(id) : null;
        var older = await _writer.FindAsync(key);
        await _feed.EnsureAsync(order.Symbol);
        _writer.BeginTurn();
        var decided = (key is null ? null : Book.Recall(key) ?? older) as SignalDecided;
        if (decided is not null && Idempotency.Conflict<RecordedDecision>(order, decided.Decision) is { } conflict) return await _writer.AnswerAsync(conflict);
        if (decided is null)
        {
            if (_writer.Valuation.TooManyOpen<RecordedDecision>(1) is { } full) return await _writer.AnswerAsync(full);
            Settle(limits);
            decided = _writer.Decide(order, limits);
            if (decided.Reservation is not null) HurryOrders();
        }

        return await _writer.AnswerAsync(Outcome.Done(decided.Recorded));
    }

    public async Task<Outcome<ImmutableArray<RecordedDecision>>> ReserveManyAsync(ImmutableArray<Order> orders, LimitsVersion limits)
    {
        if (!_writer.IsOpen) return Missing<ImmutableArray<RecordedDecision>>();
        var batch = new OrderBatch(orders);
        for (var i = 0; i < batch.Count; i++)
            batch.Recorded(i, await _writer.FindAsync(batch.KeyOf(i)));
        while (!batch.IsDecided)
        {
            await _feed.EnsureAsync(batch.Symbols(ChunkSize));
            _writer.BeginTurn();
            if (batch.FindConflict(_writer.Valuation) is { } conflict) return await _writer.AnswerAsync(conflict);
            Settle(limits);
            _writer.Decide(batch, ChunkSize, limits);
            HurryOrders();
            await _writer.Durable;
        }

        return Outcome.Done(batch.Decisions);
    }

    public async Task<Outcome<FillReceipt>> FillAsync(Fill fill)
    {
        if (!_writer.IsOpen) return Missing<FillReceipt>();
        if (BookValidator.Check(fill) is { IsEmpty: false } errors) return Outcome.Invalid<FillReceipt>(errors);
        var executed = fill with { Symbol = GrainKeys.Symbol(fill.Symbol) };
        var older = await _writer.FindAsync(Filled.KeyOf(fill.FillId));
        await _feed.EnsureAsync(executed.Symbol);
        _writer.BeginTurn();
        if ((Book.Recall(Filled.KeyOf(fill.FillId)) ?? older) is { } earlier) return await _writer.AnswerAsync(Idempotency.Of(executed, earlier));
        _writer.Resume();
        return await CommitAsync(BookRules.Fill(Book, executed, clock.GetUtcNow()), change => change.Receipt);
    }

    public async Task<Outcome<Reservation>> ReleaseAsync(string reservationId, string reason)
    {
        if (!_writer.IsOpen) return Missing<Reservation>();
        if (BookValidator.CheckReason(reason) is { IsEmpty: false } errors) return Outcome.Invalid<Reservation>(errors);
        var older = await _writer.FindAsync(Released.KeyOf(reservationId));
        _writer.BeginTurn();
        if ((Book.Recall(Released.KeyOf(reservationId)) ?? older) is { } earlier) return await _writer.AnswerAsync(Outcome.Done(Idempotency.OfRelease(earlier)));
        return await CommitAsync(BookRules.Release(Book, reservationId, reason, clock.GetUtcNow()), Idempotency.OfRelease);
    }

    public async Task<Outcome<PortfolioSnapshot>> TransferAsync(CashTransfer transfer)
    {
        if (!_writer.IsOpen) return Missing<PortfolioSnapshot>();
        if (BookValidator.Check(transfer) is { IsEmpty: false } errors) return Outcome.Invalid<PortfolioSnapshot>(errors);
        var older = await _writer.FindAsync(CashTransferred.KeyOf(transfer.TransferId));
        _writer.BeginTurn();
        if ((Book.Recall(CashTransferred.KeyOf(transfer.TransferId)) ?? older) is { } earlier)
            return Idempotency.Conflict(transfer, earlier) is { } conflict ? await _writer.AnswerAsync(conflict) : await SnapshotAsync();
        return await CommitAsync(BookRules.Transfer(Book, transfer, _writer.Valuation.Equity, clock.GetUtcNow()), _ => RiskReporting.Snapshot(_writer.Valuation));
    }

    public Task<Outcome<DecisionReplay>> ReplayAsync(string decisionId) =>
        _writer.IsOpen ? DecisionReplays.RunAsync(journal, this.GetPrimaryKeyString(), decisionId) : Task.FromResult(Missing<DecisionReplay>());

    public async Task<Outcome<EnabledSymbol>> EnableSymbolAsync(string symbol, string by, string reason)
    {
        if (!_writer.IsOpen) return Missing<EnabledSymbol>();
        if (BookValidator.CheckEnabling(symbol, by, reason) is { IsEmpty: false } errors) return Outcome.Invalid<EnabledSymbol>(errors);
        _writer.BeginTurn();
        return await CommitAsync(BookRules.Enable(Book, GrainKeys.Symbol(symbol), by, reason, clock.GetUtcNow()), change => change.Enabled);
    }

    public async Task<Outcome<SessionStatus>> HeartbeatAsync(double? timeoutSeconds)
    {
        if (!_writer.IsOpen) return Missing<SessionStatus>();
        _writer.BeginTurn();
        _writer.Hear(timeoutSeconds);
        return await _writer.AnswerAsync(Outcome.Done(Book.Activity.Session! with { HeardAt = _writer.HeardAt }));
    }

    void StartTimers()
    {
        if (!_writer.IsOpen || _timersRun) return;
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
        _writer.BeginTurn();
        var changed = await _feed.RefreshAsync();
        _writer.BeginTurn();
        if (changed) NoteCalculation();
        Watch();
        await _writer.Durable;
    }

    async Task RecalculateAsync(CancellationToken cancellation)
    {
        _writer.BeginTurn();
        _writer.Recalculate();
        _analyst.Begin();
        NoteCalculation();
        Watch();
        await _writer.Durable;
    }

    void NoteCalculation()
    {
        _calculatedAt = clock.GetUtcNow();
        _writer.RaiseHighWaterMark();
        if (_forecaster.Next(_calculatedAt) is { } forecast) _writer.Commit(forecast);
    }

    async Task<Outcome<T>> CommitAsync<TChange, T>(Outcome<TChange> ruled, Func<TChange, T> answer) where TChange : BookEvent
    {
        if (ruled.IsDone) _writer.Commit(ruled.Value!);
        return await _writer.AnswerAsync(ruled.As(answer));
    }

    Task<Outcome<PortfolioSnapshot>> SnapshotAsync() => _writer.AnswerAsync(Outcome.Done(RiskReporting.Snapshot(_writer.Valuation)));

    /// <summary>An unknown portfolio leaves nothing behind, not even its activation.</summary>
    Outcome<T> Missing<T>()
    {
        DeactivateOnIdle();
        return Outcome.NotFound<T>("portfolio", $"There is no portfolio '{this.GetPrimaryKeyString()}'.");
    }
}

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
/// Reentrant, because a commit of the journal takes a thousand times as long as a decision: while one waits for its
/// commit others decide, and share the next one. It is safe because no await stands between reading the book and
/// changing it: what must be fetched (prices, older events) is fetched before, the event is applied and queued in one
/// go, and every answer leaves only when all that was queued before it is durable. An event that cannot be recorded
/// ends the activation: all who wait get the exception, and the next activation loads what the journal has. Callers ask
/// again under the same idempotency key.
/// </remarks>
[Reentrant]
public sealed class PortfolioGrain(
    IJournal journal, IOptions<PortfolioOptions> options, IEnumerable<IBroker> brokers, DecisionReplays replays,
    TimeProvider clock, ILogger<PortfolioGrain> log) : Grain, IPortfolioGrain
{
    BookWriter _writer = null!;
    BookCommands _book = null!;
    OrderDecisions _decisions = null!;
    GuardCommands _guards = null!;
    BrokerOrders _orders = null!;
    BookReports _reports = null!;
    Revaluation _revaluation = null!;
    bool _timersRun;

    bool IsOpen => _writer.IsOpen;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        ISymbolDataGrain SourceOf(string symbol) => GrainFactory.GetGrain<ISymbolDataGrain>(symbol);

        _writer = await BookWriter.LoadAsync(
            journal, this.GetPrimaryKeyString(), options.Value, clock, DeactivateOnIdle, cancellationToken);
        var guards = new GuardWriter(_writer, log);
        var feed = new PriceFeed(_writer, SourceOf, guards, log);
        _orders = new BrokerOrders(_writer, feed, guards, brokers.FirstOrDefault(), log);
        _book = new BookCommands(_writer, feed, guards);
        _decisions = new OrderDecisions(_writer, feed, guards, _orders);
        _guards = new GuardCommands(_writer, guards, _orders);
        var analyst = new AnalysisRunner(_writer.Valuation, SourceOf, clock, log);
        _revaluation = new Revaluation(_writer, feed, guards, analyst);
        _reports = new BookReports(_writer, analyst, _revaluation);
        if (!IsOpen) return;
        await feed.RefreshAsync();
        StartTimers();
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        BookMetrics.Forget(this.GetPrimaryKeyString());
        return _writer is null ? Task.CompletedTask : _writer.CloseAsync(); // null where the activation failed
    }

    public async Task<Outcome<PortfolioSnapshot>> CreateAsync(PortfolioTerms terms)
    {
        if (BookValidator.Check(terms) is { IsEmpty: false } errors) return Outcome.Invalid<PortfolioSnapshot>(errors);
        _writer.BeginTurn();
        if (_writer.Book.Terms is { } known && Idempotency.Conflict(terms, known) is { } conflict) return conflict;
        if (!IsOpen) _writer.Commit(
            new Opened(terms with { Market = terms.Market ?? options.Value.Market }, clock.GetUtcNow()));
        StartTimers();
        return await _reports.SnapshotAsync();
    }

    // Orders
    public Task PrepareAsync(ImmutableArray<string> symbols) =>
        IsOpen ? _decisions.PrepareAsync(symbols) : Task.CompletedTask;
    public Task<Outcome<RecordedDecision>> ReserveAsync(Order order, LimitsVersion limits) =>
        IsOpen ? _decisions.DecideAsync(order, limits) : Missing<RecordedDecision>();
    public Task<Outcome<ImmutableArray<RecordedDecision>>> ReserveManyAsync(
        ImmutableArray<Order> orders, LimitsVersion limits) =>
        IsOpen ? _decisions.DecideManyAsync(orders, limits) : Missing<ImmutableArray<RecordedDecision>>();
    public async Task<ImmutableArray<Outcome<RecordedDecision>?>> ReserveEachAsync(
        ImmutableArray<Order> orders, LimitsVersion limits) => IsOpen
        ? await _decisions.DecideEachAsync(orders, limits)
        : [.. Enumerable.Repeat(await Missing<RecordedDecision>(), orders.Length)];
    public Task<Outcome<TradePreview>> PreviewAsync(Order order, LimitsVersion limits) =>
        IsOpen ? _decisions.PreviewAsync(order, limits) : Missing<TradePreview>();
    public async Task<Outcome<ImmutableArray<RecordedDecision>>> GetDecisionsAsync(long after, int limit)
    {
        if (!IsOpen) return await Missing<ImmutableArray<RecordedDecision>>();
        return await _writer.AnswerAsync(Outcome.Done(_writer.Book.Recent.After(after, limit)));
    }

    public Task<Outcome<DecisionReplay>> ReplayAsync(string decisionId) =>
        IsOpen
            ? replays.RunAsync(
                this.GetPrimaryKeyString(), decisionId, _writer.Book.Corrections.Places, _writer.SaveCheckpointAsync)
            : Missing<DecisionReplay>();

    // Book-keeping
    public Task<Outcome<FillReceipt>> FillAsync(Fill fill) => IsOpen ? _book.FillAsync(fill) : Missing<FillReceipt>();
    public Task<Outcome<Reservation>> ReleaseAsync(string reservationId, string reason) =>
        IsOpen ? _book.ReleaseAsync(reservationId, reason) : Missing<Reservation>();
    public Task<Outcome<PortfolioSnapshot>> TransferAsync(CashTransfer transfer) =>
        IsOpen ? _book.TransferAsync(transfer) : Missing<PortfolioSnapshot>();
    public Task<Outcome<EnabledSymbol>> EnableSymbolAsync(string symbol, string by, string reason) =>
        IsOpen ? _book.EnableSymbolAsync(symbol, by, reason) : Missing<EnabledSymbol>();
    public Task<Outcome<BudgetStanding>> TakeBudgetAsync(BudgetOffer? offer) =>
        IsOpen ? _book.TakeBudgetAsync(offer) : Missing<BudgetStanding>();
    public Task<Outcome<SessionStatus>> HeartbeatAsync(double? timeoutSeconds) =>
        IsOpen ? _book.HeartbeatAsync(timeoutSeconds) : Missing<SessionStatus>();

    // Guards
    public Task<Outcome<GuardReport>> GetGuardsAsync(LimitsVersion limits) =>
        IsOpen ? _guards.ReportAsync(limits) : Missing<GuardReport>();
    public Task<Outcome<GuardReport>> SetModeAsync(ModeChange change) =>
        IsOpen ? _guards.SetModeAsync(change) : Missing<GuardReport>();
    public Task<Outcome<GuardReport>> ResetBreakerAsync(BreakerName name, Sanction sanction, LimitsVersion limits) =>
        IsOpen ? _guards.ResetBreakerAsync(name, sanction, limits) : Missing<GuardReport>();
    public Task<Outcome<GuardReport>> StopAsync(StopCommand command) =>
        IsOpen ? _guards.StopAsync(command) : Missing<GuardReport>();
    public Task<Outcome<GuardReport>> ResumeAsync(Sanction sanction, LimitsVersion limits) =>
        IsOpen ? _guards.ResumeAsync(sanction, limits) : Missing<GuardReport>();
    public Task<Outcome<GuardReport>> FollowAsync(FirmOrder order) =>
        IsOpen ? _guards.FollowAsync(order) : Missing<GuardReport>();

    // Reports
    public Task<Outcome<PortfolioSnapshot>> GetSnapshotAsync() =>
        IsOpen ? _reports.SnapshotAsync() : Missing<PortfolioSnapshot>();
    public Task<Outcome<RiskReport>> GetRiskReportAsync(RiskLimits limits) =>
        IsOpen ? _reports.RiskAsync(limits) : Missing<RiskReport>();
    public Task<Outcome<BacktestReport>> GetBacktestAsync() =>
        IsOpen ? _reports.BacktestAsync() : Missing<BacktestReport>();
    public Task<Outcome<StressReport>> GetStressAsync(StressShocks? shocks) =>
        IsOpen ? _reports.StressAsync(shocks) : Missing<StressReport>();
    public Task<Outcome<LimitInputs>> GetLimitInputsAsync() =>
        IsOpen ? Task.FromResult(_reports.LimitInputs()) : Missing<LimitInputs>();
    public Task<Outcome<BudgetStanding>> GetBudgetAsync() =>
        IsOpen ? _reports.BudgetAsync() : Missing<BudgetStanding>();

    void StartTimers()
    {
        if (!IsOpen || _timersRun) return;
        _timersRun = true;
        _revaluation.StartTimers(this);
        _orders.StartTimer(this);
    }

    /// <summary>An unknown portfolio leaves nothing behind, not even its activation.</summary>
    Task<Outcome<T>> Missing<T>()
    {
        DeactivateOnIdle();
        return Task.FromResult(
            Outcome.NotFound<T>("portfolio", $"There is no portfolio '{this.GetPrimaryKeyString()}'."));
    }
}

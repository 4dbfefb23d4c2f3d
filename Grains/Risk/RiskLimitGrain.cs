using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Trading.Journal;
using Trading.Portfolios;

namespace Trading.Risk;

/// <summary>Keeps the limits and passes orders on to the book. Decisions and readings interleave (see the contract), so
/// that many wait together for one commit of the journal; changes of the limits come one at a time, and bind decisions
/// once they are stored.</summary>
public sealed class RiskLimitGrain(
    [PersistentState("limits", "trading")] IPersistentState<LimitsRecord> stored,
    IJournal journal,
    IOptions<RiskOptions> options,
    TimeProvider clock,
    ILogger<RiskLimitGrain> log) : Grain, IRiskLimitGrain, IRemindable
{
    IPortfolioGrain _book = null!;
    BookLimits _limits = null!;
    LimitOverrides _overrides = null!;
    BudgetAllocator _allocator = null!;
    FirmFollower _firm = null!;
    IGrainTimer? _timer;

    TimeSpan Refresh => TimeSpan.FromSeconds(options.Value.LimitsRefresh);

    LimitsVersion InForce => _limits.InForce.Version;

    /// <summary>Limits begin when the book is first asked for. Asks once whether the firm is stopped.</summary>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var portfolio = this.GetPrimaryKeyString();
        _book = GrainFactory.GetGrain<IPortfolioGrain>(portfolio);
        var events = new LimitsEventStore(journal, portfolio, DeactivateOnIdle);
        await events.LoadAsync(cancellationToken);
        _limits = new BookLimits(portfolio, new LimitsStore(stored, DeactivateOnIdle), events, _book, clock, log);
        await _limits.LoadAsync(options.Value.DefaultLimits.ToLimits());
        _overrides = new LimitOverrides(this, _limits, events, clock);
        _allocator = new BudgetAllocator(
            portfolio, events, _book, node => GrainFactory.GetGrain<IRiskBudgetGrain>(node), options.Value, clock, log);
        _timer = this.RegisterGrainTimer(TendAsync, Refresh, Refresh);
        _firm = new FirmFollower(_book, await GrainFactory.GetGrain<IFirmGrain>(GrainKeys.Firm).GetOrderAsync());
    }

    public async Task<Outcome<RecordedDecision>> ValidateAsync(Order order)
    {
        if (OrderValidator.Check(order) is { IsEmpty: false } errors) return Outcome.Invalid<RecordedDecision>(errors);
        var normalised = OrderValidator.Normalised(order);
        await PrepareAsync(normalised);
        var decided = await _book.ReserveAsync(normalised, InForce);
        if (decided.IsDone) Notice([decided.Value!]);
        return decided;
    }

    public async Task<Outcome<TradePreview>> PreviewAsync(Order order)
    {
        if (OrderValidator.Check(order) is { IsEmpty: false } errors) return Outcome.Invalid<TradePreview>(errors);
        var normalised = OrderValidator.Normalised(order);
        await PrepareAsync(normalised);
        return await _book.PreviewAsync(normalised, InForce);
    }

    /// <summary>Asks the book even where no order is well formed, since only the book knows whether it
    /// exists.</summary>
    public async Task<Outcome<ImmutableArray<RecordedDecision>>> ValidateManyAsync(ImmutableArray<Order> orders)
    {
        if (SignalBatch.Check(orders, options.Value.MaxSignalsPerRequest) is { } error)
            return Outcome.Invalid<ImmutableArray<RecordedDecision>>(error);
        var batch = new SignalBatch(orders);
        await PrepareAsync(batch.WellFormed);
        var limits = InForce;
        var decided = await _book.ReserveManyAsync(batch.WellFormed, limits);
        if (!decided.IsDone) return batch.Place(decided);
        Notice(decided.Value);
        return Outcome.Done(batch.Merge(decided.Value, this.GetPrimaryKeyString(), limits.Version, clock.GetUtcNow()));
    }

    public async Task<ImmutableArray<Outcome<RecordedDecision>?>> ValidateEachAsync(ImmutableArray<Order> orders)
    {
        var entered = DecisionEvents.Now();
        await _firm.FollowAsync();
        var group = new OrderGroup(orders);
        var decided = await _book.ReserveEachAsync(group.WellFormed, InForce);
        DecisionEvents.Log.Passed(decided.AsSpan(), entered);
        if (_allocator.IsBound) Notice([.. decided.Select(outcome => outcome?.Value).OfType<RecordedDecision>()]);
        return group.Merge(decided);
    }

    public Task<LimitsHistory> GetLimitsAsync() => _limits.HistoryAsync();

    public Task<Outcome<LimitsVersion>> UpdateLimitsAsync(LimitsChange change) => _limits.ChangeAsync(change);

    public Task<Outcome<LimitOverride>> OverrideAsync(OverrideRequest request) => _overrides.BeginAsync(request);

    public Task<Outcome<LimitOverride>> CancelOverrideAsync(OverrideCancellation cancellation) =>
        _overrides.CancelAsync(cancellation);

    public Task ReceiveReminder(string reminderName, TickStatus status) => _overrides.ExpireAsync();

    public Task<Outcome<BudgetPlace>> AssignAsync(BudgetAssignment assignment) => _allocator.AssignAsync(assignment);

    public Task<Outcome<SessionStatus>> HeartbeatAsync() => _book.HeartbeatAsync(InForce.Limits.HeartbeatSeconds);

    public Task<Outcome<RiskReport>> GetReportAsync() => _book.GetRiskReportAsync(InForce.Limits);

    public async Task<Outcome<GuardReport>> GetGuardsAsync()
    {
        await _firm.FollowAsync();
        return await _book.GetGuardsAsync(InForce);
    }

    public Task<Outcome<GuardReport>> ResetBreakerAsync(BreakerName name, Sanction sanction) =>
        _book.ResetBreakerAsync(name, sanction, InForce);

    public Task<Outcome<GuardReport>> ResumeAsync(Sanction sanction) => _book.ResumeAsync(sanction, InForce);

    /// <summary>Waits for whatever orders have to wait for: only then it is known which limits they are held to.</summary>
    async Task PrepareAsync(params ImmutableArray<Order> orders)
    {
        await _book.PrepareAsync([.. orders.Select(order => order.Symbol).Distinct()]);
        await _firm.FollowAsync();
    }

    /// <summary>Where an order was refused for want of budget, more is asked for at once; the next try may find
    /// it.</summary>
    void Notice(ImmutableArray<RecordedDecision> decisions)
    {
        if (_allocator.Notice(decisions)) _timer?.Change(TimeSpan.Zero, Refresh);
    }

    async Task TendAsync()
    {
        await _limits.LookAsync();
        await _allocator.BalanceAsync();
    }
}

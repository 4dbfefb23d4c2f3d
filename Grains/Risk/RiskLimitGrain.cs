using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Trading.Journal;
using Trading.Portfolios;

namespace Trading.Risk;

/// <summary>The limits of a book, newest version first.</summary>
[GenerateSerializer, Alias("trading.limits-record")]
public sealed record LimitsRecord
{
    [Id(0)] public ImmutableArray<LimitsVersion> Versions { get; init; } = [];
}

/// <summary>Keeps the limits and passes orders on to the book. Decisions and readings interleave (see the contract), so that many wait
/// together for one commit of the journal; changes of the limits come one at a time, and bind decisions once they are stored.</summary>
public sealed partial class RiskLimitGrain(
    [PersistentState("limits", "trading")] IPersistentState<LimitsRecord> stored,
    IJournal journal,
    IOptions<RiskOptions> options,
    TimeProvider clock,
    ILogger<RiskLimitGrain> log) : Grain, IRiskLimitGrain, IRemindable
{
    const string Expiry = "overrides";

    ImmutableArray<LimitsVersion> _versions;
    LimitsEventStore _events = null!;
    LimitInputs _inputs = LimitInputs.Unknown;
    LimitsInForce? _inForce;
    IPortfolioGrain _book = null!;
    FirmOrder? _unfollowed;
    BudgetAllocator _allocator = null!;
    IGrainTimer? _timer;

    LimitsVersion Set => _versions[0];

    TimeSpan Refresh => TimeSpan.FromSeconds(options.Value.LimitsRefresh);

    /// <summary>Calculated anew where an input changed or a moment came at which one may: an override that expired never counts.</summary>
    LimitsInForce InForce => _inForce is { } known && clock.GetUtcNow() < known.Until
        ? known
        : _inForce = LimitsInForce.Of(Set, _events.State.Overrides, _inputs, clock.GetUtcNow()).After(_inForce);

    /// <summary>Stores version 1 when the book is first asked for, so that what it says and when it began never changes later. Asks once
    /// whether the firm is stopped: a book that is opened meanwhile must not trade.</summary>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _book = GrainFactory.GetGrain<IPortfolioGrain>(this.GetPrimaryKeyString());
        _events = new LimitsEventStore(journal, this.GetPrimaryKeyString(), DeactivateOnIdle);
        await _events.LoadAsync(cancellationToken);
        if (stored.RecordExists) _versions = stored.State.Versions;
        else await StoreAsync([new(1, options.Value.DefaultLimits.ToLimits(), "system", clock.GetUtcNow(), "The default limits.")]);
        _allocator = new BudgetAllocator(this.GetPrimaryKeyString(), _events, _book,
            node => GrainFactory.GetGrain<IRiskBudgetGrain>(node), options.Value, clock, log);
        await LookAsync();
        _timer = this.RegisterGrainTimer(TendAsync, Refresh, Refresh);
        _unfollowed = await GrainFactory.GetGrain<IFirmGrain>(GrainKeys.Firm).GetOrderAsync();
    }

    public Task<Outcome<RecordedDecision>> ValidateAsync(Order order) => OrderValidator.Check(order) is { IsEmpty: false } errors
        ? Task.FromResult(Outcome.Invalid<RecordedDecision>(errors))
        : DecideAsync(OrderValidator.Normalised(order));

    public Task<Outcome<ImmutableArray<RecordedDecision>>> ValidateManyAsync(ImmutableArray<Order> orders)
    {
        var most = options.Value.MaxSignalsPerRequest;
        return orders.Length <= most
            ? DecideAsync(orders)
            : Task.FromResult(Outcome.Invalid<ImmutableArray<RecordedDecision>>(new FieldError("signals", "max_count",
                FormattableString.Invariant($"signals must have at most {most} elements; it has {orders.Length}."))));
    }

    public async Task<LimitsHistory> GetLimitsAsync()
    {
        var light = (await SeeAsync()).TrafficLight;
        return new(this.GetPrimaryKeyString(), Set, _versions.RemoveAt(0))
        {
            Effective = InForce.Version,
            Adjusted = InForce.Under(light),
            Overrides = _events.State.Overrides,
            Inputs = Scaling.LooksAtTheBook(Set.Limits.Dynamic) ? _inputs : null,
            TrafficLight = light,
        };
    }

    public async Task<Outcome<LimitsVersion>> UpdateLimitsAsync(LimitsChange change)
    {
        if (LimitRules.Check(change) is { IsEmpty: false } errors) return Outcome.Invalid<LimitsVersion>(errors);
        var changed = LimitRules.Change(_versions, change, clock.GetUtcNow());
        if (!changed.IsDone) return new(changed.Kind, null, changed.Errors);
        await StoreAsync(changed.Value);
        await LookAsync();
        return Outcome.Done(Set);
    }

    public Task<Outcome<SessionStatus>> HeartbeatAsync() => _book.HeartbeatAsync(InForce.Version.Limits.HeartbeatSeconds);

    public async Task<Outcome<LimitOverride>> OverrideAsync(OverrideRequest request)
    {
        var id = FormattableString.Invariant($"{_events.State.Sequence + 1}");
        var begun = OverrideRules.Begin(Set, _events.State.Overrides, request, id, clock.GetUtcNow());
        if (!begun.IsDone) return begun;
        await CommitAsync(new OverrideBegun(begun.Value!));
        await RemindAsync();
        return begun;
    }

    public async Task<Outcome<LimitOverride>> CancelOverrideAsync(OverrideCancellation cancellation)
    {
        var ended = OverrideRules.Cancel(_events.State.Overrides, cancellation, clock.GetUtcNow());
        if (!ended.IsDone) return ended;
        await CommitAsync(new OverrideEnded(ended.Value!, cancellation.Reason));
        await RemindAsync();
        return ended;
    }

    /// <summary>Puts the end of overrides on record; that they count no longer takes no reminder.</summary>
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        foreach (var expired in _events.State.Active.Where(entry => entry.ExpiresAt <= clock.GetUtcNow()).ToList())
            await CommitAsync(new OverrideEnded(expired with { Status = OverrideStatus.Expired, EndedAt = expired.ExpiresAt }, null));
        await RemindAsync();
    }

    public Task<Outcome<RiskReport>> GetReportAsync() => _book.GetRiskReportAsync(InForce.Version.Limits);

    public async Task<Outcome<GuardReport>> GetGuardsAsync()
    {
        await FollowFirmAsync();
        return await _book.GetGuardsAsync(InForce.Version);
    }

    public Task<Outcome<GuardReport>> ResetBreakerAsync(BreakerName name, Sanction sanction) => _book.ResetBreakerAsync(name, sanction, InForce.Version);

    public Task<Outcome<GuardReport>> ResumeAsync(Sanction sanction) => _book.ResumeAsync(sanction, InForce.Version);

    /// <summary>Passes on what the firm ordered before this activation, until the book has followed it. One that is not opened cannot.</summary>
    async Task FollowFirmAsync()
    {
        if (_unfollowed is { } order && (await _book.FollowAsync(order)).IsDone) _unfollowed = null;
    }

    public Task<Outcome<BudgetPlace>> AssignAsync(BudgetAssignment assignment) => _allocator.AssignAsync(assignment);

    Task<Outcome<RecordedDecision>> DecideAsync(Order order) =>
        _unfollowed is null && !_allocator.IsBound ? _book.ReserveAsync(order, InForce.Version) : FollowAndDecideAsync(order);

    async Task<Outcome<RecordedDecision>> FollowAndDecideAsync(Order order)
    {
        await FollowFirmAsync();
        var decided = await _book.ReserveAsync(order, InForce.Version);
        if (decided.IsDone) Notice([decided.Value!]);
        return decided;
    }

    /// <summary>Where an order was refused for want of budget, more is asked for at once; the next try may find it.</summary>
    void Notice(ImmutableArray<RecordedDecision> decisions)
    {
        var isShort = false;
        foreach (var decision in decisions) isShort |= _allocator.Notice(decision);
        if (isShort) _timer?.Change(TimeSpan.Zero, Refresh);
    }

    /// <summary>Asks the book even where no order is well formed, since only the book knows whether it exists.</summary>
    async Task<Outcome<ImmutableArray<RecordedDecision>>> DecideAsync(ImmutableArray<Order> orders)
    {
        await FollowFirmAsync();
        var limits = InForce.Version;
        var batch = new SignalBatch(orders);
        var decided = await _book.ReserveManyAsync(batch.WellFormed, limits);
        if (decided.IsDone) Notice(decided.Value);
        return decided.IsDone
            ? Outcome.Done(batch.Merge(decided.Value, this.GetPrimaryKeyString(), limits.Version, clock.GetUtcNow()))
            : decided;
    }

    async Task TendAsync()
    {
        await LookAsync();
        await _allocator.BalanceAsync();
    }

    /// <summary>Asks the book for what the dynamic rules look at; without an answer it is unknown.</summary>
    async Task LookAsync()
    {
        if (!Scaling.LooksAtTheBook(Set.Limits.Dynamic)) return;
        _inputs = await SeeAsync();
        Recalculate();
    }

    async Task<LimitInputs> SeeAsync()
    {
        try
        {
            return await _book.GetLimitInputsAsync() is { IsDone: true } seen ? seen.Value! : LimitInputs.Unknown;
        }
        catch (Exception failure)
        {
            LogNotSeen(failure, this.GetPrimaryKeyString());
            return LimitInputs.Unknown;
        }
    }

    async Task CommitAsync(LimitsEvent change)
    {
        await _events.CommitAsync(change);
        Recalculate();
    }

    void Recalculate() => _inForce = LimitsInForce.Of(Set, _events.State.Overrides, _inputs, clock.GetUtcNow()).After(_inForce);

    /// <summary>One reminder, for the next end.</summary>
    async Task RemindAsync()
    {
        if (_events.State.Active.Min(entry => (DateTimeOffset?)entry.ExpiresAt) is { } next)
            await this.RegisterOrUpdateReminder(Expiry, next > clock.GetUtcNow() ? next - clock.GetUtcNow() : TimeSpan.Zero, TimeSpan.FromMinutes(1));
        else if (await this.GetReminder(Expiry) is { } reminder)
            await this.UnregisterReminder(reminder);
    }

    /// <summary>After a failed write nobody knows what is stored: the activation goes, and the next one reads.</summary>
    async Task StoreAsync(ImmutableArray<LimitsVersion> versions)
    {
        stored.State = new() { Versions = versions };
        try
        {
            await stored.WriteStateAsync();
        }
        catch
        {
            DeactivateOnIdle();
            throw;
        }

        _versions = versions;
        Recalculate();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The book {Portfolio} does not say what its dynamic limits depend on; the strictest factors hold.")]
    partial void LogNotSeen(Exception failure, string portfolio);
}

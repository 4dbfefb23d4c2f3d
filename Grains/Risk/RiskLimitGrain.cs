using System.Collections.Immutable;
using Microsoft.Extensions.Options;
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
public sealed class RiskLimitGrain(
    [PersistentState("limits", "trading")] IPersistentState<LimitsRecord> stored,
    IOptions<RiskOptions> options,
    TimeProvider clock) : Grain, IRiskLimitGrain
{
    ImmutableArray<LimitsVersion> _versions;
    IPortfolioGrain _book = null!;

    LimitsVersion InForce => _versions[0];

    /// <summary>Stores version 1 when the book is first asked for, so that what it says and when it began never changes later.</summary>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _book = GrainFactory.GetGrain<IPortfolioGrain>(this.GetPrimaryKeyString());
        if (stored.RecordExists) _versions = stored.State.Versions;
        else await StoreAsync([new(1, options.Value.DefaultLimits.ToLimits(), "system", clock.GetUtcNow(), "The default limits.")]);
    }

    public Task<Outcome<RecordedDecision>> ValidateAsync(Order order) => OrderForm.Check(order) is { IsEmpty: false } errors
        ? Task.FromResult(Outcome.Invalid<RecordedDecision>(errors))
        : _book.ReserveAsync(OrderForm.Normalised(order), InForce);

    public Task<Outcome<ImmutableArray<RecordedDecision>>> ValidateManyAsync(ImmutableArray<Order> orders)
    {
        var most = options.Value.MaxSignalsPerRequest;
        return orders.Length <= most
            ? DecideAsync(orders)
            : Task.FromResult(Outcome.Invalid<ImmutableArray<RecordedDecision>>(new FieldError("signals", "max_count",
                FormattableString.Invariant($"signals must have at most {most} elements; it has {orders.Length}."))));
    }

    public Task<LimitsHistory> GetLimitsAsync() =>
        Task.FromResult(new LimitsHistory(this.GetPrimaryKeyString(), InForce, _versions.RemoveAt(0)));

    public async Task<Outcome<LimitsVersion>> UpdateLimitsAsync(LimitsChange change)
    {
        if (LimitRules.Check(change) is { IsEmpty: false } errors) return Outcome.Invalid<LimitsVersion>(errors);
        var changed = LimitRules.Change(_versions, change, clock.GetUtcNow());
        if (!changed.IsDone) return new(changed.Kind, null, changed.Errors);
        await StoreAsync(changed.Value);
        return Outcome.Done(InForce);
    }

    public Task<Outcome<SessionStatus>> HeartbeatAsync() => _book.HeartbeatAsync(InForce.Limits.HeartbeatSeconds);

    public Task<Outcome<RiskReport>> GetReportAsync() => _book.GetRiskReportAsync(InForce.Limits);

    /// <summary>Asks the book even where no order is well formed, since only the book knows whether it exists.</summary>
    async Task<Outcome<ImmutableArray<RecordedDecision>>> DecideAsync(ImmutableArray<Order> orders)
    {
        var limits = InForce;
        var batch = new SignalBatch(orders);
        var decided = await _book.ReserveManyAsync(batch.WellFormed, limits);
        return decided.IsDone
            ? Outcome.Done(batch.Merge(decided.Value, this.GetPrimaryKeyString(), limits.Version, clock.GetUtcNow()))
            : decided;
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
    }
}

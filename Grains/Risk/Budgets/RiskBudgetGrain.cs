using Microsoft.Extensions.Options;

namespace Trading.Risk;

/// <summary>The firm or a desk. One message at a time: a grant is stored before it is told, and before another is made
/// of the same budget.</summary>
public sealed class RiskBudgetGrain(
    [PersistentState("budget", "trading")] IPersistentState<BudgetNode> stored, IOptions<RiskOptions> options,
    TimeProvider clock)
    : Grain, IRiskBudgetGrain
{
    const int MaxChanges = 100;

    BudgetNode _node = new();
    DateTimeOffset _askedAt = DateTimeOffset.MinValue;

    string Name => this.GetPrimaryKeyString();
    bool IsRoot => Name == GrainKeys.FirmBudget;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (stored.RecordExists) _node = stored.State;
        return Task.CompletedTask;
    }

    public async Task<Outcome<BudgetOffer>> AskAsync(BudgetAsk ask)
    {
        if (_node.Currency is { } currency && currency != ask.Currency)
            return Outcome.Conflict<BudgetOffer>(
                "parent", "currency", $"{Name} counts in {currency}; {ask.Child} is in {ask.Currency}.");
        _node = Granting.Note(_node, ask);
        if (Granting.IsShort(_node, IsRoot, ask.Child)
            || clock.GetUtcNow() - _askedAt >= TimeSpan.FromSeconds(options.Value.LimitsRefresh))
            await AskParentAsync();
        var (node, offer) = Granting.Offer(_node, Name, IsRoot, ask.Child);
        await KeepAsync(node);
        return Outcome.Done(offer);
    }

    public Task LeaveAsync(string child) =>
        KeepAsync(_node with { Children = [.. _node.Children.Where(entry => entry.Child != child)] });

    public async Task<Outcome<BudgetReport>> SetLimitsAsync(BudgetAmounts limit, string changedBy, string reason)
    {
        if (BudgetValidator.Check(limit, changedBy, reason) is { IsEmpty: false } errors)
            return Outcome.Invalid<BudgetReport>(errors);
        var change = new BudgetLimits(limit, changedBy, reason, clock.GetUtcNow());
        await KeepAsync(_node with { Changes = [change, .. _node.Changes.Take(MaxChanges - 1)] });
        if (_node.Currency is not null) await AskParentAsync();
        return Outcome.Done(await GetReportAsync());
    }

    public Task<BudgetReport> GetReportAsync() => Task.FromResult(new BudgetReport(
        Name, _node.Currency, _node.Limit, Granting.Capacity(_node, IsRoot),
        Amounts.Sum(_node.Children.Select(child => child.Granted)),
        Amounts.Sum(_node.Children.Select(child => child.Used)), Granting.Free(_node, IsRoot), _node.Children,
        _node.Changes));

    /// <summary>Twice where something is given back: what is no longer held is confirmed once that is stored.</summary>
    async Task AskParentAsync()
    {
        if (IsRoot) return;
        _askedAt = clock.GetUtcNow();
        var parent = GrainFactory.GetGrain<IRiskBudgetGrain>(GrainKeys.FirmBudget);
        for (var gaveBack = true; gaveBack;)
        {
            var ask = Granting.Ask(_node, Name);
            if (await parent.AskAsync(ask) is not { IsDone: true, Value: { } offer }) return;
            await KeepAsync(Granting.Take(_node, offer));
            gaveBack = Amounts.AnyLess(_node.Grant!.Amounts, offer.Granted) && _node.Grant.Version == offer.Version;
        }
    }

    /// <summary>After a failed write nobody knows what is stored: the activation goes, and the next one
    /// reads.</summary>
    async Task KeepAsync(BudgetNode node)
    {
        var before = stored.RecordExists ? stored.State : new();
        _node = node;
        if (!node.DiffersFrom(before)) return;
        stored.State = node;
        try
        {
            await stored.WriteStateAsync();
        }
        catch
        {
            _node = stored.State = before;
            DeactivateOnIdle();
            throw;
        }
    }
}

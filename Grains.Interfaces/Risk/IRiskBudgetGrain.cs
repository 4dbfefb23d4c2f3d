using Orleans.Concurrency;

namespace Trading.Risk;

/// <summary>Hands out the budget of the firm or of a desk to what is below it. Asked now and then, never on the way of an order. Key:
/// <see cref="GrainKeys.FirmBudget"/> or <c>desk/{id}</c>.</summary>
[Alias("trading.risk-budget")]
public interface IRiskBudgetGrain : IGrainWithStringKey
{
    /// <summary>Notes what a child holds and uses, and grants what it wants as far as there is budget; durable before it is answered.
    /// <see cref="OutcomeKind.Conflict"/> for another currency.</summary>
    [Traced]
    Task<Outcome<BudgetOffer>> AskAsync(BudgetAsk ask);

    /// <summary>Takes back all that a child was granted. The child must no longer be bound by it.</summary>
    [Traced]
    Task LeaveAsync(string child);

    [Traced]
    Task<Outcome<BudgetReport>> SetLimitsAsync(BudgetAmounts limit, string changedBy, string reason);

    [AlwaysInterleave]
    [Traced]
    Task<BudgetReport> GetReportAsync();
}

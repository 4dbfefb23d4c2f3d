using System.Collections.Immutable;
using Orleans.Concurrency;
using Trading.Portfolios;

namespace Trading.Risk;

/// <summary>Keeps the limits of one book and answers its signals. Key: the portfolio's id.</summary>
[Alias("trading.risk-limit")]
public interface IRiskLimitGrain : IGrainWithStringKey
{
    /// <summary>Decides one order; <see cref="OutcomeKind.Invalid"/> for a malformed one, <see cref="OutcomeKind.NotFound"/> for an
    /// unknown portfolio.</summary>
    [AlwaysInterleave]
    [Traced]
    Task<Outcome<RecordedDecision>> ValidateAsync(Order order);

    /// <summary>Decides orders one after another, in order, each counting the approvals before it. A malformed one gets a refusal
    /// with the code <see cref="RiskRule.Malformed"/> in its place.</summary>
    [AlwaysInterleave]
    [Traced]
    Task<Outcome<ImmutableArray<RecordedDecision>>> ValidateManyAsync(ImmutableArray<Order> orders);

    /// <summary>Decides orders of different callers that came together, as <see cref="ValidateAsync"/> decides each: an
    /// outcome for each, in its place; null for one that must wait for a price and is to be asked about alone.</summary>
    [AlwaysInterleave]
    [Traced]
    Task<ImmutableArray<Outcome<RecordedDecision>?>> ValidateEachAsync(ImmutableArray<Order> orders);

    /// <summary>What an order would do under the limits in force; nothing is reserved.</summary>
    [AlwaysInterleave]
    [Traced]
    Task<Outcome<TradePreview>> PreviewAsync(Order order);

    /// <summary>The limits in force and the versions before them, newest first.</summary>
    [AlwaysInterleave]
    [Traced]
    Task<LimitsHistory> GetLimitsAsync();

    /// <summary>Replaces the limits by a new version, or names everything that is wrong with them.</summary>
    [Traced]
    Task<Outcome<LimitsVersion>> UpdateLimitsAsync(LimitsChange change);

    /// <summary>The caller is alive, see <see cref="RiskLimits.HeartbeatSeconds"/>.</summary>
    [AlwaysInterleave]
    [Traced]
    Task<Outcome<SessionStatus>> HeartbeatAsync();

    /// <summary>Changes named limits for a time. One that loosens a limit needs a second person.</summary>
    [Traced]
    Task<Outcome<LimitOverride>> OverrideAsync(OverrideRequest request);

    /// <summary>Says where the book gets its budget from.</summary>
    [Traced]
    Task<Outcome<BudgetPlace>> AssignAsync(BudgetAssignment assignment);

    /// <summary>Ends an override before its time.</summary>
    [Traced]
    Task<Outcome<LimitOverride>> CancelOverrideAsync(OverrideCancellation cancellation);

    /// <summary>The book's risk report with every limit's usage.</summary>
    [AlwaysInterleave]
    [Traced]
    Task<Outcome<RiskReport>> GetReportAsync();

    /// <summary>Mode, stops, flatten plan and circuit breakers.</summary>
    [AlwaysInterleave]
    [Traced]
    Task<Outcome<GuardReport>> GetGuardsAsync();

    /// <summary>Lets a tripped breaker cool, under the limits in force.</summary>
    [AlwaysInterleave]
    [Traced]
    Task<Outcome<GuardReport>> ResetBreakerAsync(BreakerName name, Sanction sanction);

    /// <summary>Ends the book's own emergency stop.</summary>
    [AlwaysInterleave]
    [Traced]
    Task<Outcome<GuardReport>> ResumeAsync(Sanction sanction);
}

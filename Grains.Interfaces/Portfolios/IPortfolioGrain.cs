using System.Collections.Immutable;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>One book and its only writer; every change is in the journal before it is answered. Key: the portfolio's id.</summary>
[Alias("trading.portfolio")]
public interface IPortfolioGrain : IGrainWithStringKey
{
    /// <summary>Opens the book; <see cref="OutcomeKind.Conflict"/> where it exists with other terms.</summary>
    [Traced]
    Task<Outcome<PortfolioSnapshot>> CreateAsync(PortfolioTerms terms);

    /// <summary>Positions, cash, profit and loss, open reservations; not found before <see cref="CreateAsync"/>.</summary>
    [Traced]
    Task<Outcome<PortfolioSnapshot>> GetSnapshotAsync();

    /// <summary>The risk report as last calculated, with the usage of the limits given.</summary>
    [Traced]
    Task<Outcome<RiskReport>> GetRiskReportAsync(RiskLimits limits);

    /// <summary>How the book's forecasts of its losses held, and what follows for its limit.</summary>
    [Traced]
    Task<Outcome<BacktestReport>> GetBacktestAsync();

    /// <summary>What the positions would lose in the configured events, or under the shocks given.</summary>
    [Traced]
    Task<Outcome<StressReport>> GetStressAsync(StressShocks? shocks);

    /// <summary>What the dynamic limits look at.</summary>
    [Traced]
    Task<Outcome<LimitInputs>> GetLimitInputsAsync();

    /// <summary>What the book was granted and what it uses of it.</summary>
    [Traced]
    Task<Outcome<BudgetStanding>> GetBudgetAsync();

    /// <summary>Takes what its node offers, and comes down to the target as far as that is not used; durable before it is answered.</summary>
    /// <param name="offer">Null where the book leaves the hierarchy.</param>
    [Traced]
    Task<Outcome<BudgetStanding>> TakeBudgetAsync(BudgetOffer? offer);

    /// <summary>Asks for the prices of symbols that the book does not know yet, so that orders of them wait for none. Who knows the
    /// limits asks for this first: an order that waited would else be held to limits that were replaced meanwhile.</summary>
    [Traced]
    Task PrepareAsync(ImmutableArray<string> symbols);

    /// <summary>Decides an order against the whole book, and reserves its exposure where it is approved.</summary>
    [Traced]
    Task<Outcome<RecordedDecision>> ReserveAsync(Order order, LimitsVersion limits);

    /// <summary>Decides orders one after another, each counting the approvals before it.</summary>
    [Traced]
    Task<Outcome<ImmutableArray<RecordedDecision>>> ReserveManyAsync(ImmutableArray<Order> orders, LimitsVersion limits);

    /// <summary>Decides orders of different callers that came together, one after another. What is wrong with one says
    /// nothing of the others: each has an outcome of its own, in its place, and all are durable together.</summary>
    /// <returns>Null for an order whose symbol the book has not asked about yet: the others do not wait for a price, so it
    /// is to be decided alone, by <see cref="ReserveAsync"/>.</returns>
    [Traced]
    Task<ImmutableArray<Outcome<RecordedDecision>?>> ReserveEachAsync(ImmutableArray<Order> orders, LimitsVersion limits);

    /// <summary>What an order would do now; nothing is reserved.</summary>
    [Traced]
    Task<Outcome<TradePreview>> PreviewAsync(Order order, LimitsVersion limits);

    /// <summary>The last decisions that are in memory, newest first.</summary>
    /// <param name="after">Only those at a later place in the journal.</param>
    [Traced]
    Task<Outcome<ImmutableArray<RecordedDecision>>> GetDecisionsAsync(long after, int limit);

    /// <summary>Posts an execution against its reservation, whole or in part.</summary>
    [Traced]
    Task<Outcome<FillReceipt>> FillAsync(Fill fill);

    /// <summary>Gives back what is left of a reservation.</summary>
    [Traced]
    Task<Outcome<Reservation>> ReleaseAsync(string reservationId, string reason);

    /// <summary>Makes a decision again from the journal alone, and compares.</summary>
    [Traced]
    Task<Outcome<DecisionReplay>> ReplayAsync(string decisionId);

    /// <summary>Pays cash in (positive) or out (negative).</summary>
    [Traced]
    Task<Outcome<PortfolioSnapshot>> TransferAsync(CashTransfer transfer);

    /// <summary>Lets a symbol that repeated executions disabled trade again.</summary>
    /// <param name="by">The person who decided it.</param>
    [Traced]
    Task<Outcome<EnabledSymbol>> EnableSymbolAsync(string symbol, string by, string reason);

    /// <summary>The caller is alive. Silence for longer than the timeout loses the session: its approvals are given back, once.</summary>
    /// <param name="timeoutSeconds">Null where nothing watches the session.</param>
    [Traced]
    Task<Outcome<SessionStatus>> HeartbeatAsync(double? timeoutSeconds);
    /// <summary>Mode, stops, flatten plan and circuit breakers, evaluated now under the limits given.</summary>
    [Traced]
    Task<Outcome<GuardReport>> GetGuardsAsync(LimitsVersion limits);

    /// <summary>Sets the trading mode; <see cref="OutcomeKind.Conflict"/> while the book is stopped.</summary>
    [Traced]
    Task<Outcome<GuardReport>> SetModeAsync(ModeChange change);

    /// <summary>Lets a tripped breaker cool; <see cref="OutcomeKind.Conflict"/> where it is not tripped or still over its trip level.</summary>
    [Traced]
    Task<Outcome<GuardReport>> ResetBreakerAsync(BreakerName name, Sanction sanction, LimitsVersion limits);

    /// <summary>Halts the book at once, gives every approval back and, where asked for, begins to flatten. A stopped book stays so; a
    /// plan to flatten may still be added.</summary>
    [Traced]
    Task<Outcome<GuardReport>> StopAsync(StopCommand command);

    /// <summary>Ends the book's own stop; <see cref="OutcomeKind.Conflict"/> where there is none.</summary>
    [Traced]
    Task<Outcome<GuardReport>> ResumeAsync(Sanction sanction, LimitsVersion limits);

    /// <summary>Stops or resumes with the firm. An order older than one that was followed changes nothing.</summary>
    [Traced]
    Task<Outcome<GuardReport>> FollowAsync(FirmOrder order);
}

/// <summary>Which portfolios exist. Key: <see cref="GrainKeys.Directory"/>.</summary>
[Alias("trading.portfolio-directory")]
public interface IPortfolioDirectoryGrain : IGrainWithStringKey
{
    [Traced]
    Task<ImmutableArray<string>> ListAsync();
}

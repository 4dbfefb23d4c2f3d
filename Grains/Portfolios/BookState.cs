using System.Collections.Immutable;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>A book as of an event, in the form of a snapshot.</summary>
/// <param name="KeyCount">Idempotency keys seen; <paramref name="Keys"/> is their filter.</param>
/// <param name="Limits">Under which the last decision was made; null before the first.</param>
public sealed record BookState(
    long Sequence,
    PortfolioTerms Terms,
    decimal Cash,
    decimal Deposits,
    decimal Fees,
    decimal HighWaterMark,
    ImmutableArray<Holding> Holdings,
    ImmutableArray<Reservation> Reservations,
    long KeyCount,
    byte[] Keys,
    LimitsVersion? Limits,
    ForecastsState? Forecasts = null,
    ActivityState? Activity = null,
    GuardState? Guards = null,
    BudgetGrant? Budget = null);

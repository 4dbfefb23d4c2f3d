using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Trading.Risk;

namespace Trading.Portfolios;

/// <param name="Currency">ISO 4217 code; every price and amount of the book is in it.</param>
/// <param name="Cash">Paid in at the start; zero or more.</param>
[GenerateSerializer, Immutable, Alias("trading.portfolio-terms")]
public sealed record PortfolioTerms(string Currency, decimal Cash, bool AllowShort);

/// <summary>A payment into or out of the book.</summary>
/// <param name="TransferId">Idempotency key.</param>
[GenerateSerializer, Immutable, Alias("trading.cash-transfer")]
public sealed record CashTransfer(string TransferId, decimal Amount);

/// <summary>An execution.</summary>
/// <param name="FillId">Idempotency key; the client order id where the order fills in one piece.</param>
/// <param name="ReservationId">The approval that it fills; null finds it by <paramref name="ClientOrderId"/>.</param>
/// <param name="Price">Per unit, positive.</param>
/// <param name="Fees">Zero or more; booked as a cost.</param>
/// <param name="External">True for a trade that was made elsewhere and belongs to no reservation.</param>
[GenerateSerializer, Immutable, Alias("trading.fill")]
public sealed record Fill(
    string FillId,
    string? ClientOrderId,
    string? ReservationId,
    string Symbol,
    Side Action,
    decimal Quantity,
    decimal Price,
    decimal Fees,
    bool External);

/// <summary>What a fill of the venue can break. It is booked all the same: it has happened.</summary>
[GenerateSerializer, JsonConverter(typeof(SnakeCaseEnumConverter<FillRule>))]
public enum FillRule
{
    /// <summary>No approval of it is open: it was never made, is filled, was released or has expired.</summary>
    NoReservation,
    /// <summary>It is of another symbol, side or client order than the approval that it names, which stays as it is.</summary>
    DiffersFromReservation,
    /// <summary>More was filled than was open.</summary>
    ExceedsReservation,
    /// <summary>More was sold than was held and not promised to open sales, in a book that may not go short.</summary>
    ShortSale,
    /// <summary>More was reported of an order that can only reduce than there was to reduce.</summary>
    ReduceOnly,
}

/// <param name="Observed">What was filled, in units.</param>
/// <param name="Limit">What could be filled without breaking the rule, in units; null where nothing was expected.</param>
[GenerateSerializer, Immutable, Alias("trading.fill-violation")]
public sealed record FillViolation(FillRule Code, decimal Observed, decimal? Limit, string Unit, string Detail);

/// <summary>A fill that broke a rule, and was booked.</summary>
[GenerateSerializer, Immutable, Alias("trading.doubtful-fill")]
public sealed record DoubtfulFill(
    string FillId, long Sequence, string Symbol, ImmutableArray<FillViolation> Violations, DateTimeOffset BookedAt);

/// <param name="Sequence">Where the fill stands in the book's journal.</param>
/// <param name="RemainingReserved">What the reservation still holds; null for a fill that belongs to none.</param>
[GenerateSerializer, Immutable, Alias("trading.fill-receipt")]
public sealed record FillReceipt(
    string FillId,
    long Sequence,
    string? ReservationId,
    string Symbol,
    Side Action,
    decimal Quantity,
    decimal Price,
    decimal Fees,
    decimal RealisedPnl,
    decimal? RemainingReserved,
    decimal PositionQuantity,
    decimal Cash,
    DateTimeOffset BookedAt)
{
    /// <summary>What the fill broke; in an answer empty where it broke nothing, in the journal absent.</summary>
    [Id(9)] public ImmutableArray<FillViolation>? Violations { get; init; }
}

/// <summary>An approval that is not yet filled.</summary>
/// <param name="Remaining">What is neither filled nor released, in units.</param>
/// <param name="ReferencePrice">At which it was valued when it was approved.</param>
[GenerateSerializer, Immutable, Alias("trading.reservation")]
public sealed record Reservation(
    [property: Id(0)] string ReservationId,
    [property: Id(1)] string? ClientOrderId,
    [property: Id(2)] string Symbol,
    [property: Id(3)] Side Action,
    [property: Id(4)] decimal Quantity,
    [property: Id(5)] decimal Remaining,
    [property: Id(6)] decimal ReferencePrice,
    [property: Id(7)] DateTimeOffset ExpiresAt)
{
    [Id(8)] public string? Strategy { get; init; }

    /// <summary>Of the order; null for a market order.</summary>
    [Id(9)] public decimal? LimitPrice { get; init; }

    /// <summary>It can only close: it holds no exposure, and shrinks with the position.</summary>
    [Id(12), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] public bool ReduceOnly { get; init; }
}

/// <summary>A symbol that a person enabled again.</summary>
/// <param name="Executions">How often it was filled within the window when it was disabled.</param>
[GenerateSerializer, Immutable, Alias("trading.enabled-symbol")]
public sealed record EnabledSymbol(string Symbol, long Executions, string By, string Reason, DateTimeOffset At);

/// <summary>Whether a book hears from its caller.</summary>
/// <param name="TimeoutSeconds">Silence after which the session is lost; null where nothing watches it.</param>
[GenerateSerializer, Immutable, Alias("trading.session-status")]
public sealed record SessionStatus(bool Connected, double? TimeoutSeconds, DateTimeOffset HeardAt);

/// <summary>A holding. Quantity is negative when short; average cost is per unit, without fees; prices are null while unknown.</summary>
[GenerateSerializer, Immutable, Alias("trading.position")]
public sealed record Position(
    string Symbol,
    string? Sector,
    decimal Quantity,
    decimal AverageCost,
    decimal? LastPrice,
    decimal? MarketValue,
    decimal? UnrealisedPnl,
    decimal RealisedPnl,
    double? Weight)
{
    /// <summary>The instant for which the last price is current; null while it is unknown.</summary>
    [Id(0)] public DateTimeOffset? PricedAt { get; init; }

    /// <summary>Why the quality of the symbol's data lets it only be reduced, as where its newest price was not accepted; null where it
    /// may trade.</summary>
    [Id(1)] public string? Doubt { get; init; }
}

/// <summary>The book. Equity = cash + market value = deposits + realised + unrealised - fees; null while a held price is unknown.</summary>
[GenerateSerializer, Immutable, Alias("trading.portfolio-snapshot")]
public sealed record PortfolioSnapshot(
    string Portfolio,
    string Currency,
    bool AllowShort,
    long Sequence,
    decimal Cash,
    decimal Deposits,
    decimal Fees,
    decimal? MarketValue,
    decimal? Equity,
    decimal RealisedPnl,
    decimal? UnrealisedPnl,
    decimal? HighWaterMark,
    double? Drawdown,
    DateOnly? PricesAsOf,
    ImmutableArray<Position> Positions,
    ImmutableArray<Reservation> Reservations);

using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Trading.MarketData;
using Trading.Risk;

namespace Trading.Portfolios;

/// <param name="Currency">ISO 4217 code. Every amount of the book is in it; prices are in the currencies of their
/// instruments.</param>
/// <param name="Cash">Paid in at the start; zero or more.</param>
[GenerateSerializer, Immutable, Alias("trading.portfolio-terms")]
public sealed record PortfolioTerms(string Currency, decimal Cash, bool AllowShort)
{
    /// <summary>Whose day is the book's: that of shares changes at midnight in New York, that of currencies at 17:00
    /// there, that of coins at midnight UTC. Null for the setting's; on record null for midnight UTC.</summary>
    [Id(0), JsonConverter(typeof(SnakeCaseEnumConverter<AssetClass>))]
    public AssetClass? Market { get; init; }
}

/// <summary>A payment into or out of the book.</summary>
/// <param name="TransferId">Idempotency key.</param>
[GenerateSerializer, Immutable, Alias("trading.cash-transfer")]
public sealed record CashTransfer(string TransferId, decimal Amount);

/// <summary>An execution.</summary>
/// <param name="FillId">Idempotency key; the client order id where the order fills in one piece.</param>
/// <param name="ReservationId">The approval that it fills; null finds it by <paramref name="ClientOrderId"/>.</param>
/// <param name="Price">Per unit, positive, in the currency of the instrument.</param>
/// <param name="Fees">Zero or more, in <see cref="FeeCurrency"/>; booked as a cost.</param>
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
    bool External)
{
    /// <summary>Null for the book's. The coin that is traded (BTC of BTCUSD) takes the fee off the units.</summary>
    [Id(0)] public string? FeeCurrency { get; init; }
}

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

/// <summary>An execution as it was booked.</summary>
/// <param name="Fees">As the fill has them, in <see cref="FeeCurrency"/>.</param>
/// <param name="RealisedPnl">In the book's currency; null where it waits for a rate.</param>
/// <param name="Cash">Of the book after it, in its currency; amounts that wait for a rate are not in it.</param>
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
    decimal? RealisedPnl,
    decimal? RemainingReserved,
    decimal PositionQuantity,
    decimal Cash,
    DateTimeOffset BookedAt)
{
    /// <summary>What the fill broke; in an answer empty where it broke nothing, in the journal absent.</summary>
    [Id(9)] public ImmutableArray<FillViolation>? Violations { get; init; }

    /// <summary>Quantity times price in the currency of the instrument, exact to 18 decimal places. Null in receipts
    /// older than that: their amounts were rounded to 8.</summary>
    [Id(0)] public decimal? Value { get; init; }

    /// <summary>Of the price and the value; null for the book's.</summary>
    [Id(1)] public string? Currency { get; init; }

    /// <summary>What one unit of <see cref="Currency"/> was worth in the book's; null for the book's own, and where it
    /// was not known.</summary>
    [Id(2)] public decimal? FxRate { get; init; }

    /// <summary>The instant for which that rate was current.</summary>
    [Id(3)] public DateTimeOffset? FxRateAt { get; init; }

    /// <summary>The part of the realised profit that the rate made.</summary>
    [Id(4)] public decimal? FxPnl { get; init; }

    /// <summary>Null for the book's.</summary>
    [Id(5)] public string? FeeCurrency { get; init; }

    /// <summary>Units that the fee took off the position; null where it was paid in cash.</summary>
    [Id(6)] public decimal? FeeUnits { get; init; }

    /// <summary>What one unit of <see cref="FeeCurrency"/> was worth in the book's; null for the book's own, and where
    /// it was not known.</summary>
    [Id(7)] public decimal? FeeRate { get; init; }

    /// <summary>The fees in the book's currency; null where they wait for a rate.</summary>
    [Id(8)] public decimal? FeesBooked { get; init; }

    /// <summary>What a currency counted as in <see cref="FxRate"/>, else in <see cref="FeeRate"/>, by a setting; null
    /// where markets said them.</summary>
    [Id(10), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? FxPeg { get; init; }

    /// <summary>What the position changes by: the quantity, less the units that the fee took.</summary>
    public decimal Units() => (Action == Side.Buy ? Quantity : -Quantity) - (FeeUnits ?? 0);
}

/// <summary>An approval that is not yet filled.</summary>
/// <param name="Remaining">What is neither filled nor released, in units.</param>
/// <param name="ReferencePrice">At which it was valued when it was approved, in the currency of the instrument.</param>
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

    /// <summary>Of the prices; null for the book's.</summary>
    [Id(10)] public string? Currency { get; init; }

    /// <summary>What one unit of it was worth in the book's when the order was approved; null for the book's own, and
    /// where it was not known.</summary>
    [Id(11)] public decimal? FxRate { get; init; }

    /// <summary>The reference price in the book's currency; null where the rate was not known.</summary>
    public decimal? BookPrice() => Currency is null ? ReferencePrice : ReferencePrice * FxRate;
}

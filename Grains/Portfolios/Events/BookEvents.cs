using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>What can happen to a book. Events carry what was decided, never how: replaying them needs no rule and no
/// price. They evolve by addition only; a field that an old event lacks is null, zero or false.</summary>
public abstract record BookEvent
{
    /// <summary>The idempotency key in the book's stream; null for none.</summary>
    [JsonIgnore] public virtual string? Key => null;
}

public sealed record Opened(PortfolioTerms Terms, DateTimeOffset At) : BookEvent
{
    public override string Key => "opened";
}

/// <param name="HighWaterMark">After the payment, moved with equity so that the drawdown stays what it was.</param>
public sealed record CashTransferred(CashTransfer Transfer, decimal HighWaterMark, DateTimeOffset At) : BookEvent
{
    public override string Key => KeyOf(Transfer.TransferId);
    public static string KeyOf(string transferId) => "transfer:" + transferId;
}

/// <summary>An order was approved, and is reserved from here on, or refused.</summary>
public sealed record SignalDecided(SignalDecision Decision) : BookEvent
{
    /// <summary>What the decision reserves; null for a refusal.</summary>
    public Reservation? Reservation { get; } = !Decision.Approved ? null : new(
        Decision.DecisionId, Decision.ClientOrderId, Decision.Symbol, Decision.Action,
        Decision.ReservedQuantity ?? Decision.Quantity, Decision.ReservedQuantity ?? Decision.Quantity,
        Decision.ReservedPrice!.Value, Decision.ExpiresAt!.Value)
    {
        Strategy = Decision.Strategy,
        Currency = Decision.Currency,
        FxRate = Decision.FxRate,
        LimitPrice = Decision.LimitPrice,
        ReduceOnly = Decision.ReduceOnly,
    };

    /// <summary>The decision as it goes to the caller. Made from the event it is the same to the last byte.</summary>
    public RecordedDecision Recorded { get => field ??= RecordedDecision.Of(Decision); init; }

    public override string? Key => Decision.ClientOrderId is { } id ? KeyOf(id) : null;
    public static string KeyOf(string clientOrderId) => "order:" + clientOrderId;
}

public sealed record Filled(Fill Fill, FillReceipt Receipt) : BookEvent
{
    /// <summary>True where the book itself had the order executed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] public bool ByBroker { get; init; }

    /// <summary>Whose order it was, where no approval of it is open; null where that is not known.</summary>
    public string? Strategy { get; init; }

    /// <summary>The newest session that the book knew of the symbol; null for none.</summary>
    public DateOnly? Session { get; init; }

    /// <summary>The receipt as callers get it.</summary>
    [JsonIgnore] public FillReceipt Answer => Receipt with { Violations = Receipt.Violations ?? [] };

    public override string Key => KeyOf(Fill.FillId);
    public static string KeyOf(string fillId) => "fill:" + fillId;
}

/// <param name="Reservation">As it was; what remained of it is given back.</param>
public sealed record Released(Reservation Reservation, string Reason, DateTimeOffset At) : BookEvent
{
    public override string Key => KeyOf(Reservation.ReservationId);
    public static string KeyOf(string reservationId) => "release:" + reservationId;
}

/// <param name="Reservations">Their ids; what remained of them is given back.</param>
public sealed record Expired(ImmutableArray<string> Reservations, DateTimeOffset At) : BookEvent;

/// <summary>The session of the book's prices advanced: what the forecast before came to, and the forecast of the
/// next.</summary>
/// <param name="Realised">Null where there was no forecast before.</param>
/// <param name="Standing">What follows for the limit on value at risk from here on.</param>
public sealed record ForecastMade(
    Forecast Forecast, Realised? Realised, ForecastStanding Standing, DateTimeOffset At) : BookEvent;

public sealed record HighWaterMarkRaised(decimal Equity, DateTimeOffset At) : BookEvent;

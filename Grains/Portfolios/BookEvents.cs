using System.Text.Json.Serialization;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>What can happen to a book. Events carry what was decided, never how: replaying them needs no rule and no price.
/// They evolve by addition only; a field that an old event lacks is null, zero or false.</summary>
public abstract record BookEvent
{
    /// <summary>The idempotency key in the book's stream; null for none.</summary>
    [JsonIgnore] public virtual string? Key => null;

    /// <summary>The symbol whose exposure changes; null for none.</summary>
    [JsonIgnore] public virtual string? Symbol => null;
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

/// <param name="Reservation">Set exactly where the decision is an approval.</param>
public sealed record SignalDecided(Order Order, SignalDecision Decision, Reservation? Reservation) : BookEvent
{
    public override string? Key => Order.ClientOrderId is { } id ? KeyOf(id) : null;
    public override string? Symbol => Reservation?.Symbol;
    public static string KeyOf(string clientOrderId) => "order:" + clientOrderId;
}

public sealed record Filled(Fill Fill, FillReceipt Receipt) : BookEvent
{
    public override string Key => KeyOf(Fill.FillId);
    public override string Symbol => Receipt.Symbol;
    public static string KeyOf(string fillId) => "fill:" + fillId;
}

/// <param name="Reservation">As it was; what remained of it is given back.</param>
public sealed record Released(Reservation Reservation, string Reason, DateTimeOffset At) : BookEvent
{
    public override string Key => KeyOf(Reservation.ReservationId);
    public override string Symbol => Reservation.Symbol;
    public static string KeyOf(string reservationId) => "release:" + reservationId;
}

/// <inheritdoc cref="Released"/>
public sealed record Expired(Reservation Reservation, DateTimeOffset At) : BookEvent
{
    /// <summary>Shared with <see cref="Released"/>: a reservation ends once.</summary>
    public override string Key => Released.KeyOf(Reservation.ReservationId);
    public override string Symbol => Reservation.Symbol;
}

public sealed record HighWaterMarkRaised(decimal Equity, DateTimeOffset At) : BookEvent;

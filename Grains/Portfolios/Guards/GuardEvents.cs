using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>The limits of a book changed in what its breakers depend on; they hold from here on, also where no order
/// brings them.</summary>
public sealed record GuardsConfigured(GuardSettings Settings, long LimitsVersion, DateTimeOffset At) : BookEvent;

/// <summary>A move of the guards that persons are told of. Its number makes the event itself an entry of the book's outbox: the
/// trip and what is to be said of it are one commit, and whoever reads 1, 2, 3 … by the key misses none.</summary>
public abstract record GuardMove : BookEvent
{
    /// <summary>1, 2, 3 … in the book; zero in events from before there were numbers.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] public long Notice { get; init; }

    public override string? Key => Notice > 0 ? KeyOf(Notice) : null;
    public static string KeyOf(long notice) => string.Create(CultureInfo.InvariantCulture, $"notice:{notice}");
}

/// <summary>A breaker moved from one state to another.</summary>
/// <param name="Observed">The measure; null where it is not known, as it may be when a person resets the
/// breaker.</param>
/// <param name="Level">What it was held against: the trip level for a trip, the clear level for every other
/// move.</param>
/// <param name="By">A person, or <see cref="BreakerRules.ByItself"/>.</param>
/// <param name="Settings">Under which it moved.</param>
/// <param name="Equity">Where a person resets a breaker of losses: it counts from here on.</param>
public sealed record BreakerMoved(
    BreakerName Name,
    BreakerState From,
    BreakerState To,
    double? Observed,
    double Level,
    string By,
    string? SecondPerson,
    string Reason,
    DateTimeOffset At,
    BreakerSettings Settings,
    decimal? Equity = null) : GuardMove;

/// <summary>What losses are counted from moved; null where it stays.</summary>
/// <param name="Session">A new trading day, and <paramref name="DayEquity"/>, the equity at the close before
/// it.</param>
/// <param name="High">The drawdown breaker's own high, where a reset has set one.</param>
public sealed record ReferencesMoved(
    DateOnly? Session, decimal? DayEquity, decimal? High, DateTimeOffset At) : BookEvent;

public sealed record ModeChanged(TradingMode Mode, string By, string Reason, DateTimeOffset At) : BookEvent;

/// <param name="FirmVersion">Of the firm's order; null for a stop of the book alone.</param>
public sealed record Stopped(Stop Stop, long? FirmVersion) : GuardMove;

/// <param name="FirmVersion">Of the firm's order; null where the book's own stop ends.</param>
public sealed record Resumed(
    StopScope Scope, long? FirmVersion, string By, string? SecondPerson, string Reason, DateTimeOffset At) : GuardMove;

/// <param name="Reservations">Their ids; what remained of them is given back.</param>
public sealed record ReleasedTogether(
    ImmutableArray<string> Reservations, string Reason, DateTimeOffset At) : BookEvent;

public sealed record FlattenPlanned(string PlanId, ImmutableArray<FlattenStep> Steps, DateTimeOffset At) : BookEvent;

/// <summary>A position of the plan is flat, or an attempt at it failed.</summary>
public sealed record FlattenStepped(
    string PlanId, string Symbol, FlattenState State, string? Detail, DateTimeOffset At) : BookEvent;

/// <summary>The broker did not carry out an order.</summary>
public sealed record BrokerFailed(string OrderId, string Symbol, string Detail, DateTimeOffset At) : BookEvent;

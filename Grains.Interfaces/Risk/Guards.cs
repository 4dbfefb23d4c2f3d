using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Trading.Portfolios;

namespace Trading.Risk;

/// <summary>One breaker, and its last move.</summary>
/// <param name="Since">Of the last move; null where it has never moved.</param>
/// <param name="Observed">The measure at that move; null where it was not known.</param>
/// <param name="Level">The level that it was held against.</param>
/// <param name="By">Who moved it: a person, or <c>system</c>.</param>
/// <param name="TrippedUnder">The settings under which it last tripped; they hold where the limits no longer name the breaker.</param>
[GenerateSerializer, Immutable, Alias("trading.breaker")]
public sealed record Breaker(
    BreakerName Name,
    BreakerState State = BreakerState.Closed,
    DateTimeOffset? Since = null,
    double? Observed = null,
    double? Level = null,
    string? By = null,
    string? SecondPerson = null,
    string? Reason = null,
    BreakerSettings? TrippedUnder = null);

/// <summary>A breaker as it is shown.</summary>
/// <param name="Measure">Now; null where it cannot be known.</param>
/// <param name="Settings">In force; null where there is no such breaker.</param>
[GenerateSerializer, Immutable, Alias("trading.breaker-status")]
public sealed record BreakerStatus(Breaker Breaker, double? Measure, BreakerSettings? Settings);

/// <summary>Whose stop it is.</summary>
[GenerateSerializer, JsonConverter(typeof(SnakeCaseEnumConverter<StopScope>))]
public enum StopScope { Portfolio, Firm }

/// <summary>An emergency stop that nobody has ended.</summary>
[GenerateSerializer, Immutable, Alias("trading.stop")]
public sealed record Stop(StopScope Scope, string By, string Reason, DateTimeOffset At);

/// <summary>How far one position of a flatten plan is.</summary>
[GenerateSerializer, JsonConverter(typeof(SnakeCaseEnumConverter<FlattenState>))]
public enum FlattenState { Pending, Flat, Failed }

/// <param name="Attempts">Answers of the broker so far, the last at <paramref name="TriedAt"/>.</param>
/// <param name="Detail">Of the last attempt, where it failed; it is tried again.</param>
[GenerateSerializer, Immutable, Alias("trading.flatten-step")]
public sealed record FlattenStep(string Symbol, FlattenState State = FlattenState.Pending, int Attempts = 0, DateTimeOffset? TriedAt = null, string? Detail = null);

/// <summary>Reducing orders for every position that a stopped book had. Every step is an event: an interrupted plan goes on.</summary>
/// <param name="PlanId">Part of the id of every order and fill of the plan, so that none is booked twice.</param>
/// <param name="FinishedAt">When the book was seen to be flat; null while it is not.</param>
[GenerateSerializer, Immutable, Alias("trading.flatten-plan")]
public sealed record FlattenPlan(string PlanId, ImmutableArray<FlattenStep> Steps, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt = null);

/// <summary>What guards a book.</summary>
/// <param name="Mode">In force: halted while there is a stop, else the one that was set; at least reducing while the traffic light of the
/// book's forecasts is red.</param>
/// <param name="ModeSet">What a person set last.</param>
/// <param name="OpenReservations">Approvals that are neither filled nor given back; none while a stop is complete.</param>
/// <param name="OpenPositions">Symbols with a position; none once a flatten plan is finished.</param>
[GenerateSerializer, Immutable, Alias("trading.guard-report")]
public sealed record GuardReport(
    string Portfolio,
    TradingMode Mode,
    TradingMode ModeSet,
    ImmutableArray<Stop> Stops,
    FlattenPlan? Plan,
    int OpenReservations,
    int OpenPositions,
    ImmutableArray<BreakerStatus> Breakers,
    long Sequence)
{
    /// <summary>The latest fills that broke a rule and were booked, oldest first, at most 32.</summary>
    [Id(0)] public ImmutableArray<DoubtfulFill> DoubtfulFills { get; init; } = [];
}

[GenerateSerializer, Immutable, Alias("trading.mode-change")]
public sealed record ModeChange(TradingMode Mode, string By, string Reason);

/// <summary>Stops a book at once: no order that does more than close a position, every approval given back.</summary>
/// <param name="Flatten">Also sells and covers every position.</param>
[GenerateSerializer, Immutable, Alias("trading.stop-command")]
public sealed record StopCommand(string By, string Reason, bool Flatten);

/// <summary>Lets something that was stopped by a person or a breaker go on.</summary>
/// <param name="SecondPerson">Another person who agrees; needed where the limits say so.</param>
[GenerateSerializer, Immutable, Alias("trading.sanction")]
public sealed record Sanction(string By, string Reason, string? SecondPerson);

/// <summary>The state of the whole firm: every book follows the newest.</summary>
/// <param name="Version">Grows with every stop and resumption; zero before the first.</param>
[GenerateSerializer, Immutable, Alias("trading.firm-order")]
public sealed record FirmOrder(
    [property: Id(0)] long Version,
    [property: Id(1)] bool Stopped,
    [property: Id(2)] string By,
    [property: Id(3)] string? SecondPerson,
    [property: Id(4)] string Reason,
    [property: Id(5)] bool Flatten,
    [property: Id(6)] DateTimeOffset At);

/// <param name="Order">The newest; null where the firm was never stopped.</param>
/// <param name="Confirmed">Books that follow it, in ordinal order.</param>
/// <param name="Pending">Books that have not confirmed yet; they are asked again until they have.</param>
[GenerateSerializer, Immutable, Alias("trading.firm-report")]
public sealed record FirmReport(bool Stopped, FirmOrder? Order, ImmutableArray<string> Confirmed, ImmutableArray<string> Pending);

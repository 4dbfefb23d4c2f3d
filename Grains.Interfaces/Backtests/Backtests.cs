using System.Text.Json.Serialization;

namespace Trading.Backtests;

[GenerateSerializer, JsonConverter(typeof(SnakeCaseEnumConverter<BacktestState>))]
public enum BacktestState
{
    /// <summary>Waits for a free worker.</summary>
    Queued,
    Running,
    Done,
    /// <summary>It could not be made; the reason stands beside it.</summary>
    Failed,
    /// <summary>Somebody took it back.</summary>
    Cancelled,
}

/// <summary>What a job is to make: a test, or a sweep; as JSON, so that it is kept as it was asked for.</summary>
/// <param name="Test">Null where it is a sweep.</param>
/// <param name="Sweep">Null where it is a test.</param>
[GenerateSerializer, Immutable, Alias("trading.backtest-request")]
public sealed record BacktestRequest([property: Id(0)] string? Test, [property: Id(1)] string? Sweep);

/// <summary>How a job stands.</summary>
/// <param name="Progress">From 0 to 1.</param>
/// <param name="Failure">Why it failed; null where it did not.</param>
/// <param name="Trials">Runs that it makes: 1 of a test.</param>
/// <param name="Hash">Of the result, once there is one.</param>
[GenerateSerializer, Immutable, Alias("trading.backtest-job")]
public sealed record BacktestJob(
    [property: Id(0)] string Id,
    [property: Id(1)] BacktestState State,
    [property: Id(2)] double Progress,
    [property: Id(3)] DateTimeOffset SubmittedAt,
    [property: Id(4)] DateTimeOffset? StartedAt,
    [property: Id(5)] DateTimeOffset? EndedAt,
    [property: Id(6)] string? Failure,
    [property: Id(7)] int Trials,
    [property: Id(8)] string? Hash,
    [property: Id(9)] double? TotalReturn,
    [property: Id(10)] double? Sharpe)
{
    [JsonIgnore] public bool IsOpen => State is BacktestState.Queued or BacktestState.Running;
}

/// <summary>A part of what a job made.</summary>
[GenerateSerializer, JsonConverter(typeof(SnakeCaseEnumConverter<BacktestPart>))]
public enum BacktestPart
{
    /// <summary>Measures, profit and its parts.</summary>
    Result,
    /// <summary>The end of each day.</summary>
    Equity,
    /// <summary>Orders, fills and round trips.</summary>
    Trades,
    /// <summary>The page to look at.</summary>
    Report,
    /// <summary>The trials of a sweep.</summary>
    Sweep,
}

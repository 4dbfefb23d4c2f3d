using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Trading.Operations;

/// <summary>What one silo measured at one moment.</summary>
/// <param name="Readings">Of what is known; a reading that is absent is unknown, not zero.</param>
[GenerateSerializer, Immutable, Alias("trading.system-sample")]
public sealed record SystemSample(string Silo, DateTimeOffset At, ImmutableArray<Reading> Readings);

/// <param name="Name">One of <see cref="ReadingNames"/>.</param>
[GenerateSerializer, Immutable, Alias("trading.reading")]
public sealed record Reading(string Name, double Value);

/// <summary>What is remembered of the system. The names never change: they are in stored histories.</summary>
public static class ReadingNames
{
    /// <summary>1 where every part could serve, else 0.</summary>
    public const string Ready = "ready";

    public const string CpuUsage = "system_cpu_usage";
    public const string MemoryUsage = "system_memory_usage";
    public const string ProcessMemory = "process_memory_bytes";
    public const string ResponseTime = "api_response_time";
    public const string ResponseTimeMedian = "api_response_time_p50";
    public const string ResponseTimeTail = "api_response_time_p99";
    public const string RequestRate = "api_requests_per_second";
    public const string ErrorRate = "error_rate";
    public const string DecisionRate = "decisions_per_second";
    public const string DecisionLatencyMedian = "decision_latency_p50";
    public const string DecisionLatencyTail = "decision_latency_p99";
    public const string CommitTime = "journal_commit_p99";
    public const string ActivePositions = "active_positions";
    public const string ValueAtRisk95 = "portfolio_var_95";
    public const string Drawdown = "portfolio_drawdown";
    public const string Equity = "portfolio_equity";
    public const string DataAge = "data_age_seconds";

    /// <summary>Every name, in the order of reports.</summary>
    public static ImmutableArray<string> All { get; } =
    [
        Ready, CpuUsage, MemoryUsage, ProcessMemory, ResponseTime, ResponseTimeMedian, ResponseTimeTail, RequestRate, ErrorRate,
        DecisionRate, DecisionLatencyMedian, DecisionLatencyTail, CommitTime, ActivePositions, ValueAtRisk95, Drawdown, Equity,
        DataAge,
    ];
}

/// <summary>How the system did over the last hours, and how it does.</summary>
/// <param name="StepSeconds">Between two moments of <paramref name="Times"/>.</param>
/// <param name="Performance">The newest values; absent for what is not known.</param>
/// <param name="Times">The beginning of each step, oldest first; steps in which nothing was measured are there too.</param>
[GenerateSerializer, Immutable, Alias("trading.system-metrics")]
public sealed record SystemMetrics(
    int Hours,
    DateTimeOffset At,
    int StepSeconds,
    PerformanceNow Performance,
    Availability Availability,
    ImmutableArray<DateTimeOffset> Times,
    ImmutableArray<MetricHistory> Series)
{
    /// <summary>The longest history that is kept: 30 days.</summary>
    public const int MaxHours = 720;
}

/// <summary>The newest values; null is not known.</summary>
/// <param name="MeasuredAt">Null before the first measurement since the start.</param>
/// <param name="ResponseTime">Of the API: 95 % of the answers of the last minute took at most so many seconds.</param>
/// <param name="ErrorRate">Share of answers with a status of 500 or more in the last five minutes.</param>
/// <param name="ValueAtRisk95">Of the book with the largest, as a fraction of equity; likewise the next two.</param>
[GenerateSerializer, Immutable, Alias("trading.performance-now")]
public sealed record PerformanceNow(
    DateTimeOffset? MeasuredAt,
    [property: JsonPropertyName("api_response_time")] double? ResponseTime,
    [property: JsonPropertyName("api_response_time_p50")] double? ResponseTimeMedian,
    [property: JsonPropertyName("api_response_time_p99")] double? ResponseTimeTail,
    [property: JsonPropertyName("api_requests_per_second")] double? RequestRate,
    double? ErrorRate,
    [property: JsonPropertyName("decisions_per_second")] double? DecisionRate,
    [property: JsonPropertyName("decision_latency_p50")] double? DecisionLatencyMedian,
    [property: JsonPropertyName("decision_latency_p99")] double? DecisionLatencyTail,
    [property: JsonPropertyName("journal_commit_p99")] double? CommitTime,
    [property: JsonPropertyName("system_cpu_usage")] double? CpuUsage,
    [property: JsonPropertyName("system_memory_usage")] double? MemoryUsage,
    [property: JsonPropertyName("portfolio_var_95")] double? ValueAtRisk95,
    double? ActivePositions,
    [property: JsonPropertyName("data_age_seconds")] double? DataAge);

/// <summary>How much of the time the system could serve. A time in which nothing was measured counts as down.</summary>
/// <param name="Observed">Share of the time asked about, no longer than the history; null before the first minute.</param>
/// <param name="Objective">The share that is aimed at over 30 days.</param>
/// <param name="BudgetMinutes">Minutes of those 30 days that the objective lets be down.</param>
/// <param name="DownMinutes">Minutes down in the last 30 days, of those that are known.</param>
/// <param name="BudgetLeft">Share of the budget that is not used; negative where the objective is missed.</param>
/// <param name="KnownSince">When the history begins; at most 30 days ago.</param>
[GenerateSerializer, Immutable, Alias("trading.availability")]
public sealed record Availability(
    double? Observed, double Objective, double BudgetMinutes, double? DownMinutes, double? BudgetLeft, DateTimeOffset? KnownSince);

/// <summary>One reading over time; null in steps in which it was not known.</summary>
[GenerateSerializer, Immutable, Alias("trading.metric-history")]
public sealed record MetricHistory(string Name, ImmutableArray<double?> Mean, ImmutableArray<double?> Max);

using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Trading.MarketData;

[JsonConverter(typeof(SnakeCaseEnumConverter<SourceState>))]
public enum SourceState
{
    /// <summary>Asked in its turn.</summary>
    Trusted,
    /// <summary>Failed not long ago: asked beside the source that serves, and trusted again after enough good
    /// answers.</summary>
    Probation,
    /// <summary>Failed too often: left alone for a while.</summary>
    Open,
    /// <summary>Its budget is used up, or it asked to be left alone.</summary>
    Exhausted,
}

[JsonConverter(typeof(SnakeCaseEnumConverter<SourceBreakerState>))]
public enum SourceBreakerState
{
    Closed,
    /// <summary>Nothing passes until the break is over; then the next request decides.</summary>
    Open,
    /// <summary>One request is under way, and decides.</summary>
    HalfOpen,
}

/// <summary>How one source does.</summary>
/// <param name="Serves">The classes of symbols that it is asked for, and its place in each order, from 1.</param>
/// <param name="GoodAnswers">Good answers since it lost its trust; null while it is trusted.</param>
/// <param name="GoodAnswersNeeded">How many of them restore it.</param>
/// <param name="LastReason">Why it last failed; null where it never did.</param>
/// <param name="LatencyP50">Milliseconds, over the last answers, good ones only; null before the first.</param>
/// <param name="Served">Answers of the chain that came from it.</param>
/// <param name="Share"><paramref name="Served"/> over all answers of the chain; null before the first.</param>
/// <param name="Failures">Requests that gave no usable answer.</param>
/// <param name="Nonsense">Of these, the ones with an answer that could not be right.</param>
/// <param name="BudgetLeft">What may be asked now, in the weights of the source; null where it has no budget.</param>
/// <param name="RetryAt">When it may be asked again, where a break or an empty budget says so.</param>
public sealed record SourceReport(
    string Source,
    ImmutableArray<SourcePlace> Serves,
    SourceState State,
    SourceBreakerState Breaker,
    int? GoodAnswers,
    int GoodAnswersNeeded,
    DateTimeOffset? LastSuccess,
    DateTimeOffset? LastFailure,
    string? LastReason,
    double? LatencyP50,
    double? LatencyP95,
    long Served,
    double? Share,
    long Failures,
    long Nonsense,
    double? BudgetLeft,
    int? BudgetPerMinute,
    DateTimeOffset? RetryAt)
{
    /// <summary>Rows of its answers that could not be read and are in no bar.</summary>
    public long DroppedRows { get; init; }

    /// <summary>The last of them: its place, and what is wrong with it; null where there was none.</summary>
    public string? LastDroppedRow { get; init; }
}

/// <param name="Place">1 is asked first.</param>
public sealed record SourcePlace(AssetClass Class, int Place);

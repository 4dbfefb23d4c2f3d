using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Trading.MarketData;

/// <summary>What the quality of its data lets a symbol do, from best to worst.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<SymbolMode>))]
public enum SymbolMode
{
    Normal,
    /// <summary>Only orders that make the position smaller.</summary>
    ReduceOnly,
    /// <summary>No order at all: the price itself cannot be trusted.</summary>
    Blocked,
}

/// <summary>Shares from 0 to 1; null where one cannot be known, which is not the same as zero.</summary>
/// <param name="Completeness">Of the bars that the calendar expects between the first and the last, those that are
/// there.</param>
/// <param name="Consistency">Of the bars that came, those that were accepted.</param>
/// <param name="Accuracy">Of the bars that a second source has too, those whose close agrees with it.</param>
/// <param name="Freshness">1 while the last bar is younger than the maximal age, falling to 0 at twice that
/// age.</param>
public sealed record QualityScores(double? Completeness, double? Consistency, double? Accuracy, double? Freshness);

/// <summary>One bar that a rule noticed.</summary>
/// <param name="Observed">In the unit of the rule; null where it counts nothing.</param>
/// <param name="Limit">In the same unit.</param>
/// <param name="Evidence">The finding in words.</param>
public sealed record QualityFinding(
    DateTimeOffset Time, BarRule Rule, Verdict Verdict, double? Observed, double? Limit, string Evidence);

/// <param name="Count">Bars that the rule noticed with this verdict.</param>
public sealed record RuleCount(BarRule Rule, Verdict Verdict, long Count);

/// <summary>How good the data of one symbol is, and what that lets it do.</summary>
/// <param name="Reasons">Why the mode is not normal, in words; empty where it is.</param>
/// <param name="Latest">The latest findings, newest first, bounded.</param>
public sealed record SymbolQuality(
    string Symbol,
    BarInterval Interval,
    SymbolMode Mode,
    ImmutableArray<string> Reasons,
    QualityScores Scores,
    DateTimeOffset? First,
    DateTimeOffset? Last,
    double? AgeSeconds,
    long Accepted,
    long Quarantined,
    long Rejected,
    ImmutableArray<RuleCount> Rules,
    ImmutableArray<QualityFinding> Latest);

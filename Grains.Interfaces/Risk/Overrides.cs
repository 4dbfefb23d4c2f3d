using System.Collections.Immutable;

namespace Trading.Risk;

/// <summary>A limit by its name in JSON, and its temporary value; null for no limit.</summary>
[GenerateSerializer, Immutable, Alias("trading.limit-setting")]
public sealed record LimitSetting(string Limit, decimal? Value);

[GenerateSerializer, System.Text.Json.Serialization.JsonConverter(typeof(SnakeCaseEnumConverter<OverrideStatus>))]
public enum OverrideStatus
{
    Active,
    Expired,
    Cancelled,
}

/// <summary>A temporary change of named limits. It reverts by itself.</summary>
/// <param name="Approver">The second person; null for one that only tightens, which can never make a limit looser.</param>
/// <param name="EndedBy">Who cancelled it; null while it is active or where it expired.</param>
[GenerateSerializer, Immutable, Alias("trading.limit-override")]
public sealed record LimitOverride(
    string Id, ImmutableArray<LimitSetting> Limits, string Owner, string? Approver, string Reason,
    DateTimeOffset From, DateTimeOffset ExpiresAt, OverrideStatus Status, DateTimeOffset? EndedAt, string? EndedBy);

/// <param name="Limits">The limits in force as set, with those replaced that the override is about.</param>
/// <param name="ExpectedVersion">Of the limits that <paramref name="Limits"/> was made from.</param>
[GenerateSerializer, Immutable, Alias("trading.override-request")]
public sealed record OverrideRequest(RiskLimits Limits, string Owner, string? Approver, string Reason, double Minutes, long ExpectedVersion);

[GenerateSerializer, Immutable, Alias("trading.override-cancellation")]
public sealed record OverrideCancellation(string Id, string By, string Reason);

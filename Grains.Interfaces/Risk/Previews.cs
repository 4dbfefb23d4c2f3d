using System.Collections.Immutable;

namespace Trading.Risk;

/// <summary>What an order would do now; nothing was reserved, and nothing is on record.</summary>
/// <param name="Decision">As it would be made; it has no id.</param>
/// <param name="Checks">Every rule that would be held against the order, in the order of reporting.</param>
[GenerateSerializer, Immutable, Alias("trading.trade-preview")]
public sealed record TradePreview(SignalDecision Decision, ImmutableArray<RuleCheck> Checks);

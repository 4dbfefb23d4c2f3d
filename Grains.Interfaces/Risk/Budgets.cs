using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Trading.Risk;

/// <summary>Money for each budgeted measure of a book: gross exposure, absolute net exposure, one-day 97.5 % expected shortfall. Null is
/// without limit in a limit or a grant, and unknown in a usage.</summary>
[GenerateSerializer, Immutable, Alias("trading.budget-amounts")]
public sealed record BudgetAmounts(
    [property: Id(0), JsonPropertyName("gross_exposure")] decimal? Gross,
    [property: Id(1), JsonPropertyName("net_exposure")] decimal? Net,
    [property: Id(2), JsonPropertyName("expected_shortfall_97_5")] decimal? Shortfall)
{
    public static BudgetAmounts Unlimited { get; } = new(null, null, null);
    public static BudgetAmounts Zero { get; } = new(0m, 0m, 0m);
}

/// <summary>What a node has handed to a child.</summary>
/// <param name="Version">Counts the grants of the node, so that an older one is known as such wherever it turns up.</param>
[GenerateSerializer, Immutable, Alias("trading.budget-grant")]
public sealed record BudgetGrant([property: Id(0)] string Node, [property: Id(1)] long Version, [property: Id(2)] BudgetAmounts Amounts);

/// <summary>A child says what it holds and asks for what it wants.</summary>
/// <param name="Held">What it is bound by, durably: less than was granted confirms that the rest is given back.</param>
/// <param name="HeldVersion">Of the grant that this came from; 0 for none of this node.</param>
/// <param name="Used">Cannot be given back.</param>
[GenerateSerializer, Immutable, Alias("trading.budget-ask")]
public sealed record BudgetAsk(string Child, string Currency, BudgetAmounts Held, long HeldVersion, BudgetAmounts Used, BudgetAmounts Wanted);

/// <param name="Granted">What the child may hold.</param>
/// <param name="Target">What it should come down to as far as it can, since others are short.</param>
[GenerateSerializer, Immutable, Alias("trading.budget-offer")]
public sealed record BudgetOffer(string Node, long Version, BudgetAmounts Granted, BudgetAmounts Target);

/// <summary>A book as its budget sees it. Every open order counts at its worst.</summary>
/// <param name="Grant">Null where the book has no place in the hierarchy.</param>
[GenerateSerializer, Immutable, Alias("trading.budget-standing")]
public sealed record BudgetStanding(string Currency, decimal? Equity, BudgetGrant? Grant, BudgetAmounts Used);

/// <summary>What a node knows of a child.</summary>
/// <param name="Used">As last reported; likewise <paramref name="Wanted"/>.</param>
[GenerateSerializer, Immutable, Alias("trading.budget-child")]
public sealed record BudgetChild(
    [property: Id(0)] string Child,
    [property: Id(1)] BudgetAmounts Granted,
    [property: Id(2)] long Version,
    [property: Id(3)] BudgetAmounts Used,
    [property: Id(4)] BudgetAmounts Wanted);

/// <summary>A change of a node's limits, with who, when and why.</summary>
[GenerateSerializer, Immutable, Alias("trading.budget-limits")]
public sealed record BudgetLimits(
    [property: Id(0)] BudgetAmounts Limit, [property: Id(1)] string ChangedBy, [property: Id(2)] string Reason, [property: Id(3)] DateTimeOffset ChangedAt);

/// <summary>One node of the hierarchy.</summary>
/// <param name="Currency">Of everything below; null before the first child.</param>
/// <param name="Limit">As set; null for no limit.</param>
/// <param name="Capacity">The lesser of the limit and what the parent granted.</param>
/// <param name="Granted">The sum over the children; never more than the capacity, but where that was lowered and the children have yet
/// to give back.</param>
/// <param name="Used">The sum over the children, as last reported; it bounds the measure of the whole.</param>
/// <param name="Changes">Of the limit, newest first.</param>
[GenerateSerializer, Immutable, Alias("trading.budget-report")]
public sealed record BudgetReport(
    string Node, string? Currency, BudgetAmounts Limit, BudgetAmounts Capacity, BudgetAmounts Granted, BudgetAmounts Used, BudgetAmounts Free,
    ImmutableArray<BudgetChild> Children, ImmutableArray<BudgetLimits> Changes);

/// <summary>Where a book belongs.</summary>
/// <param name="Parent"><c>firm</c>, <c>desk/{id}</c>, or null for no place in the hierarchy and no budget.</param>
[GenerateSerializer, Immutable, Alias("trading.budget-assignment")]
public sealed record BudgetAssignment(string? Parent, string By, string Reason);

/// <param name="Grant">What the book is bound by now; null for nothing, or until the new parent has answered.</param>
[GenerateSerializer, Immutable, Alias("trading.budget-place")]
public sealed record BudgetPlace(string Portfolio, string? Parent, BudgetGrant? Grant, BudgetAmounts Used);

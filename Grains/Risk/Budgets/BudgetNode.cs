using System.Collections.Immutable;

namespace Trading.Risk;

/// <summary>A node that hands out budgets. It is a child of another one where it has a parent.</summary>
[GenerateSerializer, Alias("trading.budget-node")]
public sealed record BudgetNode
{
    [Id(0)] public string? Currency { get; init; }

    /// <summary>Changes of the limit, newest first.</summary>
    [Id(1)] public ImmutableArray<BudgetLimits> Changes { get; init; } = [];

    /// <summary>Of the last grant.</summary>
    [Id(2)] public long Version { get; init; }

    /// <summary>In ordinal order.</summary>
    [Id(3)] public ImmutableArray<BudgetChild> Children { get; init; } = [];

    /// <summary>From the parent; null before it answered, and for the firm.</summary>
    [Id(4)] public BudgetGrant? Grant { get; init; }

    /// <summary>What the parent would have this node come down to; null likewise.</summary>
    [Id(5)] public BudgetAmounts? Target { get; init; }

    public BudgetAmounts Limit => Changes.IsEmpty ? BudgetAmounts.Unlimited : Changes[0].Limit;

    public BudgetChild? Find(string child) => Children.FirstOrDefault(entry => entry.Child == child);

    public BudgetNode With(BudgetChild child) => this with
    {
        Children =
        [
            .. Children.Where(entry => entry.Child != child.Child).Append(child)
                .OrderBy(entry => entry.Child, StringComparer.Ordinal)
        ],
    };

    /// <summary>Whether anything differs that must outlive a crash. What children use and want they say
    /// again.</summary>
    public bool DiffersFrom(BudgetNode other) =>
        Currency != other.Currency || Version != other.Version || Grant != other.Grant || Changes != other.Changes
        || !Children.Select(Durable).SequenceEqual(other.Children.Select(Durable));

    static (string, BudgetAmounts, long) Durable(BudgetChild child) => (child.Child, child.Granted, child.Version);
}

namespace Trading.Risk;

/// <summary>How a node hands out its budget. The sum of what it has granted never exceeds its capacity: it grants only
/// what is free, and counts what a child holds until the child has confirmed, durably, that it holds less.</summary>
static class Granting
{
    /// <summary>Shares are rounded down to this many decimal places.</summary>
    const int Decimals = 2;

    /// <summary>The lesser of the limit and what the parent granted. Before it granted anything a desk has
    /// nothing.</summary>
    public static BudgetAmounts Capacity(BudgetNode node, bool isRoot) =>
        isRoot ? node.Limit : Amounts.Min(node.Limit, node.Grant?.Amounts ?? BudgetAmounts.Zero);

    /// <summary>What may be granted now; a child without limit leaves nothing of what is limited.</summary>
    public static BudgetAmounts Free(BudgetNode node, bool isRoot) => Disposable(node, isRoot).Zip(
        Amounts.Sum(node.Children.Select(child => child.Granted)),
        (capacity, granted) => capacity is null ? null : Math.Max(0m, capacity - granted ?? 0m));

    /// <summary>Takes in what a child says. Held below granted under the same version confirms a giving back; an older
    /// message, or one that crossed a grant, says nothing about it.</summary>
    public static BudgetNode Note(BudgetNode node, BudgetAsk ask)
    {
        var known = node.Find(ask.Child)
            ?? new(ask.Child, BudgetAmounts.Zero, 0, BudgetAmounts.Zero, BudgetAmounts.Zero);
        var granted = ask.HeldVersion == known.Version ? Amounts.Min(known.Granted, ask.Held) : known.Granted;
        return (node with { Currency = node.Currency ?? ask.Currency }).With(
            known with { Granted = granted, Used = ask.Used, Wanted = ask.Wanted });
    }

    /// <summary>Grants a child its share as far as there is free budget.</summary>
    public static (BudgetNode Node, BudgetOffer Offer) Offer(
        BudgetNode node, string name, bool isRoot, string childName)
    {
        var child = node.Find(childName)!;
        var target = Target(node, isRoot, child);
        var granted = child.Granted.Zip(target, Free(node, isRoot), (held, share, free) =>
            !Amounts.IsLess(held, share) ? held : free is null ? share : Amounts.Min(share, held + free));
        if (granted != child.Granted)
        {
            node = node with { Version = node.Version + 1 };
            child = child with { Granted = granted, Version = node.Version };
            node = node.With(child);
        }

        return (node, new(name, child.Version, child.Granted, target));
    }

    /// <summary>Whether a child's share is more than it has and than is free.</summary>
    public static bool IsShort(BudgetNode node, bool isRoot, string childName)
    {
        var child = node.Find(childName)!;
        return Amounts.AnyLess(child.Granted.Zip(Free(node, isRoot), (held, free) => held + free), child.Wanted);
    }

    /// <summary>What a node asks its parent for: what all its children want, within its own limit.</summary>
    public static BudgetAsk Ask(BudgetNode node, string name)
    {
        var held = node.Grant?.Amounts ?? BudgetAmounts.Zero;
        var used = Amounts.Sum(
            node.Children.Select(child => child.Used.Zip(child.Granted, (known, granted) => known ?? granted ?? 0m)));
        var wanted = Amounts.Sum(
            node.Children.Select(child => child.Wanted.Zip(child.Granted, (known, granted) => known ?? granted ?? 0m)));
        return new(name, node.Currency!, held, node.Grant?.Version ?? 0, used, Amounts.Min(wanted, node.Limit));
    }

    /// <summary>A node that has its parent's answer. It comes down to the target as far as its children hold no
    /// more.</summary>
    public static BudgetNode Take(BudgetNode node, BudgetOffer offer) => node with
    {
        Grant = BudgetHolding.Take(node.Grant, offer, Amounts.Sum(node.Children.Select(child => child.Granted))),
        Target = offer.Target,
    };

    /// <summary>A child's share: what it wants where that is there for all; else what it uses and a part of the rest in
    /// proportion to what it wants beyond.</summary>
    static BudgetAmounts Target(BudgetNode node, bool isRoot, BudgetChild child)
    {
        var capacity = Disposable(node, isRoot);
        return new(
            Share(capacity.Gross, node, child, amounts => amounts.Gross),
            Share(capacity.Net, node, child, amounts => amounts.Net),
            Share(capacity.Shortfall, node, child, amounts => amounts.Shortfall));
    }

    static decimal? Share(decimal? capacity, BudgetNode node, BudgetChild child, Func<BudgetAmounts, decimal?> of)
    {
        if (capacity is not { } all) return null;
        var (uses, wants) = (node.Children.Sum(Used), node.Children.Sum(Wanted));
        if (wants <= all) return Wanted(child);
        if (uses >= all) return Used(child);
        return Used(child)
            + Math.Round(
                (all - uses) * (Wanted(child) - Used(child)) / (wants - uses), Decimals, MidpointRounding.ToZero);

        // what it does not know it does not give back
        decimal Used(BudgetChild entry) => of(entry.Used) ?? of(entry.Granted) ?? 0m;
        decimal Wanted(BudgetChild entry) => Math.Max(of(entry.Wanted) ?? 0m, Used(entry));
    }

    /// <summary>The capacity without what the parent wants back.</summary>
    static BudgetAmounts Disposable(BudgetNode node, bool isRoot) =>
        Amounts.Min(Capacity(node, isRoot), node.Target ?? BudgetAmounts.Unlimited);
}

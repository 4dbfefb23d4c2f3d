using System.Collections.Immutable;

namespace Trading.Risk;

/// <summary>The overrides of a book's limits and its place in the hierarchy. <see cref="Apply"/> is the only thing that
/// changes it.</summary>
sealed class LimitsState
{
    /// <summary>Overrides kept after their end, newest first; older ones are in the journal.</summary>
    public const int MaxEnded = 100;

    /// <summary>Of the last event applied.</summary>
    public long Sequence { get; private set; }

    /// <summary>The active ones first, then those that ended, newest first.</summary>
    public ImmutableArray<LimitOverride> Overrides { get; private set; } = [];

    public IEnumerable<LimitOverride> Active => Overrides.Where(entry => entry.Status == OverrideStatus.Active);

    /// <summary>Whether anybody ever said where the book belongs; else the configuration does.</summary>
    public bool IsAssigned { get; private set; }

    public string? Parent { get; private set; }

    /// <summary>Nodes that may still count a budget for the book, though it has left them.</summary>
    public ImmutableArray<string> Leaving { get; private set; } = [];

    public void Apply(LimitsEvent change)
    {
        Sequence++;
        switch (change)
        {
            case OverrideBegun begun:
                Overrides = [begun.Override, .. Overrides];
                break;
            case OverrideEnded ended:
                Overrides =
                [
                    .. Active.Where(entry => entry.Id != ended.Override.Id),
                    ended.Override,
                    .. Overrides.Where(IsEnded).Take(MaxEnded - 1)
                ];
                break;
            case ParentAssigned assigned:
                if (Parent is { } left && left != assigned.Parent) Leaving = Leaving.Add(left);
                (IsAssigned, Parent) = (true, assigned.Parent);
                Leaving = [.. Leaving.Where(node => node != Parent).Distinct()];
                break;
            case BudgetReturned returned:
                Leaving = Leaving.Remove(returned.Node);
                break;
        }
    }

    public LimitsSnapshot Save() => new(Sequence, Overrides, IsAssigned, Parent, Leaving);

    public static LimitsState Restore(LimitsSnapshot state) => new()
    {
        Sequence = state.Sequence,
        Overrides = state.Overrides,
        IsAssigned = state.IsAssigned,
        Parent = state.Parent,
        Leaving = state.Leaving,
    };

    static bool IsEnded(LimitOverride entry) => entry.Status != OverrideStatus.Active;
}

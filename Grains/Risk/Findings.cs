using System.Collections.Immutable;

namespace Trading.Risk;

static class Findings
{
    /// <summary>Those checks of a list that found something, in the order of the list; allocates nothing where none did.</summary>
    public static ImmutableArray<T> Collect<T>(ReadOnlySpan<T?> findings) where T : class
    {
        var count = 0;
        foreach (var finding in findings)
            if (finding is not null) count++;
        if (count == 0) return [];
        var found = ImmutableArray.CreateBuilder<T>(count);
        foreach (var finding in findings)
            if (finding is not null) found.Add(finding);
        return found.MoveToImmutable();
    }
}

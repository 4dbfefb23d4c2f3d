using System.Collections.Immutable;

namespace Trading.Risk;

static class FieldErrors
{
    /// <summary>Those checks of a list that found something, in the order of the list; allocates nothing where none
    /// did.</summary>
    public static ImmutableArray<FieldError> Collect(ReadOnlySpan<FieldError?> findings)
    {
        var count = 0;
        foreach (var finding in findings)
            if (finding is not null) count++;
        if (count == 0) return [];
        var found = ImmutableArray.CreateBuilder<FieldError>(count);
        foreach (var finding in findings)
            if (finding is not null) found.Add(finding);
        return found.MoveToImmutable();
    }
}

using System.Collections.Immutable;

namespace Trading.Risk;

static class FieldErrors
{
    /// <summary>The name of an element of a list.</summary>
    public static string At(int index) => FormattableString.Invariant($"[{index}]");

    /// <summary>Takes the place in a list off the name of a field that begins with one.</summary>
    public static bool TryIndex(string field, out int index, out string member)
    {
        (index, member) = (0, "");
        var end = field.IndexOf(']', StringComparison.Ordinal);
        if (end < 2 || field[0] != '[' || !int.TryParse(field.AsSpan(1, end - 1), out index)) return false;
        member = field[(end + 1)..];
        return true;
    }

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

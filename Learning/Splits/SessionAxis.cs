using System.Collections.Immutable;

namespace Trading.Learning;

/// <summary>The sessions that labels start at or end with, in order, and which rows start at each.</summary>
sealed class SessionAxis
{
    readonly DateOnly[] _all;

    public SessionAxis(ImmutableArray<Label> labels)
    {
        _all = [.. labels.SelectMany(label => new[] { label.Interval.From, label.Interval.To }).Distinct().Order()];
        Starts = [.. labels.Select(label => label.Interval.From).Distinct().Order()];
        Rows = Enumerable.Range(0, labels.Length).ToLookup(row => labels[row].Interval.From);
    }

    /// <summary>Sessions at which a label starts.</summary>
    public ImmutableArray<DateOnly> Starts { get; }
    public ILookup<DateOnly, int> Rows { get; }

    /// <summary>Rows that start at sessions of a range.</summary>
    public ImmutableArray<int> RowsOf(int first, int end) =>
        [.. Enumerable.Range(first, end - first).SelectMany(session => Rows[Starts[session]])];

    /// <summary>The session so many after one, the last where there are fewer.</summary>
    public DateOnly After(DateOnly session, int count)
    {
        var place = Array.BinarySearch(_all, session);
        return _all[Math.Min((place < 0 ? ~place - 1 : place) + count, _all.Length - 1)];
    }
}

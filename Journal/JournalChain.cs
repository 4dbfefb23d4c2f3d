using System.Text;

namespace Trading.Journal;

/// <summary>Checks the rows of a stream in order, each against the one before it. A damaged row is named once: the row
/// after it may link to its stored hash (the content was altered) or to the recomputed one (the hash was).</summary>
/// <param name="first">The first row expected. Unless it is 1, the hash before it is unknown, and it only serves the
/// one after it.</param>
sealed class JournalChain(string stream, long first)
{
    public const string Torn = "the row is torn, its hash is incomplete";
    public const string Altered = "the content, or the event before it, is not what was recorded: the hash differs";
    public const string Missing = "the event is missing";
    public const string NoSuchNumber = "no event can have this number";

    readonly byte[] _name = Encoding.UTF8.GetBytes(stream);
    ReadOnlyMemory<byte> _stored = first == 1 ? JournalHash.Start : default,
        _recomputed = first == 1 ? JournalHash.Start : default;

    /// <summary>The number of the next row.</summary>
    public long Next { get; private set; } = first;

    /// <summary>What is wrong at this row, or just before it; null where nothing is.</summary>
    public JournalDefect? Check(in JournalRow row)
    {
        if (row.Sequence < Next) return new JournalDefect(stream, row.Sequence, NoSuchNumber);

        var gap = row.Sequence > Next ? new JournalDefect(stream, Next, MissingUpTo(row.Sequence - 1)) : null;
        if (gap is not null) _stored = _recomputed = default;
        var problem = Follow(row);
        Next = row.Sequence + 1;
        return gap ?? (problem is null ? null : new JournalDefect(stream, row.Sequence, problem));
    }

    /// <summary>Links the row to the one before it, where that one's hash is known.</summary>
    string? Follow(in JournalRow row)
    {
        var isWhole = row.Hash.Length == JournalHash.Size;
        var fromStored = Hash(_stored, row);
        var fromRecomputed = _recomputed.Span.SequenceEqual(_stored.Span) ? fromStored : Hash(_recomputed, row);
        var isKnown = fromStored is not null || fromRecomputed is not null;
        var fits = !isKnown || row.Hash.Span.SequenceEqual(fromStored) || row.Hash.Span.SequenceEqual(fromRecomputed);

        _stored = isWhole ? row.Hash : default;
        _recomputed = fits ? _stored : fromStored ?? fromRecomputed;
        return !isWhole ? Torn : fits ? null : Altered;
    }

    byte[]? Hash(ReadOnlyMemory<byte> previous, in JournalRow row) =>
        previous.IsEmpty ? null : JournalHash.OfEvent(previous.Span, _name, row);

    string MissingUpTo(long last) =>
        Missing + (last == Next ? "" : $", like all up to {last}") + $"; event {last + 1} cannot be checked without it";
}

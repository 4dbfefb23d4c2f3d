using System.Collections.Immutable;
using System.Text.Json;
using Trading.Journal;

namespace Trading.Portfolios;

/// <summary>What a book knows of a symbol's prices.</summary>
/// <param name="Price">All of it, as if it were told at once.</param>
/// <param name="Path">The prices of the last minutes, oldest first.</param>
public sealed record KnownPrice(Priced Price, ImmutableArray<PricePoint> Path);

/// <summary>Everything that the decisions after an event are made of: a snapshot and, beside it, the prices. Replays
/// start from the newest one before a decision, so that they take as long in a long book as in a short one.</summary>
/// <param name="VarLookbackDays">Returns in the risk window; <paramref name="VarMinSessions"/> is the least that gives
/// a risk number.</param>
public sealed record BookCheckpoint(
    BookState Book, int VarLookbackDays, int VarMinSessions, ImmutableArray<KnownPrice> Prices)
{
    /// <summary>As <see cref="TakenUp.AmountDecimals"/>; <see cref="Pegs"/> and
    /// <see cref="PegPairs"/> likewise.</summary>
    public int? AmountDecimals { get; init; }

    public ImmutableSortedDictionary<string, string>? Pegs { get; init; }

    public bool PegPairs { get; init; }
}

/// <summary>Checkpoints as they stand in the journal: compressed JSON.</summary>
static class BookCheckpoints
{
    public static byte[] Encode(BookCheckpoint checkpoint) =>
        PackedJson.Write(checkpoint, BookJsonContext.Default.BookCheckpoint);

    /// <summary>Null where it cannot be read: then an older one, or the events, must do.</summary>
    public static BookCheckpoint? Decode(JournalSnapshot recorded)
    {
        try
        {
            var checkpoint = PackedJson.Read(recorded.Payload, BookJsonContext.Default.BookCheckpoint);
            return checkpoint?.Book.Sequence == recorded.Sequence ? checkpoint : null;
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidDataException)
        {
            return null;
        }
    }
}

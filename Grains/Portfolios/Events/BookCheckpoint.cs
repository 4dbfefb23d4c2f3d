using System.Buffers;
using System.Collections.Immutable;
using System.IO.Compression;
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
    public static byte[] Encode(BookCheckpoint checkpoint)
    {
        using var target = new MemoryStream();
        using (var packed = new DeflateStream(target, CompressionLevel.Fastest))
            BookJson.Write(checkpoint, BookJsonContext.Default.BookCheckpoint, new Pieces(packed));
        return target.ToArray();
    }

    /// <summary>Null where it cannot be read: then an older one, or the events, must do.</summary>
    public static BookCheckpoint? Decode(JournalSnapshot recorded)
    {
        try
        {
            using var stored = new MemoryStream(recorded.Payload.ToArray());
            using var packed = new DeflateStream(stored, CompressionMode.Decompress);
            var checkpoint = JsonSerializer.Deserialize(packed, BookJsonContext.Default.BookCheckpoint);
            return checkpoint?.Book.Sequence == recorded.Sequence ? checkpoint : null;
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>Passes on piece by piece what is written, so that the whole is never in memory.</summary>
    sealed class Pieces(Stream target) : IBufferWriter<byte>
    {
        const int Size = 64 * 1024;

        byte[] _piece = new byte[Size];

        public void Advance(int count) => target.Write(_piece, 0, count);

        public Memory<byte> GetMemory(int sizeHint = 0)
        {
            if (sizeHint > _piece.Length) _piece = new byte[sizeHint];
            return _piece;
        }

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
    }
}

namespace Trading.Journal;

/// <summary>What the journal accepts; every store can hold it and give it back unchanged.</summary>
static class JournalRules
{
    /// <summary>Longest stream name, type and key, in characters.</summary>
    public const int MaxNameLength = 200;

    /// <summary>Largest payload of an event, in bytes: holds the ids of every approval that a book may have open, as
    /// when they end together.</summary>
    public const int MaxPayloadBytes = 16 << 20;

    /// <summary>Largest payload of a snapshot, in bytes.</summary>
    public const int MaxSnapshotBytes = 64 << 20;

    /// <summary>Most checkpoints of a stream: with one for every 2,000 events, as books write them, two million events are covered
    /// before the spaces between them grow.</summary>
    public const int MaxCheckpoints = 1_024;

    /// <summary>Most events in one append.</summary>
    public const int MaxBatchEvents = 10_000;

    /// <summary>Every rule that a batch breaks, in one sentence each; empty where it is acceptable.</summary>
    public static IReadOnlyList<string> Check(ReadOnlySpan<JournalEntry> entries)
    {
        List<string>? broken = null;
        if (entries.Length is 0 or > MaxBatchEvents)
            Break($"a batch holds 1 to {MaxBatchEvents:N0} events, not {entries.Length:N0}");
        for (var i = 0; i < Math.Min(entries.Length, MaxBatchEvents); i++)
        {
            if (!IsName(entries[i].Type)) Break($"entry {i}: the type must be {NameRule}");
            if (entries[i].Key is { } key && !IsName(key)) Break($"entry {i}: the key must be null or {NameRule}");
            if (entries[i].Payload.Length > MaxPayloadBytes)
                Break($"entry {i}: the payload is over {MaxPayloadBytes:N0} bytes");
        }

        return broken ?? (IReadOnlyList<string>)[];

        void Break(string rule) => (broken ??= []).Add(rule);
    }

    internal static string NameRule =>
        $"1 to {MaxNameLength} characters of well-formed text without control characters";

    internal static bool IsName(string? text)
    {
        if (text is null || text.Length is 0 or > MaxNameLength) return false;
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~')) return true; // almost every name, in one step
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i])) return false;
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return false;
            i++;
        }

        return true;
    }
}

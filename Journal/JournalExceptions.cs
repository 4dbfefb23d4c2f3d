namespace Trading.Journal;

/// <summary>Another writer holds the stream: the caller's state is out of date and must be loaded again.</summary>
public sealed class JournalConflictException(string stream, long sequence, Exception? inner = null)
    : Exception(
        $"Stream '{stream}' already has event {sequence}, or the event before it is not the expected one.", inner)
{
    public string Stream { get; } = stream;
    public long Sequence { get; } = sequence;
}

/// <summary>The stream already has an event with this idempotency key (<see cref="IJournal.FindAsync"/> returns it);
/// nothing of the batch was recorded.</summary>
public sealed class JournalDuplicateKeyException(string stream, string key, Exception? inner = null)
    : Exception($"Stream '{stream}' already has an event with key '{key}'.", inner)
{
    public string Stream { get; } = stream;
    public string Key { get; } = key;
}

/// <summary>What is stored is not what was recorded.</summary>
public sealed class JournalCorruptException(string stream, long sequence, string problem)
    : Exception($"Event {sequence} of stream '{stream}': {problem}.")
{
    public string Stream { get; } = stream;
    public long Sequence { get; } = sequence;
    public string Problem { get; } = problem;
}

/// <summary>The store cannot be opened, read or written. Of appends that fail with it, none, or each of them whole,
/// may have been recorded: reading the stream tells.</summary>
public sealed class JournalUnavailableException(string store, string reason, Exception? inner = null)
    : Exception($"Journal {store}: {reason}", inner)
{
    /// <summary>The file, or the server and database. Never a secret.</summary>
    public string Store { get; } = store;
    public string Reason { get; } = reason;
}

using System.Threading.Channels;

namespace Trading.Journal;

/// <summary>The time between two failures of the store. A failure ends the session, and with it every writer opened in it: what those
/// believe to be stored may be gone (a server that came back without its last commits), and must be read again.</summary>
sealed class JournalSession
{
    public Exception? Failure { get; private set; }

    public void End(Exception failure) => Failure = failure;
}

/// <summary>Group commit. One loop takes whatever is queued, up to a bound, writes it in one transaction and completes it; what is queued
/// meanwhile is the next group. So a lone caller waits for one commit, and many callers share one.</summary>
sealed class JournalCommitter : IAsyncDisposable
{
    const int MaxGroupEvents = 1_024, MaxGroupBytes = 4 << 20;
    const int MaxQueuedEvents = 65_536, MaxQueuedBytes = 256 << 20;

    readonly Channel<JournalAppend> _queue = Channel.CreateUnbounded<JournalAppend>(new UnboundedChannelOptions { SingleReader = true });
    readonly JournalAppend[] _group = new JournalAppend[MaxGroupEvents];
    readonly IJournalStore _store;
    readonly Task _loop;
    volatile JournalSession _session = new();
    long _queuedEvents, _queuedBytes;

    public JournalCommitter(IJournalStore store)
    {
        _store = store;
        _loop = Task.Run(RunAsync);
    }

    public JournalSession Session => _session;

    /// <summary>Queues behind everything before it, or says why not.</summary>
    public Exception? TryQueue(JournalAppend append)
    {
        var (events, bytes) = Count(append, +1);
        if (events <= MaxQueuedEvents && bytes <= MaxQueuedBytes && _queue.Writer.TryWrite(append)) return null;

        Count(append, -1);
        return new JournalUnavailableException(_store.Name, events > MaxQueuedEvents || bytes > MaxQueuedBytes
            ? "more is waiting to be written than the store keeps up with."
            : "the journal is closed.");
    }

    /// <summary>Completes when everything queued so far is recorded or has failed.</summary>
    public Task FlushAsync()
    {
        var flush = new JournalAppend(null, [], null, 0);
        return TryQueue(flush) is { } refusal ? Task.FromException(refusal) : flush.Task;
    }

    /// <summary>Takes nothing more, and completes when all that is queued has been written.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop;
    }

    (long Events, long Bytes) Count(JournalAppend append, int sign) =>
        (Interlocked.Add(ref _queuedEvents, sign * append.Rows.Length), Interlocked.Add(ref _queuedBytes, sign * append.Bytes));

    async Task RunAsync()
    {
        while (await _queue.Reader.WaitToReadAsync())
        {
            await GatherAsync();
            await CommitAsync(TakeGroup());
            Array.Clear(_group);
        }
    }

    /// <summary>Lets others run for as long as that brings in more: those who were just answered are about to append again. A lone caller
    /// is delayed by a scheduling turn, a flood until the group is full.</summary>
    async Task GatherAsync()
    {
        var seen = 0L;
        while (Interlocked.Read(ref _queuedEvents) is var queued && queued > seen && queued < MaxGroupEvents)
        {
            seen = queued;
            await Task.Yield();
        }
    }

    ArraySegment<JournalAppend> TakeGroup()
    {
        var (count, events, bytes) = (0, 0, 0L);
        while (count < MaxGroupEvents && events < MaxGroupEvents && bytes < MaxGroupBytes && _queue.Reader.TryRead(out var append))
        {
            Count(append, -1);
            if (append.Writer?.Failure is { } failure)
            {
                append.Fail(failure);
                continue;
            }

            _group[count++] = append;
            events += append.Rows.Length;
            bytes += append.Bytes;
        }

        return new ArraySegment<JournalAppend>(_group, 0, count);
    }

    async Task CommitAsync(ArraySegment<JournalAppend> group)
    {
        try
        {
            if (group.Any(append => !append.IsFlush)) await _store.CommitAsync(group);
            foreach (var append in group) append.Complete();
        }
        catch (JournalKeyTakenException) when (group.Count > 1)
        {
            // Halving finds the offenders in a few commits and keeps the order of everything else.
            var half = group.Count / 2;
            await CommitAsync(Live(group[..half]));
            await CommitAsync(Live(group[half..]));
        }
        catch (JournalKeyTakenException taken)
        {
            await RefuseAsync(group[0], taken);
        }
        catch (Exception cause)
        {
            EndSession(group, cause);
        }
    }

    static ArraySegment<JournalAppend> Live(ArraySegment<JournalAppend> group)
    {
        foreach (var append in group)
            if (append.Writer?.Failure is { } failure) append.Fail(failure);
        return group.Where(append => append.Writer?.Failure is null).ToArray();
    }

    async Task RefuseAsync(JournalAppend append, JournalKeyTakenException taken)
    {
        try
        {
            var refusal = await ExplainAsync(append.Writer!.Stream, append.Rows, taken);
            append.Writer.Fail(refusal);
            append.Fail(refusal);
        }
        catch (Exception cause)
        {
            EndSession(new([append]), cause);
        }
    }

    async Task<Exception> ExplainAsync(string stream, JournalRow[] rows, JournalKeyTakenException taken)
    {
        var head = await _store.ReadHeadAsync(stream, CancellationToken.None);
        if (head.Sequence >= rows[0].Sequence) return new JournalConflictException(stream, rows[0].Sequence, taken.InnerException);

        HashSet<string> seen = [];
        foreach (var row in rows)
            if (row.Key is { } key && (!seen.Add(key) || await _store.FindAsync(stream, key, CancellationToken.None) is not null))
                return new JournalDuplicateKeyException(stream, key, taken.InnerException);
        return new JournalConflictException(stream, rows[0].Sequence, taken.InnerException);
    }

    void EndSession(ArraySegment<JournalAppend> group, Exception cause)
    {
        var failure = cause as JournalUnavailableException
            ?? new JournalUnavailableException(_store.Name, $"a commit was not confirmed: {cause.Message}", cause);
        _session.End(failure);
        _session = new JournalSession();
        foreach (var append in group) append.Fail(failure);
    }
}

namespace Trading.Journal;

/// <summary>The time between two failures of the store. A failure ends the session, and with it every writer opened in
/// it: what those believe to be stored may be gone (a server that came back without its last commits), and must be
/// read again.</summary>
sealed class JournalSession
{
    public Exception? Failure { get; private set; }

    public void End(Exception failure) => Failure = failure;
}

/// <summary>Group commit. One thread takes whatever is queued, up to a bound, writes it in one transaction and
/// answers; what is queued meanwhile is the next group. So a lone caller waits for one commit, and many callers share
/// one. The thread is the journal's own: it waits for the disk, never runs a caller's code, and is not held up where
/// the thread pool is busy.</summary>
sealed class JournalCommitter : IAsyncDisposable
{
    readonly IJournalStore _store;
    readonly JournalQueue _queue = new();
    readonly JournalStateWriter? _states;
    readonly Lock _ending = new();
    readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    volatile JournalSession _session = new();

    public JournalCommitter(IJournalStore store)
    {
        _store = store;
        _states = store.WritesStatesApart ? new JournalStateWriter(store, (append, cause) => EndSession([append], cause)) : null;
        _states?.Start();
        new Thread(Run) { Name = "journal", IsBackground = true }.UnsafeStart();
    }

    public JournalSession Session => _session;

    /// <summary>Queues behind everything before it, or says why not.</summary>
    public Exception? TryQueue(JournalAppend append) =>
        _queue.TryAdd(append) is { } refusal ? new JournalUnavailableException(_store.Name, refusal) : null;

    /// <summary>Completes when everything queued so far is recorded or has failed.</summary>
    public Task FlushAsync()
    {
        var flush = new JournalAppend(null, [], null, 0);
        return TryQueue(flush) is { } refusal ? Task.FromException(refusal) : flush.Task;
    }

    /// <summary>Takes nothing more, and completes when all that is queued has been written.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Close();
        await _ended.Task;
        if (_states is not null) await _states.DisposeAsync();
    }

    void Run()
    {
        var group = _queue.Take(answered: 0);
        while (group.Count > 0)
        {
            Commit(Live(group));
            group.AsSpan().Clear();
            group = _queue.Take(answered: group.Count);
        }

        _ended.SetResult();
    }

    void Commit(Span<JournalAppend> group)
    {
        try
        {
            var (began, taken) = (JournalTelemetry.Now, JournalEvents.Now());
            if (HoldsWork(group))
            {
                _store.Commit(group);
                JournalTelemetry.Committed(group, began);
                if (taken != 0) JournalEvents.Log.Committed(group, taken, withStates: _states is null);
            }

            foreach (var append in group)
                if (IsApart(append)) _states!.Add(append);
                else append.Complete();
        }
        catch (JournalKeyTakenException) when (group.Length > 1)
        {
            // Halving finds the offenders in a few commits and keeps the order of everything else.
            var half = group.Length / 2;
            Commit(Live(group[..half]));
            Commit(Live(group[half..]));
        }
        catch (JournalKeyTakenException taken)
        {
            Refuse(group[0], taken);
        }
        catch (Exception cause)
        {
            EndSession(group, cause);
        }
    }

    bool HoldsWork(ReadOnlySpan<JournalAppend> group)
    {
        foreach (var append in group)
            if (!append.IsFlush && !IsApart(append)) return true;
        return false;
    }

    bool IsApart(JournalAppend append) => _states is not null && append.IsState;

    /// <summary>Those whose writer has not failed meanwhile, moved together; the others fail with it.</summary>
    static Span<JournalAppend> Live(Span<JournalAppend> group)
    {
        var count = 0;
        foreach (var append in group)
            if (append.Writer?.Failure is { } failure) append.Fail(failure);
            else group[count++] = append;
        return group[..count];
    }

    void Refuse(JournalAppend append, JournalKeyTakenException taken)
    {
        try
        {
            var refusal = ExplainAsync(append.Writer!.Stream, append.Rows, taken).GetAwaiter().GetResult();
            append.Writer.Fail(refusal);
            append.Fail(refusal);
        }
        catch (Exception cause)
        {
            EndSession([append], cause);
        }
    }

    async Task<Exception> ExplainAsync(string stream, JournalRow[] rows, JournalKeyTakenException taken)
    {
        var head = await _store.ReadHeadAsync(stream, CancellationToken.None);
        if (head.Sequence >= rows[0].Sequence)
            return new JournalConflictException(stream, rows[0].Sequence, taken.InnerException);

        HashSet<string> seen = [];
        foreach (var row in rows)
            if (row.Key is { } key
                && (!seen.Add(key) || await _store.FindAsync(stream, key, CancellationToken.None) is not null))
                return new JournalDuplicateKeyException(stream, key, taken.InnerException);
        return new JournalConflictException(stream, rows[0].Sequence, taken.InnerException);
    }

    void EndSession(ReadOnlySpan<JournalAppend> group, Exception cause)
    {
        var failure = cause as JournalUnavailableException
            ?? new JournalUnavailableException(_store.Name, $"a commit was not confirmed: {cause.Message}", cause);
        JournalTelemetry.Failed();
        lock (_ending)
        {
            _session.End(failure);
            _session = new JournalSession();
        }

        foreach (var append in group) append.Fail(failure);
    }
}

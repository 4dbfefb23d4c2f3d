using System.Runtime.CompilerServices;

namespace Trading.Journal;

sealed class InMemoryJournalStore : IJournalStore
{
    readonly Lock _gate = new();
    readonly Dictionary<string, SortedList<long, JournalRow>> _streams = new(StringComparer.Ordinal);
    readonly Dictionary<(string Stream, string Key), long> _keys = [];
    readonly Dictionary<string, StoredSnapshot> _snapshots = new(StringComparer.Ordinal);
    readonly Dictionary<string, SortedList<long, StoredSnapshot>> _checkpoints = new(StringComparer.Ordinal);

    public string Name => "in memory";
    public bool IsReadOnly => false;
    public Func<Task>? BeforeCommit { get; set; }
    public Func<Task>? AfterCommit { get; set; }
    public long Commits { get; private set; }

    /// <summary>The rows themselves, for whoever wants to damage them.</summary>
    public SortedList<long, JournalRow> this[string stream] => _streams[stream];

    public bool Has(string stream) => _streams.ContainsKey(stream);

    public Dictionary<string, StoredSnapshot> Snapshots => _snapshots;

    public Dictionary<string, SortedList<long, StoredSnapshot>> Checkpoints => _checkpoints;

    public Task OpenAsync(CancellationToken cancellation) => Task.CompletedTask;

    public void Commit(ReadOnlySpan<JournalAppend> group)
    {
        BeforeCommit?.Invoke().GetAwaiter().GetResult();
        lock (_gate)
        {
            Check(group);
            foreach (var append in group)
                if (!append.IsFlush) Write(append.Writer!.Stream, append);
            Commits++;
        }

        AfterCommit?.Invoke().GetAwaiter().GetResult();
    }

    void Check(ReadOnlySpan<JournalAppend> group)
    {
        HashSet<(string, long)> numbers = [];
        HashSet<(string, string)> keys = [];
        foreach (var append in group)
            foreach (var row in append.Rows)
            {
                var stream = append.Writer!.Stream;
                if ((_streams.TryGetValue(stream, out var rows) && rows.ContainsKey(row.Sequence))
                    || !numbers.Add((stream, row.Sequence))
                    || (row.Key is { } key && (_keys.ContainsKey((stream, key)) || !keys.Add((stream, key)))))
                    throw new JournalKeyTakenException();
            }
    }

    void Write(string stream, JournalAppend append)
    {
        if (append.Rows.Length > 0 && !_streams.ContainsKey(stream)) _streams[stream] = [];
        foreach (var row in append.Rows)
        {
            _streams[stream].Add(row.Sequence, row with { Payload = row.Payload.ToArray() });
            if (row.Key is { } key) _keys.Add((stream, key), row.Sequence);
        }

        if (append.Snapshot is { Snapshot: var snapshot, Hash: var hash }
            && (!_snapshots.TryGetValue(stream, out var older) || older.Snapshot.Sequence < snapshot.Sequence))
            _snapshots[stream] = new StoredSnapshot(snapshot with { Payload = snapshot.Payload.ToArray() }, hash);
        if (append.Checkpoint is { } checkpoint) Keep(stream, checkpoint);
    }

    void Keep(string stream, StoredSnapshot checkpoint)
    {
        if (!_checkpoints.TryGetValue(stream, out var kept)) _checkpoints[stream] = kept = [];
        var copy = checkpoint.Snapshot with { Payload = checkpoint.Snapshot.Payload.ToArray() };
        kept.TryAdd(copy.Sequence, checkpoint with { Snapshot = copy });
        if (kept.Count <= JournalRules.MaxCheckpoints) return;
        var places = kept.Keys;
        kept.RemoveAt(Enumerable.Range(1, kept.Count - 2).MinBy(at => places[at + 1] - places[at - 1]));
    }

    public Task<JournalHead> ReadHeadAsync(string stream, CancellationToken cancellation)
    {
        lock (_gate)
        {
            var last = _streams.TryGetValue(stream, out var rows) && rows.Count > 0 ? rows.GetValueAtIndex(rows.Count - 1) : default;
            return Task.FromResult(last.Sequence == 0 ? JournalHead.Empty : new JournalHead(last.Sequence, last.Hash));
        }
    }

    public async IAsyncEnumerable<JournalRow> ReadAsync(
        string stream, long from, long last, [EnumeratorCancellation] CancellationToken cancellation)
    {
        JournalRow[] rows;
        lock (_gate) rows = _streams.TryGetValue(stream, out var all) ? Between(all, from, last) : [];
        foreach (var row in rows)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return row;
        }

        await Task.CompletedTask;
    }

    static JournalRow[] Between(SortedList<long, JournalRow> rows, long from, long last)
    {
        var (first, end) = (FirstAfter(rows.Keys, from == long.MinValue ? from : from - 1), FirstAfter(rows.Keys, last));
        var between = new JournalRow[Math.Max(0, end - first)];
        for (var i = 0; i < between.Length; i++) between[i] = rows.GetValueAtIndex(first + i);
        return between;
    }

    /// <summary>The index of the first number beyond another.</summary>
    static int FirstAfter(IList<long> numbers, long number)
    {
        var (low, high) = (0, numbers.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (numbers[middle] <= number) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    public Task<JournalRow?> FindAsync(string stream, string key, CancellationToken cancellation)
    {
        lock (_gate)
            return Task.FromResult(
                _keys.TryGetValue((stream, key), out var sequence) ? _streams[stream][sequence] : (JournalRow?)null);
    }

    public Task<StoredSnapshot?> ReadSnapshotAsync(string stream, CancellationToken cancellation)
    {
        lock (_gate) return Task.FromResult(_snapshots.GetValueOrDefault(stream));
    }

    public Task<StoredSnapshot?> ReadCheckpointAsync(string stream, long last, CancellationToken cancellation)
    {
        lock (_gate)
            return Task.FromResult(_checkpoints.TryGetValue(stream, out var kept) && FirstAfter(kept.Keys, last) is > 0 and var after
                ? kept.GetValueAtIndex(after - 1) : null);
    }

    public Task<List<string>> ListStreamsAsync(string prefix, CancellationToken cancellation)
    {
        lock (_gate)
            return Task.FromResult(
                _streams.Keys.Union(_snapshots.Keys).Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
                    .ToList());
    }

    public Task<IReadOnlyList<string>> CheckStorageAsync(CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<string>>([]);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

using System.Text;

namespace Trading.Journal;

/// <summary>Reads whole streams, a row at a time, and collects what does not fit.</summary>
sealed class JournalVerifier(IJournalStore store)
{
    /// <summary>After so many defects the list ends: the journal is lost, and memory is bounded.</summary>
    public const int MaxDefects = 1_000;

    readonly List<JournalDefect> _defects = [];
    long _streams, _events;

    public async Task<JournalVerification> VerifyAsync(string? stream, CancellationToken cancellation)
    {
        IReadOnlyList<string> names = stream is null ? [] : [stream];
        if (stream is null)
        {
            await CollectAsync(async () =>
            {
                foreach (var problem in await store.CheckStorageAsync(cancellation))
                    Add(new JournalDefect("", 0, problem));
            });
            await CollectAsync(
                async () =>
                    names = [.. (await store.ListStreamsAsync("", cancellation)).Order(StringComparer.Ordinal)]);
        }

        foreach (var name in names)
            if (_defects.Count < MaxDefects) await CollectAsync(() => VerifyStreamAsync(name, cancellation));
        return new JournalVerification(_streams, _events, _defects);
    }

    async Task VerifyStreamAsync(string stream, CancellationToken cancellation)
    {
        _streams++;
        var chain = new JournalChain(stream, 1);
        var snapshot = await store.ReadSnapshotAsync(stream, cancellation); // before the events, which only grow
        var newest = await VerifyCheckpointsAsync(stream, cancellation);
        await CollectAsync(async () =>
        {
            await foreach (var row in store.ReadAsync(stream, long.MinValue, long.MaxValue, cancellation))
            {
                _events++;
                if (chain.Check(row) is { } defect) Add(defect);
            }
        });

        if (snapshot is not null && snapshot.Intact(Encoding.UTF8.GetBytes(stream)) is null)
            Add(new JournalDefect(
                stream, snapshot.Snapshot.Sequence, "the snapshot is not what was stored: the hash differs"));
        else if (snapshot?.Snapshot.Sequence >= chain.Next)
            Add(new JournalDefect(stream, snapshot.Snapshot.Sequence, $"the snapshot is beyond the stream, which ends at {chain.Next - 1}"));
        if (newest >= chain.Next)
            Add(new JournalDefect(stream, newest, $"the checkpoint is beyond the stream, which ends at {chain.Next - 1}"));
    }

    /// <summary>Names the checkpoints that are altered.</summary>
    /// <returns>The event of the newest one that is not; zero for none.</returns>
    async Task<long> VerifyCheckpointsAsync(string stream, CancellationToken cancellation)
    {
        var (name, newest) = (Encoding.UTF8.GetBytes(stream), 0L);
        await CollectAsync(async () =>
        {
            for (var last = long.MaxValue; await store.ReadCheckpointAsync(stream, last, cancellation) is { } stored;)
            {
                last = stored.Snapshot.Sequence - 1;
                if (stored.Intact(name) is not null) newest = Math.Max(newest, stored.Snapshot.Sequence);
                else Add(new JournalDefect(stream, stored.Snapshot.Sequence, "the checkpoint is not what was stored: the hash differs"));
            }
        });
        return newest;
    }

    /// <summary>What cannot be read at all is a defect too, and the rest is still worth reading.</summary>
    async Task CollectAsync(Func<Task> check)
    {
        try
        {
            await check();
        }
        catch (JournalCorruptException unreadable)
        {
            Add(new JournalDefect(unreadable.Stream, unreadable.Sequence, unreadable.Problem));
        }
    }

    void Add(JournalDefect defect)
    {
        if (_defects.Count < MaxDefects) _defects.Add(defect);
    }
}

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
        if (stream is null)
            foreach (var problem in await store.CheckStorageAsync(cancellation)) Add(new JournalDefect("", 0, problem));

        foreach (var name in stream is null ? await store.ListStreamsAsync("", cancellation) : [stream])
            if (_defects.Count < MaxDefects) await VerifyStreamAsync(name, cancellation);
        return new JournalVerification(_streams, _events, _defects);
    }

    async Task VerifyStreamAsync(string stream, CancellationToken cancellation)
    {
        _streams++;
        var chain = new JournalChain(stream, 1);
        var snapshot = await store.ReadSnapshotAsync(stream, cancellation); // before the events, which only grow
        try
        {
            await foreach (var row in store.ReadAsync(stream, long.MinValue, cancellation))
            {
                _events++;
                if (chain.Check(row) is { } defect) Add(defect);
            }
        }
        catch (JournalCorruptException unreadable)
        {
            Add(new JournalDefect(stream, unreadable.Sequence, unreadable.Problem));
        }

        if (snapshot is not null && !snapshot.IsIntact(Encoding.UTF8.GetBytes(stream)))
            Add(new JournalDefect(stream, snapshot.Snapshot.Sequence, "the snapshot is not what was stored: the hash differs"));
        else if (snapshot?.Snapshot.Sequence >= chain.Next)
            Add(new JournalDefect(stream, snapshot.Snapshot.Sequence, $"the snapshot is beyond the stream, which ends at {chain.Next - 1}"));
    }

    void Add(JournalDefect defect)
    {
        if (_defects.Count < MaxDefects) _defects.Add(defect);
    }
}

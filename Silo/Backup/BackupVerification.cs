using Trading.Hosting;
using Trading.Journal;
using Trading.Portfolios;
using Trading.Stores;

namespace Trading.Backup;

/// <summary>What a rehearsal of a restoration found.</summary>
/// <param name="Newest">When the newest event in it was recorded: what came later would be lost. Null for an empty
/// journal.</param>
/// <param name="Took">From opening the file to a store that answers, its checks included.</param>
/// <param name="Replayed">Decisions that were made again and came out the same.</param>
/// <param name="Findings">Everything that is not as it was; empty where all is.</param>
sealed record BackupVerdict(
    BackupManifest Manifest, long Streams, long Events, long Rows, DateTimeOffset? Newest, TimeSpan Took, int Replayed,
    IReadOnlyList<string> Findings);

/// <summary>Restores a backup, and proves it: rows read back have the hashes that were written, every hash chain of
/// the journal holds, and decisions come out the same when they are made again.</summary>
static class BackupVerification
{
    /// <summary>Decisions that are made again, the newest of each book.</summary>
    const int MostReplays = 100;

    /// <param name="target">An empty store.</param>
    public static async Task<BackupVerdict> RestoreAsync(
        string path, byte[] key, StoreOptions target, TimeProvider clock, CancellationToken cancellation)
    {
        var began = clock.GetTimestamp();
        List<string> findings = [];
        await using var backup = BackupReader.Open(path, key);
        IReadOnlyList<TableDigest> read;
        await using (var writer = await StoreCopy.WriterAsync(target, clock, cancellation))
            read = await StoreCopy.WriteAsync(backup, writer, cancellation);
        using (var scratch = new ScratchFolder())
        await using (var written = await StoreCopy.ReaderAsync(target, scratch.Path, cancellation))
            findings.AddRange(StoreCopy.Compare(read, await StoreCopy.DigestAsync(written, cancellation)));

        await using var journal = target.Kind == "postgres"
            ? EventJournal.Postgres(target.ConnectionString!, clock, readOnly: true)
            : EventJournal.Sqlite(target.Path, clock, readOnly: true);
        var chains = await journal.VerifyAsync(null, cancellation);
        findings.AddRange(chains.Defects.Select(defect => $"{defect.Stream} {defect.Sequence}: {defect.Problem}"));
        var (replayed, newest) = findings.Count == 0 ? await ReplayAsync(journal, clock, findings, cancellation)
            : (0, null);
        return new(
            backup.Manifest, chains.Streams, chains.Events, read.Sum(table => table.Rows), newest,
                clock.GetElapsedTime(began), replayed, findings);
    }

    static async Task<(int Replayed, DateTimeOffset? Newest)> ReplayAsync(
        EventJournal journal, TimeProvider clock, List<string> findings, CancellationToken cancellation)
    {
        using var replays = new DecisionReplays(journal, clock);
        var (replayed, newest) = (0, (DateTimeOffset?)null);
        foreach (var stream in await journal.ListStreamsAsync("", cancellation))
        {
            JournalEvent? decision = null;
            await foreach (var recorded in journal.ReadAsync(stream, after: 0, cancellation))
            {
                if (newest is null || recorded.RecordedAt > newest) newest = recorded.RecordedAt;
                if (DecisionReplays.IsDecision(recorded)) decision = recorded;
            }

            if (decision is null || replayed == MostReplays) continue;
            if (await replays.IsReproducedAsync(decision)) replayed++;
            else findings.Add($"{decision.Stream} {decision.Sequence}: made again, the decision is another one");
        }

        return (replayed, newest);
    }
}

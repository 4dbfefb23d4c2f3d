
namespace Trading.Journal.Tests;

/// <summary>What must be noticed when the rows are changed behind the journal's back; a store's own class says how to.</summary>
public abstract partial class JournalTests
{
    protected abstract Task AlterPayloadAsync(string stream, long sequence);

    protected abstract Task AlterHashAsync(string stream, long sequence);

    protected abstract Task TearHashAsync(string stream, long sequence);

    protected abstract Task DeleteAsync(string stream, long sequence);

    protected abstract Task AlterSnapshotAsync(string stream);

    protected abstract Task AlterCheckpointAsync(string stream, long sequence);

    [Fact]
    public async Task DamagedEvents_AreEachNamedOnce()
    {
        await FillAsync("altered", 5);
        await FillAsync("rehashed", 5);
        await FillAsync("torn", 5);
        await FillAsync("missing", 5);
        await FillAsync("whole", 5);
        await AlterPayloadAsync("altered", 2);
        await AlterHashAsync("rehashed", 3);
        await TearHashAsync("torn", 4);
        await DeleteAsync("missing", 3);

        var verification = await Journal.VerifyAsync(null, None);

        (verification.Streams, verification.Events).ShouldBe((5, 24));
        verification.Defects.ShouldBe(
        [
            new JournalDefect("altered", 2, JournalChain.Altered),
            new JournalDefect("missing", 3, "the event is missing; event 4 cannot be checked without it"),
            new JournalDefect("rehashed", 3, JournalChain.Altered),
            new JournalDefect("torn", 4, JournalChain.Torn),
        ], ignoreOrder: true);
        (await Journal.VerifyAsync("whole", None)).Defects.ShouldBeEmpty();
        (await Journal.VerifyAsync("altered", None)).Defects.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Reading_StopsAtADamagedEvent()
    {
        await FillAsync("altered", 5);
        await FillAsync("missing", 5);
        await AlterPayloadAsync("altered", 3);
        await DeleteAsync("missing", 1);

        (await Should.ThrowAsync<JournalCorruptException>(() => ReadAsync("altered"))).Sequence.ShouldBe(3);
        (await Should.ThrowAsync<JournalCorruptException>(() => ReadAsync("altered", after: 2))).Sequence.ShouldBe(3);
        (await ReadAsync("altered", after: 3)).Count.ShouldBe(2);
        (await Should.ThrowAsync<JournalCorruptException>(() => ReadAsync("missing"))).Sequence.ShouldBe(1);
    }

    [Fact]
    public async Task DamagedSnapshots_AreNamedAndNotUsed()
    {
        await (await FillAsync("altered", 3)).SaveSnapshotAsync(new JournalSnapshot(3, "state"u8.ToArray()), None);
        await (await FillAsync("beyond", 3)).SaveSnapshotAsync(new JournalSnapshot(3, "state"u8.ToArray()), None);
        await AlterSnapshotAsync("altered");
        await DeleteAsync("beyond", 3);

        (await Journal.GetSnapshotAsync("altered", None)).ShouldBeNull();
        (await Journal.VerifyAsync(null, None)).Defects.Select(defect => (defect.Stream, defect.Sequence, defect.Problem)).ShouldBe(
        [
            ("altered", 3, "the snapshot is not what was stored: the hash differs"),
            ("beyond", 3, "the snapshot is beyond the stream, which ends at 2"),
        ]);
    }

    [Fact]
    public async Task DamagedCheckpoints_AreNamed_AndPassedOverForOlderOnes()
    {
        var writer = await FillAsync("altered", 5);
        foreach (var place in (long[])[2, 4]) await writer.SaveCheckpointAsync(new JournalSnapshot(place, "state"u8.ToArray()), None);
        await (await FillAsync("beyond", 3)).SaveCheckpointAsync(new JournalSnapshot(3, "state"u8.ToArray()), None);
        await AlterCheckpointAsync("altered", 4);
        await DeleteAsync("beyond", 3);

        (await Journal.GetCheckpointAsync("altered", 5, None))!.Sequence.ShouldBe(2);
        (await Journal.VerifyAsync(null, None)).Defects.Select(defect => (defect.Stream, defect.Sequence, defect.Problem)).ShouldBe(
        [
            ("altered", 4, "the checkpoint is not what was stored: the hash differs"),
            ("beyond", 3, "the checkpoint is beyond the stream, which ends at 2"),
        ]);
    }
}

using Microsoft.Extensions.DependencyInjection;

namespace Trading.Journal.Tests;

public sealed class InMemoryJournalTests : JournalTests
{
    InMemoryJournalStore Store => ((InMemoryJournal)Journal).Store;

    protected override EventJournal Create() => new InMemoryJournal(Clock);

    protected override Task AlterPayloadAsync(string stream, long sequence) =>
        ChangeAsync(stream, sequence, row => row with { Payload = "99"u8.ToArray() });

    protected override Task AlterHashAsync(string stream, long sequence) =>
        ChangeAsync(stream, sequence, row => row with { Hash = JournalHash.Start });

    protected override Task TearHashAsync(string stream, long sequence) =>
        ChangeAsync(stream, sequence, row => row with { Hash = row.Hash[..5] });

    protected override Task DeleteAsync(string stream, long sequence) => Task.FromResult(Store[stream].Remove(sequence));

    protected override Task AlterSnapshotAsync(string stream)
    {
        var snapshot = Store.Snapshots[stream];
        Store.Snapshots[stream] = snapshot with { Snapshot = snapshot.Snapshot with { Payload = "else"u8.ToArray() } };
        return Task.CompletedTask;
    }

    protected override Task AlterCheckpointAsync(string stream, long sequence)
    {
        var kept = Store.Checkpoints[stream];
        kept[sequence] = kept[sequence] with { Snapshot = kept[sequence].Snapshot with { Payload = "else"u8.ToArray() } };
        return Task.CompletedTask;
    }

    Task ChangeAsync(string stream, long sequence, Func<JournalRow, JournalRow> change)
    {
        Store[stream][sequence] = change(Store[stream][sequence]);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task AppendsQueuedDuringACommit_ShareTheNextOne()
    {
        using var journal = new InMemoryJournal(Clock);
        var writers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => journal.OpenAsync($"{i}", None)));
        var gate = new TaskCompletionSource();
        journal.BeforeCommit = () => gate.Task;

        var appends = writers.Select(writer => AppendAsync(writer, Entry("x"))).ToArray();
        gate.SetResult();
        await Task.WhenAll(appends);

        journal.Commits.ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public async Task AWriterWhoQueuesMuch_KeepsNoOtherWaitingForAllOfIt()
    {
        using var journal = new InMemoryJournal(Clock);
        var (flood, other) = (await journal.OpenAsync("flood", None), await journal.OpenAsync("other", None));
        var gate = new TaskCompletionSource();
        journal.BeforeCommit = () => gate.Task;
        var batch = Enumerable.Repeat(Entry("x"), JournalRules.MaxBatchEvents).ToArray();
        var flooding = Enumerable.Range(0, 6).Select(_ => AppendAsync(flood, batch)).ToArray();
        (long Commit, int Flooded)? stored = null;
        journal.AfterCommit = () =>
        {
            if (stored is null && journal.Store.Has("other")) stored = (journal.Commits, journal.Store["flood"].Count);
            return Task.CompletedTask;
        };

        var one = AppendAsync(other, Entry("1"));
        var reopened = journal.OpenAsync("third", None);
        gate.SetResult();

        await Task.WhenAll(flooding.Append(one));
        stored!.Value.Commit.ShouldBeLessThanOrEqualTo(3, "what was under way, and one batch");
        stored!.Value.Flooded.ShouldBeLessThanOrEqualTo(2 * JournalRules.MaxBatchEvents, "and no batch in its own commit");
        journal.Commits.ShouldBeGreaterThanOrEqualTo(6);
        (await flooding[^1]).ShouldBe(6 * JournalRules.MaxBatchEvents, "each writer's appends stay in order");
        (await reopened).LastSequence.ShouldBe(0);
    }

    [Fact]
    public async Task AFailedCommit_FailsEveryWriterOpenedBefore()
    {
        using var journal = new InMemoryJournal(Clock);
        var (writer, bystander) = (await journal.OpenAsync("a", None), await journal.OpenAsync("b", None));
        journal.BeforeCommit = () => Task.FromException(new IOException("disk full"));

        var failed = new[] { AppendAsync(writer, Entry("1")), AppendAsync(writer, Entry("2")) };

        foreach (var append in failed)
            (await OutcomeAsync(append)).ShouldBeOfType<JournalUnavailableException>().InnerException.ShouldBeOfType<IOException>();
        journal.BeforeCommit = null;
        (await OutcomeAsync(AppendAsync(writer, Entry("3")))).ShouldBeOfType<JournalUnavailableException>();
        (await OutcomeAsync(AppendAsync(bystander, Entry("3")))).ShouldBeOfType<JournalUnavailableException>();
        (await AppendAsync(await journal.OpenAsync("a", None), Entry("1"))).ShouldBe(1);
    }

    [Fact]
    public async Task ACommitWhoseAnswerIsLost_IsSeenWhenTheStreamIsOpenedAgain()
    {
        using var journal = new InMemoryJournal(Clock);
        var writer = await journal.OpenAsync("a", None);
        journal.AfterCommit = () => Task.FromException(new IOException("connection lost"));

        (await OutcomeAsync(AppendAsync(writer, Entry("1")))).ShouldBeOfType<JournalUnavailableException>();

        journal.AfterCommit = null;
        (await journal.OpenAsync("a", None)).LastSequence.ShouldBe(1);
    }

    [Fact]
    public async Task AFullQueue_RefusesTheAppendAndEndsItsWriter()
    {
        await using var journal = new InMemoryJournal(Clock);
        var (flood, other) = (await journal.OpenAsync("a", None), await journal.OpenAsync("b", None));
        var gate = new TaskCompletionSource();
        journal.BeforeCommit = () => gate.Task;

        var batch = Enumerable.Repeat(Entry("x"), JournalRules.MaxBatchEvents).ToArray();
        var appends = Enumerable.Range(0, 9).Select(_ => AppendAsync(flood, batch)).ToArray();

        var refusal = (await OutcomeAsync(appends[^1])).ShouldBeOfType<JournalUnavailableException>();
        gate.SetResult();
        (await OutcomeAsync(AppendAsync(flood, Entry("later")))).ShouldBe(refusal);
        (await AppendAsync(other, Entry("1"))).ShouldBe(1);
    }

    [Fact]
    public async Task Registration_GivesOneJournal()
    {
        await using var provider = new ServiceCollection().AddInMemoryJournal().BuildServiceProvider();

        var writer = await provider.GetRequiredService<IJournal>().OpenAsync("a", None);

        (await AppendAsync(writer, Entry("1"))).ShouldBe(1);
        provider.GetRequiredService<IJournal>().ShouldBeSameAs(provider.GetRequiredService<IJournal>());
    }
}

using System.Text;

namespace Trading.Journal.Tests;

/// <summary>What every store must do.</summary>
public abstract partial class JournalTests : JournalTestBase
{
    [Fact]
    public async Task Events_AreReadBackAsTheyWereAppended()
    {
        var writer = await Journal.OpenAsync("a", None);
        Clock.Advance(TimeSpan.FromTicks(12_345_678));
        var recordedAt = new DateTimeOffset(Clock.GetUtcNow().Ticks / 10 * 10, TimeSpan.Zero);

        (await AppendAsync(writer, Entry("1"), new JournalEntry("größer 😀", "{\"x\":2}"u8.ToArray(), "k/ü"))).ShouldBe(2);

        var events = await ReadAsync("a");
        events.Select(e => (e.Stream, e.Sequence, e.Type, e.Key, Text(e))).ShouldBe(
            [("a", 1, "happened", null, "1"), ("a", 2, "größer 😀", "k/ü", "{\"x\":2}")]);
        events.ShouldAllBe(e => e.RecordedAt == recordedAt && e.Hash.Length == 32);
    }

    [Fact]
    public async Task Reading_StartsAfterTheGivenNumber()
    {
        await FillAsync("a", 5);

        (await ReadAsync("a", after: 1)).Select(e => e.Sequence).ShouldBe([2, 3, 4, 5]);
        (await ReadAsync("a", after: 3)).Select(e => e.Sequence).ShouldBe([4, 5]);
        (await ReadAsync("a", after: 5)).ShouldBeEmpty();
        (await ReadAsync("a", after: 9)).ShouldBeEmpty();
        (await ReadAsync("nothing")).ShouldBeEmpty();
    }

    [Fact]
    public async Task AStreamOpenedAgain_GoesOnWhereItEnded()
    {
        await FillAsync("a", 3);

        var again = await Journal.OpenAsync("a", None);

        again.LastSequence.ShouldBe(3);
        (await AppendAsync(again, Entry("4"))).ShouldBe(4);
        await ShouldVerifyAsync(streams: 1, events: 4);
    }

    [Fact]
    public async Task PipelinedAppends_AreNumberedAtOnceAndRecordedInOrder()
    {
        var writer = await Journal.OpenAsync("a", None);

        var appends = Enumerable.Range(1, 2_500).Select(i => AppendAsync(writer, Entry($"{i}"))).ToArray();

        writer.LastSequence.ShouldBe(2_500);
        (await Task.WhenAll(appends)).ShouldBe(Enumerable.Range(1, 2_500).Select(i => (long)i));
        (await ReadAsync("a")).Select(Text).ShouldBe(Enumerable.Range(1, 2_500).Select(i => $"{i}"));
        await ShouldVerifyAsync(streams: 1, events: 2_500);
    }

    [Fact]
    public async Task OfTwoWriters_OneWinsEachNumberAndTheOtherIsTold()
    {
        for (var round = 0; round < 5; round++)
        {
            var writers = new[] { await Journal.OpenAsync("a", None), await Journal.OpenAsync("a", None) };

            var outcomes = await Task.WhenAll(writers.Select(writer => OutcomeAsync(AppendAsync(writer, Entry("x")))));

            outcomes.Count(outcome => outcome is null).ShouldBe(1);
            var refusal = outcomes.OfType<JournalConflictException>().ShouldHaveSingleItem();
            (refusal.Stream, refusal.Sequence).ShouldBe(("a", round + 1));
        }

        await ShouldVerifyAsync(streams: 1, events: 5);
    }

    [Fact]
    public async Task PipelinedAppendsAfterAConflict_FailAndLeaveNoGap()
    {
        var (winner, loser) = (await Journal.OpenAsync("a", None), await Journal.OpenAsync("a", None));
        await AppendAsync(winner, Entry("1"));
        var bystander = await Journal.OpenAsync("b", None);

        var lost = Enumerable.Range(0, 20).Select(i => AppendAsync(loser, Entry($"lost {i}"))).ToArray();
        var unharmed = AppendAsync(bystander, Entry("b"));

        foreach (var append in lost) (await OutcomeAsync(append)).ShouldBeOfType<JournalConflictException>();
        (await unharmed).ShouldBe(1);
        (await OutcomeAsync(AppendAsync(loser, Entry("later")))).ShouldBeOfType<JournalConflictException>();
        (await AppendAsync(winner, Entry("2"))).ShouldBe(2);
        (await ReadAsync("a")).Select(Text).ShouldBe(["1", "2"]);
        await ShouldVerifyAsync(streams: 2, events: 3);
    }

    [Fact]
    public async Task ABatch_IsRecordedWholeOrNotAtAll()
    {
        var writer = await Journal.OpenAsync("a", None);
        await AppendAsync(writer, Entry("1", "order-1"));

        var refusal = await OutcomeAsync(AppendAsync(writer, Entry("2", "order-2"), Entry("3", "order-1"), Entry("4", "order-4")));

        refusal.ShouldBeOfType<JournalDuplicateKeyException>().Key.ShouldBe("order-1");
        (await ReadAsync("a")).Select(Text).ShouldBe(["1"]);
        (await Journal.FindAsync("a", "order-2", None)).ShouldBeNull();
    }

    [Fact]
    public async Task AKey_IsUniqueInItsStreamOnly()
    {
        var (a, b) = (await Journal.OpenAsync("a", None), await Journal.OpenAsync("b", None));
        var before = AppendAsync(a, Entry("1", "order-1"));
        var first = AppendAsync(b, Entry("other", "order-1"));
        var between = AppendAsync(a, Entry("2"));
        var second = AppendAsync(a, Entry("3", "order-1"));
        var after = AppendAsync(a, Entry("4"));

        (await before, await first, await between).ShouldBe((1, 1, 2));
        var refusal = (await OutcomeAsync(second)).ShouldBeOfType<JournalDuplicateKeyException>();
        (refusal.Stream, refusal.Key).ShouldBe(("a", "order-1"));
        refusal.Message.ShouldContain("order-1");
        (await OutcomeAsync(after)).ShouldBe(refusal);
        (await Journal.FindAsync("a", "order-1", None)).ShouldNotBeNull().Sequence.ShouldBe(1);
        (await Journal.FindAsync("b", "order-1", None)).ShouldNotBeNull().Stream.ShouldBe("b");
        (await Journal.FindAsync("a", "order-9", None)).ShouldBeNull();
    }

    [Fact]
    public async Task ABatchWithOneKeyTwice_IsRefused()
    {
        var writer = await Journal.OpenAsync("a", None);

        var refusal = await OutcomeAsync(AppendAsync(writer, Entry("1", "twin"), Entry("2", "twin")));

        refusal.ShouldBeOfType<JournalDuplicateKeyException>().Key.ShouldBe("twin");
        (await ReadAsync("a")).ShouldBeEmpty();
    }

    [Fact]
    public async Task ManyStreams_AreRecordedTogether()
    {
        var streams = Enumerable.Range(0, 200).Select(i => $"stream-{i:000}").ToArray();
        var writers = await Task.WhenAll(streams.Select(name => Journal.OpenAsync(name, None)));

        for (var round = 0; round < 3; round++)
            await Task.WhenAll(writers.Select(writer => AppendAsync(writer, Entry(writer.Stream, $"key-{writer.LastSequence}"))));

        (await Journal.ListStreamsAsync("", None)).ShouldBe(streams);
        (await Journal.ListStreamsAsync("stream-01", None)).ShouldBe(streams[10..20]);
        (await Journal.ListStreamsAsync("x", None)).ShouldBeEmpty();
        await ShouldVerifyAsync(streams: 200, events: 600);
    }

    [Fact]
    public async Task TheNewestSnapshot_IsKept()
    {
        var writer = await FillAsync("a", 4);
        (await Journal.GetSnapshotAsync("a", None)).ShouldBeNull();

        await writer.SaveSnapshotAsync(new JournalSnapshot(3, "three"u8.ToArray()), None);
        await writer.SaveSnapshotAsync(new JournalSnapshot(2, "two"u8.ToArray()), None);
        var queued = AppendAsync(writer, Entry("5"));
        await writer.SaveSnapshotAsync(new JournalSnapshot(writer.LastSequence, "five"u8.ToArray()), None);

        queued.IsCompletedSuccessfully.ShouldBeTrue();
        var snapshot = (await Journal.GetSnapshotAsync("a", None)).ShouldNotBeNull();
        (snapshot.Sequence, Encoding.UTF8.GetString(snapshot.Payload.Span)).ShouldBe((5, "five"));
        await ShouldVerifyAsync(streams: 1, events: 5);
    }

    [Fact]
    public async Task APackedSnapshot_IsReadBackAsOne_AndIsNoneToAProgramThatDoesNotKnowTheForm()
    {
        var writer = await FillAsync("a", 2);
        var packed = new JournalSnapshot(2, "packed"u8.ToArray()) { IsPacked = true };

        await writer.SaveSnapshotAsync(packed, None);

        (await Journal.GetSnapshotAsync("a", None)).ShouldNotBeNull().IsPacked.ShouldBeTrue();
        await ShouldVerifyAsync(streams: 1, events: 2);
        JournalHash.OfSnapshot("a"u8, packed).ShouldNotBe(JournalHash.OfSnapshot("a"u8, packed with { IsPacked = false }));
    }

    [Fact]
    public async Task Reading_EndsAtTheGivenNumber()
    {
        await FillAsync("a", 5);

        (await NumbersAsync(after: 1, last: 3)).ShouldBe([2, 3]);
        (await NumbersAsync(after: 4, last: 99)).ShouldBe([5]);
        (await NumbersAsync(after: 5, last: 6)).ShouldBeEmpty();

        async Task<List<long>> NumbersAsync(long after, long last)
        {
            List<long> numbers = [];
            await foreach (var recorded in Journal.ReadAsync("a", after, last, None)) numbers.Add(recorded.Sequence);
            return numbers;
        }
    }

    [Fact]
    public async Task ACheckpoint_IsFoundAtOrBeforeAnEvent_BesideTheNewestSnapshot()
    {
        var writer = await FillAsync("a", 9);
        await writer.SaveSnapshotAsync(new JournalSnapshot(9, "newest"u8.ToArray()), None);
        foreach (var place in (long[])[2, 8, 5, 5])
            await writer.SaveCheckpointAsync(new JournalSnapshot(place, Encoding.UTF8.GetBytes($"at {place}")), None);

        (await CheckpointAsync(1)).ShouldBeNull();
        (await CheckpointAsync(2)).ShouldBe("at 2");
        (await CheckpointAsync(7)).ShouldBe("at 5");
        (await CheckpointAsync(long.MaxValue)).ShouldBe("at 8");
        (await Journal.GetSnapshotAsync("a", None))!.Sequence.ShouldBe(9);
        (await Journal.GetCheckpointAsync("nothing", 9, None)).ShouldBeNull();
        (await OutcomeAsync((await Journal.OpenAsync("a", None)).SaveCheckpointAsync(new JournalSnapshot(10, default), None)))
            .ShouldBeOfType<ArgumentException>();
        await ShouldVerifyAsync(streams: 1, events: 9);

        async Task<string?> CheckpointAsync(long last) =>
            await Journal.GetCheckpointAsync("a", last, None) is { } found ? Encoding.UTF8.GetString(found.Payload.Span) : null;
    }

    [Fact]
    public async Task Checkpoints_AreBounded_AndStaySpreadOverTheWholeStream()
    {
        const int Space = 10, Count = JournalRules.MaxCheckpoints + 400;
        var writer = await Journal.OpenAsync("a", None);
        var newest = Task.CompletedTask;
        for (var i = 0; i < Count; i++)
        {
            _ = AppendAsync(writer, [.. Enumerable.Range(0, Space).Select(_ => Entry("x"))]);
            newest = writer.SaveCheckpointAsync(new JournalSnapshot(writer.LastSequence, "state"u8.ToArray()), None);
        }

        await newest;
        var places = new List<long>();
        for (var last = long.MaxValue; await Journal.GetCheckpointAsync("a", last, None) is { } found; last = found.Sequence - 1)
            places.Add(found.Sequence);
        places.Count.ShouldBe(JournalRules.MaxCheckpoints);
        (places[^1], places[0]).ShouldBe((Space, Count * Space));
        places.Zip(places.Skip(1), (newer, older) => newer - older).Max().ShouldBeLessThanOrEqualTo(2 * Space);
    }

    [Fact]
    public async Task ASnapshotOfAnEventThatIsNotThere_IsRefused()
    {
        var writer = await FillAsync("a", 2);

        (await OutcomeAsync(writer.SaveSnapshotAsync(new JournalSnapshot(3, default), None))).ShouldBeOfType<ArgumentException>();
    }

    [Fact]
    public async Task AnUnacceptableBatch_IsRefusedWithEveryRuleItBreaks()
    {
        var writer = await Journal.OpenAsync("a", None);

        var refusal = await OutcomeAsync(AppendAsync(writer, new JournalEntry("", default), Entry("x", "line\nbreak"), Entry("x", "\ud800")));

        refusal.ShouldBeOfType<ArgumentException>().Message.ShouldSatisfyAllConditions(
            message => message.ShouldContain("entry 0: the type"), message => message.ShouldContain("entry 1: the key"),
            message => message.ShouldContain("entry 2: the key"));
        (await ReadAsync("a")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Cancellation_EndsTheWaitingButNotTheAppend()
    {
        var writer = await Journal.OpenAsync("a", None);

        var waiting = writer.AppendAsync(new[] { Entry("1") }, new CancellationToken(canceled: true));

        (await OutcomeAsync(waiting)).ShouldBeAssignableTo<OperationCanceledException>();
        (await AppendAsync(writer, Entry("2"))).ShouldBe(2);
        (await ReadAsync("a")).Select(Text).ShouldBe(["1", "2"]);
    }

    [Fact]
    public async Task Disposal_WritesWhatIsQueued()
    {
        var writer = await Journal.OpenAsync("a", None);
        var queued = Enumerable.Range(0, 500).Select(i => AppendAsync(writer, Entry($"{i}"))).ToArray();

        await Journal.DisposeAsync();
        await Journal.DisposeAsync();

        queued.ShouldAllBe(append => append.IsCompletedSuccessfully);
        (await OutcomeAsync(AppendAsync(writer, Entry("late")))).ShouldBeOfType<JournalUnavailableException>();
    }
}

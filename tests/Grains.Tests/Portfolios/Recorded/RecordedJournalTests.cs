using Trading.Journal;
using Trading.Risk;
using Trading.Testing;
using static Trading.Portfolios.Tests.Books;

namespace Trading.Portfolios.Tests;

/// <summary>A journal that an earlier program wrote, when decisions were recorded as JSON and there were no checkpoints: approvals,
/// refusals, fills, limits that changed, an override, a breaker, modes, a correction, a restart.</summary>
public sealed class RecordedJournalTests : IAsyncLifetime
{
    const string Stream = "portfolio/recorded";
    const int Decisions = 42;
    static readonly DateTimeOffset Later = Now.AddHours(1);

    readonly TemporaryFolder _folder = new();
    readonly ManualTimeProvider _clock = new(Later);
    EventJournal _journal = null!;

    public async ValueTask InitializeAsync()
    {
        var file = Path.Combine(_folder.Path, "recorded.db");
        File.Copy(Path.Combine(RepositoryFiles.Root, "tests/Grains.Tests/Portfolios/Recorded/before-compact-decisions.db"), file);
        await (_journal = EventJournal.Sqlite(file, _clock)).StartAsync(default);
    }

    public async ValueTask DisposeAsync()
    {
        await _journal.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task ItsHashes_AreThoseOfItsBytes()
    {
        var verification = await _journal.VerifyAsync(null, default);
        verification.Defects.ShouldBeEmpty();
        verification.Events.ShouldBeGreaterThan(Decisions);
    }

    [Fact]
    public async Task ItsBook_IsTheOneOfItsSnapshotToo_AndGoesOnInTheNewForm()
    {
        var whole = new Book("recorded", RecentKeys);
        await foreach (var recorded in _journal.ReadAsync(Stream, 0, default)) whole.Apply(BookJson.Decode(recorded));
        await using (var silo = await StartAsync())
        {
            var book = silo.Grains.GetGrain<IPortfolioGrain>("recorded");
            var (shown, before) = ((await book.GetSnapshotAsync()).Value!, whole.Sequence);
            (shown.Cash, shown.Deposits, shown.HighWaterMark).ShouldBe((whole.Cash, whole.Deposits, whole.HighWaterMark));
            var decision = (await book.ReserveAsync(Order(Side.Buy, 1), whole.Limits!)).Value!;
            var recorded = await FindAsync(decision.Read().DecisionId);
            recorded.Sequence.ShouldBeGreaterThan(before);
            recorded.Payload.Length.ShouldBeLessThan(decision.Json.Length / 2);
            (await book.ReplayAsync(decision.Read().DecisionId)).Value!.Recomputed.Json.ShouldBe(decision.Json);
        }

        (await _journal.VerifyAsync(null, default)).Defects.ShouldBeEmpty();
    }

    [Fact]
    public async Task EveryDecision_ComesOutAsItWasAnswered_ByteForByte()
    {
        await using var silo = await StartAsync();
        var book = silo.Grains.GetGrain<IPortfolioGrain>("recorded");
        var decisions = new List<SignalDecision>();
        await foreach (var recorded in _journal.ReadAsync(Stream, 0, default))
        {
            if (recorded.Type != "decided") continue;
            var replay = (await book.ReplayAsync($"recorded:{recorded.Sequence}")).Value!;
            replay.Identical.ShouldBeTrue();
            replay.Recomputed.Json.ShouldBe(recorded.Payload.ToArray());
            replay.Explanation.Decision.Json.ShouldBe(recorded.Payload.ToArray());
            decisions.Add(replay.Recomputed.Read());
        }

        decisions.Count.ShouldBe(Decisions);
        decisions.Count(decision => decision.Approved).ShouldBe(15);
    }

    [Fact]
    public async Task EveryDecision_IsTheSameInTheNewForm_InLessThanHalfTheBytes()
    {
        var (before, after) = (0L, 0L);
        await foreach (var recorded in _journal.ReadAsync(Stream, 0, default))
        {
            if (recorded.Type != "decided") continue;
            var compact = CompactDecision.Write(DecisionJson.Read(recorded.Payload.Span));
            DecisionJson.Write(CompactDecision.Read(compact)).ShouldBe(recorded.Payload.ToArray());
            (before, after) = (before + recorded.Payload.Length, after + compact.Length);
        }

        after.ShouldBeLessThan(before / 2);
    }

    async Task<JournalEvent> FindAsync(string decisionId)
    {
        await foreach (var recorded in _journal.ReadAsync(Stream, 0, default))
            if ($"recorded:{recorded.Sequence}" == decisionId) return recorded;
        throw new InvalidOperationException(decisionId);
    }

    Task<TestSilo> StartAsync() => BookSilo.StartAsync(_clock, _journal, new Market { ["AA"] = Market.Walk("AA", 100m, 90) },
        new() { VarLookbackDays = 60, VarMinSessions = 30 });
}

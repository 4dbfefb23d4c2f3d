using Trading.Journal;
using Trading.Risk;
using Trading.Testing;
using static Trading.Portfolios.Tests.Books;

namespace Trading.Portfolios.Tests;

/// <summary>Explanations of decisions start from checkpoints, and say the same as from the first event.</summary>
public sealed class ExplanationTests : IAsyncLifetime
{
    readonly ManualTimeProvider _clock = new(Now);
    readonly Market _market = new();
    readonly CountingJournal _journal;
    readonly List<RecordedDecision> _decisions = [];
    TestSilo _silo = null!;

    public ExplanationTests()
    {
        _journal = new CountingJournal(new InMemoryJournal(_clock));
        foreach (var symbol in Symbols) _market[symbol] = Market.Walk(symbol, 50m);
    }

    static string[] Symbols => ["AA", "BA", "CC"];

    public async ValueTask InitializeAsync()
    {
        _silo = await StartAsync();
        await TradeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _silo.DisposeAsync();
        _journal.Dispose();
    }

    [Fact]
    public async Task FromACheckpoint_ADecisionIsTheSame_AsFromTheFirstEvent_ByteForByte()
    {
        (await CheckpointsAsync()).Count.ShouldBeGreaterThan(5);
        foreach (var decision in _decisions)
        {
            var id = decision.Read().DecisionId;
            var replay = (await Book.ReplayAsync(id)).Value!;
            _journal.CheckpointsAreHidden = true;
            var whole = (await Book.ReplayAsync(id)).Value!;
            _journal.CheckpointsAreHidden = false;

            replay.Identical.ShouldBeTrue(id);
            replay.Recomputed.Json.ShouldBe(decision.Json);
            replay.Explanation.Checks.ShouldBe(whole.Explanation.Checks);
            whole.Recomputed.Json.ShouldBe(decision.Json);
            (replay.Explanation.Hash, replay.Explanation.RecordedAt, replay.Explanation.Limits)
                .ShouldBe((whole.Explanation.Hash, whole.Explanation.RecordedAt, whole.Explanation.Limits));
        }
    }

    [Fact]
    public async Task ADecision_IsReadByItsPlace_WithNoMoreEventsThanLieBetweenTwoCheckpoints()
    {
        foreach (var decision in _decisions)
        {
            _journal.EventsRead = 0;
            (await Book.ReplayAsync(decision.Read().DecisionId)).IsDone.ShouldBeTrue();
            _journal.EventsRead.ShouldBeLessThan(5 * CheckpointEvery, "the whole book has four times as many");
        }
    }

    [Fact]
    public async Task AnIdWithoutADecision_IsNotFound_AfterOneEvent()
    {
        var last = _decisions[^1].Read().DecisionId;
        string[] unknown =
        [
            "explained:1", "explained:2", "explained:999999", "explained:9223372036854775807", "explained: 5",
            "explained:0" + last["explained:".Length..],
        ];
        foreach (var id in unknown)
        {
            _journal.EventsRead = 0;
            (await Book.ReplayAsync(id)).Errors.ShouldHaveSingleItem().Field.ShouldBe("decision_id");
            _journal.EventsRead.ShouldBeLessThanOrEqualTo(1, id);
        }
    }

    [Fact]
    public async Task DamagedCheckpoints_AreNotNeeded()
    {
        _journal.CheckpointsAreDamaged = true;
        (await Book.ReplayAsync(_decisions[^1].Read().DecisionId)).Value!.Identical.ShouldBeTrue();
    }

    [Fact]
    public async Task ABookFromBeforeThereWereCheckpoints_GetsThemFromItsFirstExplanation()
    {
        var old = new InMemoryJournal(_clock);
        await CopyAsync(_journal, old);
        using var replays = new DecisionReplays(old, _clock) { MostWithoutCheckpoint = 40 };
        List<long> kept = [];
        var writer = await old.OpenAsync("portfolio/explained", default);
        for (var i = 0; i < 2; i++)
        {
            var replay = await replays.RunAsync("explained", _decisions[^1].Read().DecisionId, new(0, []), async made =>
            {
                kept.Add(made.Book.Sequence);
                await writer.SaveCheckpointAsync(new(made.Book.Sequence, BookCheckpoints.Encode(made)), default);
            });
            replay.Value!.Recomputed.Json.ShouldBe(_decisions[^1].Json);
        }

        kept.Count.ShouldBeGreaterThan(3);
        kept.ShouldBeUnique("the second explanation starts from the last of them");
        old.Dispose();
    }

    [Fact]
    public async Task MoreExplanationsThanMayBeAtOnce_AreToldToComeBack_AndDecisionsGoOn()
    {
        _journal.Gate = new TaskCompletionSource();
        var id = _decisions[0].Read().DecisionId;
        const int Most = DecisionReplays.MaxRunning + DecisionReplays.MaxWaiting;
        var asked = Enumerable.Range(0, Most + 1).Select(_ => Book.ReplayAsync(id)).ToArray();
        (await await Task.WhenAny(asked)).Kind.ShouldBe(OutcomeKind.Busy);
        (await Book.ReserveAsync(Order(Side.Buy, 1), Limits)).IsDone.ShouldBeTrue();
        asked.Count(one => one.IsCompleted).ShouldBe(1);
        _journal.Gate.SetResult();
        (await Task.WhenAll(asked)).Count(one => one.Value is { Identical: true }).ShouldBe(Most);
        (await Book.ReplayAsync(id)).IsDone.ShouldBeTrue();
    }

    const int CheckpointEvery = 20;

    static readonly LimitsVersion Limits = new(1, new RiskLimits
    {
        MinCash = 0, MaxPositionWeight = 0.4, MaxValueAtRisk95 = 0.02, MaxMessages = 40, DuplicateWindowSeconds = 2, MaxWindowNotional = 90_000,
        WindowSeconds = 120, MaxStrategyExposure = 0.5, PreventSelfMatch = true, CorrelationThreshold = 0.5, MaxPriceMove = 0.5, MaxRepeatedExecutions = 6,
    }, "test", Now, "test");

    IPortfolioGrain Book => _silo.Grains.GetGrain<IPortfolioGrain>("explained");

    async Task TradeAsync()
    {
        (await Book.CreateAsync(new("USD", 100_000m, AllowShort: true))).IsDone.ShouldBeTrue();
        var random = new Random(12);
        for (var i = 0; i < 160; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(random.Next(1, 40)));
            var symbol = Symbols[random.Next(Symbols.Length)];
            if (i % 12 == 0) _market[symbol] = Market.Walk(symbol, 50m + (i / 12), version: 2 + i);
            var order = Order(random.Next(2) == 0 ? Side.Buy : Side.Sell, random.Next(1, 300), random.Next(2) == 0 ? $"o-{i}" : null, symbol)
                with { Strategy = random.Next(2) == 0 ? "trend" : null };
            var decision = (await Book.ReserveAsync(order, Limits)).Value!;
            _decisions.Add(decision);
            if (decision.Read() is { Approved: true } approved && random.Next(3) > 0)
                await Book.FillAsync(new Fill($"f-{i}", null, approved.DecisionId, symbol, order.Action, order.Quantity, 50m, 0, External: false));
            if (i != 90) continue;
            await _silo.DisposeAsync();
            _silo = await StartAsync();
        }

        _decisions.Count(one => one.Read().Approved).ShouldBeInRange(20, _decisions.Count - 20);
    }

    async Task<List<long>> CheckpointsAsync()
    {
        await _silo.DisposeAsync(); // the last one is kept before the book is put down
        _silo = await StartAsync();
        List<long> places = [];
        for (var last = long.MaxValue; await _journal.GetCheckpointAsync("portfolio/explained", last, default) is { } found; last = found.Sequence - 1)
            places.Add(found.Sequence);
        return places;
    }

    static async Task CopyAsync(IJournal from, IJournal to)
    {
        var writer = await to.OpenAsync("portfolio/explained", default);
        await foreach (var recorded in from.ReadAsync("portfolio/explained", 0, default))
            await writer.AppendAsync((JournalEntry[])[new(recorded.Type, recorded.Payload, recorded.Key)], default);
    }

    Task<TestSilo> StartAsync() => BookSilo.StartAsync(_clock, _journal, _market, new() { SnapshotEvery = 50, CheckpointEvery = CheckpointEvery });
}

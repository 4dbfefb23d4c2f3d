using System.Collections.Immutable;
using Trading.Journal;
using Trading.Risk;
using Trading.Testing;
using static Trading.Portfolios.Tests.Books;

namespace Trading.Portfolios.Tests;

public sealed class PortfolioGrainTests : IAsyncLifetime
{
    static readonly PortfolioTerms Terms = new("USD", 100_000m, AllowShort: false);
    readonly ManualTimeProvider _clock = new(Now);
    readonly Market _market = new() { ["AA"] = Market.Walk("AA", 100m), ["BA"] = Market.Walk("BA", 50m) };
    readonly InMemoryJournal _journal;
    TestSilo _silo = null!;

    public PortfolioGrainTests() => _journal = new InMemoryJournal(_clock);

    public async ValueTask InitializeAsync() => _silo = await StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _silo.DisposeAsync();
        _journal.Dispose();
    }

    [Fact]
    public async Task UnknownPortfolio_IsNotFound_AndLeavesNothingBehind()
    {
        var unknown = Book("nobody");
        (await unknown.GetSnapshotAsync()).Kind.ShouldBe(OutcomeKind.NotFound);
        (await unknown.ReserveAsync(Order(Side.Buy, 1), Limits())).Kind.ShouldBe(OutcomeKind.NotFound);
        (await unknown.ReserveManyAsync([], Limits())).Kind.ShouldBe(OutcomeKind.NotFound);
        (await unknown.ReleaseAsync("nobody:1", "")).Kind.ShouldBe(OutcomeKind.NotFound);
        (await _journal.ListStreamsAsync("", default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Directory_ListsWhatWasOpened()
    {
        await OpenAsync("b-book");
        await OpenAsync("a-book");
        (await _silo.Grains.GetGrain<IPortfolioDirectoryGrain>(GrainKeys.Directory).ListAsync()).ShouldBe(["a-book", "b-book"]);
    }

    [Fact]
    public async Task Opening_Twice_GivesOneBook()
    {
        var book = await OpenAsync("twice");
        (await book.CreateAsync(Terms)).Value!.Sequence.ShouldBe(1);
        (await book.CreateAsync(Terms with { Cash = 1 })).Errors.ShouldHaveSingleItem().Field.ShouldBe("cash");
        (await Book("bad").CreateAsync(new PortfolioTerms("usd", -1, false))).Errors.Select(error => error.Field).ShouldBe(["currency", "cash"]);
    }

    [Fact]
    public async Task Signal_IsReserved_Filled_AndReported()
    {
        var book = await OpenAsync("life");
        var decision = (await book.ReserveAsync(Order(Side.Buy, 10, "o-1"), Limits())).Value!.Read();
        decision.Approved.ShouldBeTrue();
        decision.ExpiresAt.ShouldBe(Now.AddSeconds(300));
        var receipt = (await book.FillAsync(new Fill("f-1", "o-1", null, "aa", Side.Buy, 10, 99, 1, External: false))).Value!;
        receipt.ReservationId.ShouldBe(decision.DecisionId);
        receipt.Cash.ShouldBe(100_000m - 991);
        var snapshot = (await book.GetSnapshotAsync()).Value!;
        snapshot.Equity.ShouldBe(100_009m);
        snapshot.Reservations.ShouldBeEmpty();
        (await book.GetRiskReportAsync(RiskLimits.Default)).Value!.Contributions.ShouldHaveSingleItem().Symbol.ShouldBe("AA");
    }

    [Fact]
    public async Task SilentSession_IsLost_AndItsApprovalsComeBack()
    {
        var book = await OpenAsync("silent");
        (await book.HeartbeatAsync(30)).Value!.Connected.ShouldBeTrue();
        (await book.ReserveAsync(Order(Side.Buy, 10), Limits())).Value!.Read().Approved.ShouldBeTrue();
        _clock.Advance(TimeSpan.FromSeconds(31));
        (await book.ReserveAsync(Order(Side.Buy, 10), Limits(new RiskLimits { HeartbeatSeconds = 30 }))).Value!.Read().Violations
            .ShouldHaveSingleItem().Observed.ShouldBe(31);
        (await book.GetSnapshotAsync()).Value!.Reservations.ShouldBeEmpty();
        (await Book("nobody").HeartbeatAsync(30)).Kind.ShouldBe(OutcomeKind.NotFound);
    }

    [Fact]
    public async Task TwentyThousandApprovals_ThatEndWhileNobodyIsThere_AreGivenBack()
    {
        var id = new string('p', GrainKeys.MaxLength); // the ids of its approvals are as long as any
        var book = await OpenAsync(id);
        for (var batch = 0; batch < 2; batch++)
            (await book.ReserveManyAsync([.. Enumerable.Repeat(Order(Side.Buy, 0.001m), 10_000)], Limits())).IsDone.ShouldBeTrue();
        (await book.GetSnapshotAsync()).Value!.Reservations.Length.ShouldBe(20_000);
        await RestartAsync();
        _clock.Advance(TimeSpan.FromHours(1));
        (await Book(id).ReserveAsync(Order(Side.Buy, 1), Limits())).IsDone.ShouldBeTrue();
        (await Book(id).GetSnapshotAsync()).Value!.Reservations.Length.ShouldBe(1);
    }

    [Fact]
    public async Task DisabledSymbol_IsEnabledByAPerson_AndThatOnce()
    {
        var book = await OpenAsync("busy");
        var limits = Limits(new RiskLimits { MaxRepeatedExecutions = 1 });
        await book.FillAsync(External("1", Side.Buy, 10, 100));
        await book.FillAsync(External("2", Side.Buy, 10, 100));
        (await book.ReserveAsync(Order(Side.Buy, 1), limits)).Value!.Read().Approved.ShouldBeFalse();
        await RestartAsync();
        book = Book("busy");
        (await book.EnableSymbolAsync("aa", "", "why")).Errors.ShouldHaveSingleItem().Field.ShouldBe("by");
        (await book.EnableSymbolAsync("aa", "ada", "checked")).Value!.Executions.ShouldBe(2);
        (await book.EnableSymbolAsync("aa", "ada", "checked")).Kind.ShouldBe(OutcomeKind.NotFound);
        (await book.ReserveAsync(Order(Side.Buy, 1), limits)).Value!.Read().Approved.ShouldBeTrue();
    }

    [Fact]
    public async Task ConcurrentSignals_NeverExceedTheLimitTogether()
    {
        var book = await OpenAsync("crowd");
        var limits = Limits(new RiskLimits { MaxPositionWeight = 0.10 });
        var decisions = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => book.ReserveAsync(Order(Side.Buy, 3, $"crowd-{i}"), limits)));
        decisions.Count(decision => decision.Value!.Read().Approved).ShouldBe(33);
        decisions.Select(decision => decision.Value!.Read().DecisionId).Distinct().Count().ShouldBe(200);
    }

    [Fact]
    public async Task Batch_CountsTheApprovalsBefore_AndMixesWithItsRepeat()
    {
        var book = await OpenAsync("batch");
        var limits = Limits(new RiskLimits { MaxPositionWeight = 0.10 });
        ImmutableArray<Order> orders = [.. Enumerable.Range(0, 600).Select(i => Order(Side.Buy, 1, $"batch-{i}"))];
        var recorded = (await book.ReserveManyAsync(orders, limits)).Value;
        var decisions = recorded.Select(decision => decision.Read()).ToList();
        decisions.Count(decision => decision.Approved).ShouldBe(100);
        decisions.Take(100).ShouldAllBe(decision => decision.Approved);
        (await book.ReserveManyAsync(orders, limits)).Value.Select(decision => decision.Json).ShouldBe(recorded.Select(decision => decision.Json));
        (await CommandsAsync("batch")).ShouldBe(601);
    }

    [Fact]
    public async Task Repeat_OfAnOrder_GetsTheSameAnswer_AlsoAfterARestart()
    {
        var book = await OpenAsync("repeat");
        var first = (await book.ReserveAsync(Order(Side.Buy, 10, "again"), Limits())).Value!;
        var fill = new Fill("fill", "again", null, "AA", Side.Buy, 4, 100, 0, External: false);
        var receipt = (await book.FillAsync(fill)).Value!;
        await RestartAsync();
        (await Book("repeat").ReserveAsync(Order(Side.Buy, 10, "again"), Limits())).Value!.Json.ShouldBe(first.Json);
        (await Book("repeat").FillAsync(fill)).Value.ShouldBe(receipt);
        (await Book("repeat").FillAsync(fill with { Quantity = 5 })).Errors.ShouldHaveSingleItem().Field.ShouldBe("quantity");
        (await Book("repeat").ReserveAsync(Order(Side.Sell, 10, "again"), Limits())).Errors.ShouldHaveSingleItem().Field.ShouldBe("action");
        (await CommandsAsync("repeat")).ShouldBe(3);
    }

    [Fact]
    public async Task Batch_WithAConflict_ChangesNothing()
    {
        var book = await OpenAsync("conflicting");
        var outcome = await book.ReserveManyAsync([Order(Side.Buy, 1, "x"), Order(Side.Buy, 2, "y"), Order(Side.Buy, 3, "x")], Limits());
        outcome.Kind.ShouldBe(OutcomeKind.Conflict);
        (await CommandsAsync("conflicting")).ShouldBe(1);
    }

    [Fact]
    public async Task OrdersThatComeTogether_HaveAnOutcomeEach_WhateverIsWrongWithOthers()
    {
        var book = await OpenAsync("together");
        await book.ReserveAsync(Order(Side.Buy, 0.5m), Limits()); // the price is at hand from here on
        var outcomes = await book.ReserveEachAsync(
            [Order(Side.Buy, 1, "x"), Order(Side.Buy, 2, "y"), Order(Side.Buy, 3, "x"), Order(Side.Buy, 1, "x")], Limits());
        outcomes.Select(outcome => outcome!.Kind)
            .ShouldBe([OutcomeKind.Done, OutcomeKind.Done, OutcomeKind.Conflict, OutcomeKind.Done]);
        outcomes[2]!.Errors.ShouldHaveSingleItem().Field.ShouldBe("position_size");
        outcomes[3]!.Value!.Json.ShouldBe(outcomes[0]!.Value!.Json, "the same order again has the same answer");
        (await CommandsAsync("together")).ShouldBe(4, "opened, and decided three times");
        var again = await book.ReserveEachAsync([Order(Side.Buy, 2, "y")], Limits());
        again.ShouldHaveSingleItem()!.Value!.Json.ShouldBe(outcomes[1]!.Value!.Json);
        (await Book("nobody").ReserveEachAsync([Order(Side.Buy, 1), Order(Side.Buy, 2)], Limits()))
            .Select(outcome => outcome!.Kind).ShouldBe([OutcomeKind.NotFound, OutcomeKind.NotFound]);
    }

    [Fact]
    public async Task OrderThatMustWaitForAPrice_IsLeft_AndTheOthersAreDecided()
    {
        var book = await OpenAsync("left");
        await book.ReserveAsync(Order(Side.Buy, 0.5m), Limits());
        var outcomes = await book.ReserveEachAsync(
            [Order(Side.Buy, 1, "w", symbol: "BA"), Order(Side.Buy, 1, "r")], Limits());
        outcomes[0].ShouldBeNull();
        outcomes[1]!.IsDone.ShouldBeTrue();
        (await book.ReserveAsync(Order(Side.Buy, 1, "w", symbol: "BA"), Limits())).IsDone.ShouldBeTrue();
        (await book.ReserveEachAsync([Order(Side.Buy, 2, symbol: "BA")], Limits()))[0].ShouldNotBeNull();
    }

    [Fact]
    public async Task Restart_KeepsReservationsAndRisk()
    {
        var book = await OpenAsync("restart");
        await book.ReserveAsync(Order(Side.Buy, 10, "a"), Limits());
        await book.FillAsync(External("b", Side.Buy, 20, 50, symbol: "BA"));
        var (snapshot, report) = ((await book.GetSnapshotAsync()).Value!, (await book.GetRiskReportAsync(RiskLimits.Default)).Value!);
        await RestartAsync();
        Same((await Book("restart").GetSnapshotAsync()).Value!, snapshot);
        (await Book("restart").GetRiskReportAsync(RiskLimits.Default)).Value!.Measures.ShouldBe(report.Measures);
    }

    [Fact]
    public async Task SecondWriter_EndsTheActivation_AndTheRetryWorks()
    {
        var book = await OpenAsync("fenced");
        var intruder = await _journal.OpenAsync("portfolio/fenced", default);
        await intruder.AppendAsync(new[] { BookJson.Encode(new CashTransferred(new CashTransfer("elsewhere", 500), 100_500m, Now)) }, default);
        await Should.ThrowAsync<JournalConflictException>(() => book.ReserveAsync(Order(Side.Buy, 10, "mine"), Limits()));
        (await book.ReserveAsync(Order(Side.Buy, 10, "mine"), Limits())).Value!.Read().Approved.ShouldBeTrue();
        var snapshot = (await book.GetSnapshotAsync()).Value!;
        snapshot.Cash.ShouldBe(100_500m);
        (await CommandsAsync("fenced")).ShouldBe(3);
    }

    [Fact]
    public async Task FailedCommit_ReachesEveryCallerThatWaits()
    {
        var book = await OpenAsync("failing");
        var gate = new TaskCompletionSource();
        _journal.BeforeCommit = () => gate.Task;
        var waiting = Enumerable.Range(0, 5).Select(i => book.ReserveAsync(Order(Side.Buy, 1, $"w-{i}"), Limits())).ToList();
        gate.SetException(new IOException("disk full"));
        foreach (var call in waiting) await Should.ThrowAsync<Exception>(() => call);
        _journal.BeforeCommit = null;
        (await book.ReserveAsync(Order(Side.Buy, 1, "w-0"), Limits())).Value!.Read().Approved.ShouldBeTrue();
        (await CommandsAsync("failing")).ShouldBe(2);
    }

    [Fact]
    public async Task Approval_ThatIsNotFilled_ExpiresByItself()
    {
        var book = await OpenAsync("expiry");
        await book.ReserveAsync(Order(Side.Buy, 900, "old"), Limits());
        (await book.ReserveAsync(Order(Side.Buy, 900, "new"), Limits())).Value!.Read().Violations.ShouldHaveSingleItem().Code.ShouldBe(RiskRule.Cash);
        _clock.Advance(TimeSpan.FromSeconds(301));
        (await book.ReserveAsync(Order(Side.Buy, 900, "newer"), Limits())).Value!.Read().Approved.ShouldBeTrue();
        (await book.FillAsync(new Fill("f", "old", null, "AA", Side.Buy, 1, 100, 0, External: false)))
            .Value!.Violations!.Value.ShouldHaveSingleItem().Code.ShouldBe(FillRule.NoReservation);
        (await book.ReleaseAsync("expiry:2", "late")).Kind.ShouldBe(OutcomeKind.NotFound);
    }

    [Fact]
    public async Task Release_GivesBackOnce_AndAnswersItsRepeat()
    {
        var book = await OpenAsync("release");
        var id = (await book.ReserveAsync(Order(Side.Buy, 10), Limits())).Value!.Read().DecisionId;
        var released = (await book.ReleaseAsync(id, "cancelled")).Value!;
        (await book.ReleaseAsync(id, "cancelled")).Value.ShouldBe(released);
        (await CommandsAsync("release")).ShouldBe(3);
        (await book.ReleaseAsync(id, new string('x', 201))).Kind.ShouldBe(OutcomeKind.Invalid);
        (await book.ReleaseAsync("release:99", "")).Kind.ShouldBe(OutcomeKind.NotFound);
    }

    [Fact]
    public async Task Transfer_IsBookedOnce()
    {
        var book = await OpenAsync("transfer");
        (await book.TransferAsync(new CashTransfer("t", 50))).Value!.Cash.ShouldBe(100_050m);
        (await book.TransferAsync(new CashTransfer("t", 50))).Value!.Cash.ShouldBe(100_050m);
        (await book.TransferAsync(new CashTransfer("t", 60))).Kind.ShouldBe(OutcomeKind.Conflict);
        (await book.TransferAsync(new CashTransfer("u", 0))).Kind.ShouldBe(OutcomeKind.Invalid);
    }

    [Fact]
    public async Task NewPrices_ReachTheBook_AndRaiseTheHighWaterMark()
    {
        var book = await OpenAsync("prices");
        await book.FillAsync(External("f", Side.Buy, 10, 100));
        _market["AA"] = Market.Walk("AA", 110m, version: 2);
        await _silo.TickUntilAsync(async () => await CommandsAsync("prices") == 3);
        (await book.GetSnapshotAsync()).Value!.Equity.ShouldBe(100_100m);
        _market["AA"] = Market.Walk("AA", 90m, version: 3);
        await _silo.TickUntilAsync(async () => (await book.GetSnapshotAsync()).Value is { Equity: 99_900m });
        var snapshot = (await book.GetSnapshotAsync()).Value!;
        snapshot.HighWaterMark.ShouldBe(100_100m);
        snapshot.Drawdown!.Value.ShouldBe(200 / 100_100.0, 1e-15);
    }

    [Fact]
    public async Task NewPrices_AreRecordedInTheOrderOfTheirSymbols_AlsoByABookThatWasLoadedFromItsEvents()
    {
        var book = await OpenAsync("order");
        await book.FillAsync(External("b", Side.Buy, 10, 50, symbol: "BA"));
        await book.FillAsync(External("a", Side.Buy, 10, 100));
        _journal.BeforeCommit = () => throw new IOException("the disk is full"); // such an activation leaves no snapshot
        await Should.ThrowAsync<JournalUnavailableException>(() => book.TransferAsync(new("t", 1)));
        _journal.BeforeCommit = null;
        await book.GetSnapshotAsync();
        List<string> priced = [];
        await foreach (var recorded in _journal.ReadAsync("portfolio/order", 0, default))
            if (BookJson.Decode(recorded) is Priced change) priced.Add(change.Symbol);
        priced.TakeLast(2).ShouldBe(["AA", "BA"]);
    }

    [Fact]
    public async Task Snapshots_AreTakenOnTheWay_AndLeadToTheSameBook()
    {
        var book = await OpenAsync("snapshots");
        for (var i = 0; i < 25; i++)
            await book.FillAsync(External($"f-{i}", Side.Buy, 1, 10 + i));
        await Wait.UntilAsync(async () => await _journal.GetSnapshotAsync("portfolio/snapshots", default) is { Sequence: 20 });
        var replayed = new Book("snapshots", RecentKeys);
        await foreach (var recorded in _journal.ReadAsync("portfolio/snapshots", 0, default))
            replayed.Apply(BookJson.Decode(recorded));
        await _silo.StopAsync();
        var last = (await _journal.GetSnapshotAsync("portfolio/snapshots", default))!;
        (await CommandsAsync("snapshots")).ShouldBe(26);
        BookJson.Encode(replayed.Save()).ToArray().ShouldBe(last.Payload.ToArray());
    }

    [Fact]
    public async Task Snapshot_OfManyOpenOrders_IsPacked_AndLeadsToTheSameBook()
    {
        var book = await OpenAsync("many");
        var orders = Enumerable.Repeat(Order(Side.Buy, 0.001m), BookJson.MostOrdersPlain + 1).ToImmutableArray();
        (await book.ReserveManyAsync(orders, Limits(new RiskLimits()))).Value.ShouldAllBe(decision => decision.Read().Approved);
        await _silo.StopAsync();

        var replayed = new Book("many", RecentKeys);
        await foreach (var recorded in _journal.ReadAsync("portfolio/many", 0, default)) replayed.Apply(BookJson.Decode(recorded));
        var last = (await _journal.GetSnapshotAsync("portfolio/many", default))!;
        last.IsPacked.ShouldBeTrue();
        last.Payload.ToArray().ShouldBe(BookJson.Snapshot(replayed.Save()).Payload.ToArray());
        var plain = BookJson.Encode(replayed.Save()).ToArray();
        BookJson.Encode(Portfolios.Book.Restore("many", BookJson.Decode(last), RecentKeys).Save()).ToArray().ShouldBe(plain);
        last.Payload.Length.ShouldBeLessThan(plain.Length / 5);
    }

    [Fact]
    public async Task Decision_MadeAgainFromTheJournal_IsTheSame_ByteForByte()
    {
        var book = await OpenAsync("again");
        var limits = Limits(new RiskLimits { MinCash = 0, MaxPositionWeight = 0.10, MaxValueAtRisk95 = 0.02, MaxPriceAgeSeconds = 3_600 });
        List<RecordedDecision> decisions = [];
        for (var round = 0; round < 4; round++)
        {
            decisions.Add((await book.ReserveAsync(Order(Side.Buy, 10 + round, $"r-{round}"), limits)).Value!);
            decisions.Add((await book.ReserveAsync(Order(Side.Buy, 5_000, symbol: "BA"), limits)).Value!);
            await book.FillAsync(External($"f-{round}", Side.Buy, 3, 50, symbol: "BA"));
            decisions.AddRange((await book.ReserveManyAsync([Order(Side.Sell, 1, symbol: "BA"), Order(Side.Buy, 1, symbol: "XX")], limits)).Value);
            _market["AA"] = Market.Walk("AA", 100m + round, version: 2 + round);
            await _silo.TickUntilAsync(async () => (await book.GetSnapshotAsync()).Value!.Reservations.Length < round + 1 && await CountAsync("again", "priced") > 3 + round);
            if (round == 1) await RestartAsync();
            book = Book("again");
        }

        decisions.Count(decision => decision.Read().Approved).ShouldBeInRange(4, decisions.Count - 8);
        foreach (var decision in decisions)
        {
            var replay = (await book.ReplayAsync(decision.Read().DecisionId)).Value!;
            replay.Identical.ShouldBeTrue();
            replay.Recomputed.Json.ShouldBe(decision.Json);
            replay.Explanation.Limits.ShouldBe(limits);
            replay.Explanation.Checks.Where(check => !check.Passed).Select(check => check.Code)
                .ShouldBe(decision.Read().Violations.Select(violation => violation.Code));
        }
    }

    /// <summary>The rate comes from the market as every price does, and stands in the journal.</summary>
    [Fact]
    public async Task Decision_InAnotherCurrency_MadeAgainFromTheJournal_IsTheSame_ByteForByte()
    {
        _market["AA"] = Market.Walk("AA", 100m, version: 2) with { Terms = new() { Currency = "CHF" } };
        _market["USDCHF"] = Market.Walk("USDCHF", 0.8m);
        var book = await OpenAsync("swiss");
        List<RecordedDecision> decisions = [(await book.ReserveAsync(Order(Side.Buy, 10), Limits())).Value!];
        decisions[0].Read().FxRate.ShouldBe(1.25m);
        (await book.FillAsync(External("f", Side.Buy, 7, 99) with { Fees = 2, FeeCurrency = "CHF" })).Value!.FeesBooked.ShouldBe(2.5m);
        _market["USDCHF"] = Market.Walk("USDCHF", 1m, version: 2);
        await _silo.TickUntilAsync(async () => (await book.GetSnapshotAsync()).Value!.Positions[0].FxRate == 1m);
        decisions.Add((await book.ReserveAsync(Order(Side.Buy, 3), Limits())).Value!);
        await RestartAsync();
        decisions.Add((await Book("swiss").ReserveAsync(Order(Side.Buy, 2), Limits())).Value!);
        decisions[^1].Read().After!.GrossExposure.ShouldBe(100m * 22);
        foreach (var decision in decisions)
            (await Book("swiss").ReplayAsync(decision.Read().DecisionId)).Value!.Identical.ShouldBeTrue();
    }

    [Theory]
    [InlineData("lost:1")]
    [InlineData("lost:999")]
    [InlineData("other:1")]
    [InlineData("lost:-1")]
    [InlineData("lost")]
    public async Task Decision_ThatWasNeverMade_IsNotFound(string id)
    {
        var book = await OpenAsync("lost");
        (await book.ReplayAsync(id)).Errors.ShouldHaveSingleItem().Field.ShouldBe("decision_id");
    }

    /// <summary>How many events of a book were asked for, and not told to it by the program or the market.</summary>
    Task<int> CommandsAsync(string portfolio) =>
        CountAsync(portfolio, "opened", "cash_transferred", "decided", "filled", "released", "expired", "high_water_mark_raised");

    async Task<int> CountAsync(string portfolio, params string[] types)
    {
        var count = 0;
        await foreach (var recorded in _journal.ReadAsync($"portfolio/{portfolio}", 0, default))
            if (types.Contains(recorded.Type)) count++;
        return count;
    }

    IPortfolioGrain Book(string id) => _silo.Grains.GetGrain<IPortfolioGrain>(id);

    async Task<IPortfolioGrain> OpenAsync(string id)
    {
        (await Book(id).CreateAsync(Terms)).IsDone.ShouldBeTrue();
        return Book(id);
    }

    static LimitsVersion Limits(RiskLimits? limits = null) => new(1, limits ?? new RiskLimits { MinCash = 0 }, "test", Now, "test");

    static void Same(PortfolioSnapshot one, PortfolioSnapshot other)
    {
        one.Positions.ShouldBe(other.Positions);
        one.Reservations.ShouldBe(other.Reservations);
        (one with { Positions = [], Reservations = [], Sequence = 0 }).ShouldBe(other with { Positions = [], Reservations = [], Sequence = 0 });
    }

    async Task RestartAsync()
    {
        await _silo.DisposeAsync();
        _silo = await StartAsync();
    }

    Task<TestSilo> StartAsync() => BookSilo.StartAsync(_clock, _journal, _market, new() { SnapshotEvery = 20 });
}

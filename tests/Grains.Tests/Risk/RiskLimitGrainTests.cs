using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using Trading.Journal;
using Trading.Portfolios;
using Trading.Portfolios.Tests;
using Trading.Testing;

namespace Trading.Risk.Tests;

public sealed class RiskLimitGrainTests : IAsyncLifetime
{
    static readonly RiskLimits Limits = new() { MaxOrderNotional = 1_000m, MinCash = 0m };

    readonly ManualTimeProvider _clock = new(Books.Now);
    readonly Market _market = new() { ["ACME"] = Market.Walk("ACME", 100m) };
    readonly GateStorage _storage = new();
    readonly InMemoryJournal _journal;
    TestSilo _silo = null!;

    public RiskLimitGrainTests() => _journal = new InMemoryJournal(_clock);

    public async ValueTask InitializeAsync() => _silo = await StartAsync();

    public async ValueTask DisposeAsync() => await _silo.DisposeAsync();

    [Fact]
    public async Task NewBook_HasTheDefaultLimits_SetBySystem()
    {
        var history = await Risk("new").GetLimitsAsync();
        history.Portfolio.ShouldBe("new");
        history.Current.ShouldBe(new(1, RiskLimits.Default, "system", Books.Now, "The default limits."));
        history.Earlier.ShouldBeEmpty();
        history.Dropped.ShouldBe(0);
    }

    [Fact]
    public async Task Change_IsANewVersion_WithWhoWhenAndWhy()
    {
        var risk = Risk("changes");
        await risk.GetLimitsAsync();
        _clock.Advance(TimeSpan.FromMinutes(1));
        var second = (await risk.UpdateLimitsAsync(new(Limits, "ada", "Smaller orders", 1))).Value!;
        second.ShouldBe(new(2, Limits, "ada", Books.Now.AddMinutes(1), "Smaller orders"));
        var history = await risk.GetLimitsAsync();
        history.Current.ShouldBe(second);
        history.Earlier.ShouldHaveSingleItem().Version.ShouldBe(1);
    }

    [Fact]
    public async Task Change_ThatIsWrong_OrExpectsAnotherVersion_ChangesNothing()
    {
        var risk = Risk("refused");
        var invalid = await risk.UpdateLimitsAsync(new(Limits with { MaxDrawdown = -1, MaxValueAtRisk95 = double.NaN }, "ada", "", null));
        invalid.Kind.ShouldBe(OutcomeKind.Invalid);
        invalid.Errors.Select(error => error.Field).ShouldBe(["limits.max_value_at_risk_95", "limits.max_drawdown", "reason"]);
        var conflict = await risk.UpdateLimitsAsync(new(Limits, "ada", "Late", 7));
        conflict.Kind.ShouldBe(OutcomeKind.Conflict);
        conflict.Errors.ShouldHaveSingleItem().Message.ShouldBe("expected_version is 7; version 1 is in force.");
        (await risk.GetLimitsAsync()).Current.Version.ShouldBe(1);
    }

    [Fact]
    public async Task Limits_SurviveARestart_AndNewDefaultsDoNotTouchThem()
    {
        await Risk("default").GetLimitsAsync();
        await Risk("kept").UpdateLimitsAsync(new(Limits, "ada", "Smaller orders", null));
        await _silo.DisposeAsync();
        _clock.Advance(TimeSpan.FromDays(1));
        _silo = await StartAsync(new RiskOptions { DefaultLimits = { MaxOrderNotional = 5m } });
        (await Risk("kept").GetLimitsAsync()).Current.ShouldBe(new(2, Limits, "ada", Books.Now, "Smaller orders"));
        (await Risk("default").GetLimitsAsync()).Current.ShouldBe(new(1, RiskLimits.Default, "system", Books.Now, "The default limits."));
        (await Risk("later").GetLimitsAsync()).Current.Limits.MaxOrderNotional.ShouldBe(5m);
    }

    public static TheoryData<Exception> WriteFailures => [new InconsistentStateException("Somebody else wrote."), new IOException("The disk is full.")];

    [Theory, MemberData(nameof(WriteFailures), DisableDiscoveryEnumeration = true)]
    public async Task FailedWrite_ReachesTheCaller_AndTheNextActivationHasWhatIsStored(Exception failure)
    {
        var risk = Risk("failing-" + failure.GetType().Name.ToLowerInvariant());
        await risk.GetLimitsAsync();
        _storage.Gate = Task.FromException(failure);
        (await Should.ThrowAsync<Exception>(risk.UpdateLimitsAsync(new(Limits, "ada", "Lost", null)))).Message.ShouldContain(failure.Message);
        _storage.Gate = Task.CompletedTask;
        (await risk.GetLimitsAsync()).Current.Version.ShouldBe(1);
        (await risk.UpdateLimitsAsync(new(Limits, "ada", "Again", 1))).Value!.Version.ShouldBe(2);
    }

    [Fact]
    public async Task Decision_WhileAChangeIsBeingStored_IsMadeUnderTheLimitsInForce()
    {
        var risk = await OpenAsync("storing");
        await risk.GetLimitsAsync();
        await risk.ValidateAsync(Buy(1)); // the states of all grains that it needs are stored
        var gate = new TaskCompletionSource();
        _storage.Gate = gate.Task;
        var change = risk.UpdateLimitsAsync(new(Limits with { Halted = true }, "ada", "Stop", null));
        var another = risk.UpdateLimitsAsync(new(Limits with { Halted = true }, "bob", "Stop", 1));
        var meanwhile = (await risk.ValidateAsync(Buy(1))).Value!.Read();
        (meanwhile.Approved, meanwhile.LimitsVersion).ShouldBe((true, 1));
        change.IsCompleted.ShouldBeFalse();
        gate.SetResult();
        (await change).Value!.Version.ShouldBe(2);
        (await another).Kind.ShouldBe(OutcomeKind.Conflict);
        var after = (await risk.ValidateAsync(Buy(1))).Value!.Read();
        after.LimitsVersion.ShouldBe(2);
        after.Violations.ShouldHaveSingleItem().Code.ShouldBe(RiskRule.Halted);
    }

    [Fact]
    public async Task Signal_OverALimit_IsRefusedWithBothNumbers_AndTheQuantityThatPasses()
    {
        var risk = await OpenAsync("refusing", Limits);
        var decision = (await risk.ValidateAsync(Buy(25) with { Symbol = "acme" })).Value!.Read();
        decision.Symbol.ShouldBe("ACME");
        decision.Approved.ShouldBeFalse();
        decision.MaxAllowedQuantity.ShouldBe(10);
        decision.Violations.ShouldHaveSingleItem().ShouldBe(
            new(RiskRule.OrderNotional, 2_500m, 1_000m, "money", "The order is worth 2500; the limit is 1000."));
    }

    [Fact, Checks(RiskRule.Malformed)]
    public async Task MalformedSignal_IsInvalid_NamesEveryRule_AndLeavesTheJournalAlone()
    {
        var risk = await OpenAsync("malformed");
        var sequence = await SequenceAsync("malformed");
        var outcome = await risk.ValidateAsync(Buy(-1) with { Confidence = 2 });
        outcome.Kind.ShouldBe(OutcomeKind.Invalid);
        outcome.Errors.Select(error => (error.Field, error.Rule, error.Message)).ShouldBe([
            ("position_size", "positive", "position_size must be more than zero units; it is -1."),
            ("confidence", "range", "confidence must be a number from 0 to 1; it is 2."),
        ]);
        (await SequenceAsync("malformed")).ShouldBe(sequence);
    }

    [Fact]
    public async Task UnknownPortfolio_IsNotFound()
    {
        (await Risk("nobody").ValidateAsync(Buy(1))).Kind.ShouldBe(OutcomeKind.NotFound);
        (await Risk("nobody").ValidateManyAsync([])).Kind.ShouldBe(OutcomeKind.NotFound);
        (await Risk("nobody").GetReportAsync()).Kind.ShouldBe(OutcomeKind.NotFound);
    }

    [Fact]
    public async Task Batch_KeepsItsOrder_AnswersMalformedSignalsInPlace_AndCountsApprovals()
    {
        var risk = await OpenAsync("batch", new() { MinCash = 99_000m });
        var recorded = await risk.ValidateManyAsync([Buy(6), Buy(0), Buy(5), Buy(4) with { Symbol = "no symbol" }, Buy(4)]);
        var decisions = recorded.Value.Select(decision => decision.Read()).ToList();
        decisions.Select(decision => (decision.Quantity, decision.Approved)).ShouldBe([(6, true), (0, false), (5, false), (4, false), (4, true)]);
        decisions.Select(decision => decision.DecisionId.Length > 0).ShouldBe([true, false, true, false, true]);
        decisions[1].Violations.ShouldHaveSingleItem().ShouldBe(
            new(RiskRule.Malformed, null, null, null, "position_size must be more than zero units; it is 0."));
        decisions[2].Violations.ShouldHaveSingleItem().ShouldBe(
            new(RiskRule.Cash, 98_900m, 99_000m, "money", "98900 of cash would remain after the trade; 99000 must remain."));
    }

    [Fact]
    public async Task SignalsThatComeTogether_AreDecidedAsEachWouldBeAlone()
    {
        var risk = await OpenAsync("together", new() { MinCash = 99_000m });
        await risk.ValidateAsync(Buy(1_000)); // refused; the price is at hand from here on
        var outcomes = await risk.ValidateEachAsync([Buy(6), Buy(0), Buy(5), Buy(4)]);
        outcomes[1]!.Kind.ShouldBe(OutcomeKind.Invalid);
        outcomes[1]!.Errors.ShouldHaveSingleItem().Field.ShouldBe("position_size");
        new[] { 0, 2, 3 }.Select(place => outcomes[place]!.Value!.Read().Approved).ShouldBe([true, false, true]);
        (await Risk("nobody").ValidateEachAsync([Buy(1), Buy(0)])).Select(outcome => outcome!.Kind)
            .ShouldBe([OutcomeKind.NotFound, OutcomeKind.Invalid]);
    }

    [Fact]
    public async Task SignalsThatComeTogether_TellWhoeverListens_WhenTheyPassedEachLayer()
    {
        var risk = await OpenAsync("timed");
        await risk.ValidateAsync(Buy(1)); // the price is at hand from here on
        DecisionEvents.Log.IsEnabled().ShouldBeFalse();
        JournalEvents.Log.IsEnabled().ShouldBeFalse();
        using var told = new ToldEvents(DecisionEvents.SourceName, JournalEvents.SourceName);

        var outcomes = await risk.ValidateEachAsync([Buy(2), Buy(0), Buy(3)]);

        string[] ids = [outcomes[0]!.Value!.Read().DecisionId, outcomes[2]!.Value!.Read().DecisionId];
        ids[0].ShouldBe(DecisionEvents.IdOf(outcomes[0]!.Value!));
        var passed = told.Of("Passed").Single(one => one.Text("first") == ids[0]);
        var decided = told.Of("Decided").Single(one => one.Text("book") == "timed");
        var committed = told.Of("Committed").Single(one => one.Text("stream") == "portfolio/timed");
        passed.Text("last").ShouldBe(ids[1]);
        (decided.At("orders"), $"timed:{decided.At("first")}", $"timed:{decided.At("last")}").ShouldBe((2, ids[0], ids[1]));
        (committed.At("first"), committed.At("last")).ShouldBe((decided.At("first"), decided.At("last")));
        long[] moments =
        [
            passed.At("entered"), decided.At("entered"), committed.At("queued"), committed.At("taken"), committed.At("committed"),
        ];
        moments.ShouldBeInOrder();
        decided.At("queued").ShouldBeGreaterThanOrEqualTo(committed.At("queued"));
    }

    [Fact]
    public async Task Batch_LongerThanAllowed_IsInvalid()
    {
        var outcome = await (await OpenAsync("long")).ValidateManyAsync([.. Enumerable.Repeat(Buy(1), new RiskOptions().MaxSignalsPerRequest + 1)]);
        outcome.Kind.ShouldBe(OutcomeKind.Invalid);
        outcome.Errors.ShouldHaveSingleItem().Message.ShouldBe("signals must have at most 10000 elements; it has 10001.");
    }

    [Fact]
    public async Task Report_HasTheUsageOfTheLimitsInForce()
    {
        var risk = await OpenAsync("report", Limits);
        (await risk.GetReportAsync()).Value!.Limits.Select(usage => (usage.Code, usage.Limit)).ShouldBe([
            (RiskRule.OrderNotional, 1_000m), (RiskRule.Cash, 0m)]);
    }

    static Order Buy(decimal quantity) => new("ACME", Side.Buy, quantity, null, null, null);

    IRiskLimitGrain Risk(string portfolio) => _silo.Grains.GetGrain<IRiskLimitGrain>(portfolio);

    async Task<IRiskLimitGrain> OpenAsync(string portfolio, RiskLimits? limits = null)
    {
        (await _silo.Grains.GetGrain<IPortfolioGrain>(portfolio).CreateAsync(new("USD", 100_000m, AllowShort: false))).IsDone.ShouldBeTrue();
        if (limits is not null)
            (await Risk(portfolio).UpdateLimitsAsync(new(limits, "test", "test", null))).IsDone.ShouldBeTrue();
        return Risk(portfolio);
    }

    async Task<long> SequenceAsync(string portfolio) =>
        (await _silo.Grains.GetGrain<IPortfolioGrain>(portfolio).GetSnapshotAsync()).Value!.Sequence;

    Task<TestSilo> StartAsync(RiskOptions? options = null) => BookSilo.StartAsync(
        _clock, _journal, _market, risk: options, others: services => services.AddKeyedSingleton<IGrainStorage>("trading", _storage));
}

using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using Trading.Journal;
using Trading.MarketData;
using Trading.Portfolios;
using Trading.Portfolios.Tests;
using Trading.Testing;

namespace Trading.Risk.Tests;

/// <summary>Breakers, stops and the paper broker in a whole silo that can be ended and started again over the same journal.</summary>
public sealed class EmergencyTests : IAsyncLifetime
{
    static readonly RiskLimits Limits = new()
    {
        MinCash = 0m,
        MaxOrderNotional = 10_000m,
        Breakers = new() { DailyLoss = new(0.05, 0.03, 60, 60, 0.5, BreakerReset.Person) },
    };

    static readonly Sanction Ada = new("ada", "Understood", null);

    readonly ManualTimeProvider _clock = new(Books.Now);
    readonly Market _market = new() { ["AA"] = Flat("AA", 100m), ["BA"] = Flat("BA", 50m) };
    readonly GateStorage _storage = new();
    readonly ScriptedBroker _broker = new();
    readonly InMemoryJournal _journal;
    bool _paperTrading;
    TestSilo _silo = null!;

    public EmergencyTests() => _journal = new InMemoryJournal(_clock);

    public async ValueTask InitializeAsync() => _silo = await StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _silo.DisposeAsync();
        _journal.Dispose();
    }

    [Fact]
    public async Task DailyLoss_TripsTheBreaker_WhichHoldsIncreases_AndNoReduction_AlsoAfterARestart()
    {
        await OpenAsync("loss", held: 500);
        await ApproveAsync("loss", Side.Buy, 1);
        _market["AA"] = Flat("AA", 80m, day: 1, version: 2);
        await _silo.TickUntilAsync(async () => (await BreakerAsync("loss")).State == BreakerState.Tripped);
        var tripped = await BreakerAsync("loss");
        (tripped.Observed, tripped.Level, tripped.By).ShouldBe((0.1, 0.05, "system"));

        await RestartAsync();
        (await BreakerAsync("loss")).ShouldBe(tripped);
        var refusal = await DecideAsync("loss", Side.Buy, 1);
        refusal.Violations.ShouldHaveSingleItem().ShouldBe(new(RiskRule.CircuitBreaker, 0.1m, 0.05m, "level",
            "daily_loss holds trading (measured 0.1, level 0.05): only reductions may trade."));
        (await DecideAsync("loss", Side.Sell, 10)).Approved.ShouldBeTrue();
    }

    [Fact]
    public async Task TrippedBreaker_IsReset_Cools_IsHalfOpenUpToItsCap_AndCloses()
    {
        await OpenAsync("cycle", held: 500);
        await ApproveAsync("cycle", Side.Buy, 1);
        _market["AA"] = Flat("AA", 80m, day: 1, version: 2);
        await _silo.TickUntilAsync(async () => (await BreakerAsync("cycle")).State == BreakerState.Tripped);
        (await Risk("cycle").ResetBreakerAsync(BreakerName.DailyLoss, new("", "", null))).Errors.Select(error => error.Field).ShouldBe(["by", "reason"]);
        (await Risk("cycle").ResetBreakerAsync(BreakerName.DailyLoss, Ada)).IsDone.ShouldBeTrue();
        (await Risk("cycle").ResetBreakerAsync(BreakerName.DailyLoss, Ada)).Kind.ShouldBe(OutcomeKind.Conflict);
        (await DecideAsync("cycle", Side.Buy, 1)).Approved.ShouldBeFalse();

        _clock.Advance(TimeSpan.FromSeconds(61));
        var capped = await DecideAsync("cycle", Side.Buy, 100);
        capped.Violations.ShouldHaveSingleItem().ShouldBe(new(RiskRule.CircuitBreaker, 8_000m, 5_000m, "money",
            "daily_loss is half open: an order may be worth 5000; this one is worth 8000."));
        capped.MaxAllowedQuantity.ShouldBe(62);
        (await DecideAsync("cycle", Side.Buy, 62)).Approved.ShouldBeTrue();

        _clock.Advance(TimeSpan.FromSeconds(61));
        (await DecideAsync("cycle", Side.Buy, 100)).Approved.ShouldBeTrue();
        (await BreakerAsync("cycle")).State.ShouldBe(BreakerState.Closed);
    }

    [Fact]
    public async Task Mode_IsSetByAPerson_AndSurvivesARestart()
    {
        await OpenAsync("mode", held: 10);
        (await Book("mode").SetModeAsync(new(TradingMode.Reducing, "ada", ""))).Errors.ShouldHaveSingleItem().Field.ShouldBe("reason");
        (await Book("mode").SetModeAsync(new(TradingMode.Reducing, "ada", "Earnings"))).Value!.Mode.ShouldBe(TradingMode.Reducing);
        await RestartAsync();
        (await DecideAsync("mode", Side.Buy, 1)).Violations.ShouldHaveSingleItem().Code.ShouldBe(RiskRule.ReducingOnly);
        (await DecideAsync("mode", Side.Sell, 1)).Approved.ShouldBeTrue();
        await Book("mode").SetModeAsync(new(TradingMode.Active, "ada", "Over"));
        (await DecideAsync("mode", Side.Buy, 1)).Approved.ShouldBeTrue();
    }

    [Fact]
    public async Task Stop_HaltsAtOnce_GivesEveryApprovalBack_AndOnlyAResumptionEndsIt()
    {
        await OpenAsync("stop", held: 10);
        await ApproveAsync("stop", Side.Buy, 5);
        await ApproveAsync("stop", Side.Sell, 5);
        var stopped = (await Book("stop").StopAsync(new("ada", "Runaway", false))).Value!;
        (stopped.Mode, stopped.OpenReservations, stopped.Plan).ShouldBe((TradingMode.Halted, 0, null));
        (await Book("stop").StopAsync(new("bob", "Again", false))).Value!.Sequence.ShouldBe(stopped.Sequence);
        (await Book("stop").SetModeAsync(new(TradingMode.Active, "ada", "Go"))).Kind.ShouldBe(OutcomeKind.Conflict);

        await RestartAsync();
        (await DecideAsync("stop", Side.Buy, 1)).Violations.ShouldHaveSingleItem().Code.ShouldBe(RiskRule.Halted);
        (await Risk("stop").ResumeAsync(new("ada", " ", "ada"))).Errors.Select(error => error.Field).ShouldBe(["reason", "second_person"]);
        (await Risk("stop").ResumeAsync(Ada)).Value!.Mode.ShouldBe(TradingMode.Active);
        (await Risk("stop").ResumeAsync(Ada)).Kind.ShouldBe(OutcomeKind.Conflict);
        (await DecideAsync("stop", Side.Buy, 1)).Approved.ShouldBeTrue();
    }

    [Fact]
    public async Task Flatten_GoesOnAfterACrash_TriesAgain_AndBooksEveryFillOnce()
    {
        await OpenAsync("flatten", held: 10);
        await Book("flatten").FillAsync(Books.External("f-2", Side.Buy, 20, 50, symbol: "BA"));
        _broker.Refusing = "BA";
        (await Book("flatten").StopAsync(new("ada", "Runaway", true))).Value!.Plan!.Steps.Length.ShouldBe(2);
        await _silo.TickUntilAsync(async () => (await GuardsAsync("flatten")).Plan!.Steps.Select(step => step.State).SequenceEqual([FlattenState.Flat, FlattenState.Failed]));
        (await GuardsAsync("flatten")).Plan!.Steps[1].Detail.ShouldBe("The venue is down.");

        await RestartAsync();
        _broker.Refusing = null;
        await _silo.TickUntilAsync(async () => (await GuardsAsync("flatten")).Plan is { FinishedAt: not null });
        var flat = await GuardsAsync("flatten");
        (flat.OpenPositions, flat.Mode).ShouldBe((0, TradingMode.Halted));
        _broker.Executed.Keys.Count(id => id.Contains(":AA:", StringComparison.Ordinal)).ShouldBe(1);
        (await Book("flatten").GetSnapshotAsync()).Value!.Cash.ShouldBe(100_000m);
    }

    [Fact]
    public async Task FirmStop_ReachesEveryBook_AlsoOneOpenedLater_AndSurvivesARestart()
    {
        await OpenAsync("firm-a", held: 10);
        await OpenAsync("firm-b", held: 10);
        var report = (await Firm.StopAsync(new("ada", "Outage", false))).Value!;
        (report.Stopped, report.Pending.IsEmpty).ShouldBe((true, true));
        report.Confirmed.ShouldBe(["firm-a", "firm-b"]);
        await OpenAsync("firm-late", held: 0);
        (await DecideAsync("firm-late", Side.Buy, 1)).Violations.ShouldHaveSingleItem().Code.ShouldBe(RiskRule.Halted);
        (await Risk("firm-a").ResumeAsync(Ada)).Errors.ShouldHaveSingleItem().Message.ShouldContain("with the firm");

        await RestartAsync();
        (await DecideAsync("firm-b", Side.Buy, 1)).Violations.ShouldHaveSingleItem().Code.ShouldBe(RiskRule.Halted);
        await Book("firm-b").StopAsync(new("bob", "And by itself", false));
        (await Firm.ResumeAsync(Ada)).Value!.Stopped.ShouldBeFalse();
        (await Firm.ResumeAsync(Ada)).Kind.ShouldBe(OutcomeKind.Conflict);
        (await DecideAsync("firm-a", Side.Buy, 1)).Approved.ShouldBeTrue();
        (await GuardsAsync("firm-b")).Stops.ShouldHaveSingleItem().By.ShouldBe("bob");
    }

    [Fact]
    public async Task FirmStop_AsksABookThatFails_UntilItConfirms()
    {
        await OpenAsync("deaf", held: 10);
        _journal.BeforeCommit = () => Task.FromException(new IOException("The disk is full."));
        (await Firm.StopAsync(new("ada", "Outage", false))).Value!.Pending.ShouldBe(["deaf"]);
        _journal.BeforeCommit = null;
        await _silo.TickUntilAsync(async () => (await Firm.GetReportAsync()).Confirmed.Contains("deaf"));
        (await GuardsAsync("deaf")).Mode.ShouldBe(TradingMode.Halted);
    }

    [Fact]
    public async Task Stop_GoesThrough_WhileSignalsFloodTheBook()
    {
        await OpenAsync("flood", held: 10);
        var (answered, flooding) = (new ConcurrentBag<SignalDecision>(), true);
        var flood = Enumerable.Range(0, 200).Select(_ => Task.Run(async () =>
        {
            while (Volatile.Read(ref flooding)) answered.Add((await Risk("flood").ValidateAsync(Buy(1, "AA"))).Value!.Read());
        })).ToList();
        await Wait.UntilAsync(() => answered.Count >= 1_000);
        var stopped = (await Book("flood").StopAsync(new("ada", "Flood", false))).Value!;
        Volatile.Write(ref flooding, false);
        await Task.WhenAll(flood);
        stopped.Mode.ShouldBe(TradingMode.Halted);
        var (before, after) = (answered.Where(decision => Sequence(decision) <= stopped.Sequence), answered.Where(decision => Sequence(decision) > stopped.Sequence).ToList());
        before.Count(decision => decision.Approved).ShouldBeGreaterThan(0);
        after.ShouldAllBe(decision => !decision.Approved);
        (await GuardsAsync("flood")).OpenReservations.ShouldBe(0);

        static long Sequence(SignalDecision decision) => long.Parse(decision.DecisionId[(decision.DecisionId.IndexOf(':') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task PaperTrading_FillsAnApprovedSignal_OnceItsLimitIsReached_AlsoAfterARestart()
    {
        _paperTrading = true;
        await RestartAsync();
        await OpenAsync("paper", held: 0);
        await ApproveAsync("paper", Side.Buy, 10);
        await _silo.TickUntilAsync(async () => await HeldAsync("paper") == 10);
        (await Risk("paper").ValidateAsync(Buy(5, "AA") with { LimitPrice = 90m })).Value!.Read().Approved.ShouldBeTrue();
        await RestartAsync();
        (await HeldAsync("paper")).ShouldBe(10);
        _market["AA"] = Flat("AA", 89m, day: 1, version: 2);
        await _silo.TickUntilAsync(async () => await HeldAsync("paper") == 15);
        (await GuardsAsync("paper")).OpenReservations.ShouldBe(0);
        _broker.Executed.Count.ShouldBe(2);
    }

    static Order Buy(decimal quantity, string symbol) => new(symbol, Side.Buy, quantity, null, null, null);

    IFirmGrain Firm => _silo.Grains.GetGrain<IFirmGrain>(GrainKeys.Firm);

    IRiskLimitGrain Risk(string portfolio) => _silo.Grains.GetGrain<IRiskLimitGrain>(portfolio);

    IPortfolioGrain Book(string portfolio) => _silo.Grains.GetGrain<IPortfolioGrain>(portfolio);

    async Task<SignalDecision> DecideAsync(string portfolio, Side side, decimal quantity) =>
        (await Risk(portfolio).ValidateAsync(new("AA", side, quantity, null, null, null))).Value!.Read();

    async Task ApproveAsync(string portfolio, Side side, decimal quantity) => (await DecideAsync(portfolio, side, quantity)).Approved.ShouldBeTrue();

    async Task<GuardReport> GuardsAsync(string portfolio) => (await Risk(portfolio).GetGuardsAsync()).Value!;

    async Task<Breaker> BreakerAsync(string portfolio) => (await GuardsAsync(portfolio)).Breakers[(int)BreakerName.DailyLoss].Breaker;

    async Task<decimal> HeldAsync(string portfolio) =>
        (await Book(portfolio).GetSnapshotAsync()).Value!.Positions.SingleOrDefault(position => position.Symbol == "AA")?.Quantity ?? 0;

    /// <summary>A book of a hundred thousand, so many units of which are in AA at 100.</summary>
    async Task OpenAsync(string portfolio, decimal held)
    {
        (await Book(portfolio).CreateAsync(new("USD", 100_000m, AllowShort: false))).IsDone.ShouldBeTrue();
        if (held > 0) (await Book(portfolio).FillAsync(Books.External("f-1", Side.Buy, held, 100))).IsDone.ShouldBeTrue();
        (await Risk(portfolio).UpdateLimitsAsync(new(Limits, "test", "test", null))).IsDone.ShouldBeTrue();
    }

    /// <summary>A price that has stood still for a year, up to a day after the first of January.</summary>
    static PriceSeries Flat(string symbol, decimal last, int day = 0, long version = 1)
    {
        ImmutableArray<DateOnly> dates = [.. Enumerable.Range(-300, 301 + day).Select(offset => new DateOnly(2026, 1, 1).AddDays(offset))];
        var usual = symbol == "AA" ? 100m : 50m;
        return Market.Series(symbol, dates, [.. Enumerable.Repeat(usual, dates.Length - 1), last], version: version);
    }

    async Task RestartAsync()
    {
        await _silo.DisposeAsync();
        _silo = await StartAsync();
    }

    Task<TestSilo> StartAsync() => BookSilo.StartAsync(
        _clock, _journal, _market, new() { PaperTrading = _paperTrading },
        others: services => services.AddSingleton<IBroker>(_broker).AddKeyedSingleton<IGrainStorage>("trading", _storage));

    /// <summary>A paper broker without costs that can fail for a symbol, and keeps what it executed.</summary>
    sealed class ScriptedBroker : IBroker
    {
        static readonly PaperBrokerOptions Free = new() { HalfSpreadBp = 0, ImpactBp = 0, CommissionBp = 0 };

        public string Name => "test";
        public string? Refusing { get; set; }
        public ConcurrentDictionary<string, BrokerAnswer> Executed { get; } = new();

        public ValueTask<BrokerAnswer> ExecuteAsync(BrokerOrder order, CancellationToken cancellation)
        {
            if (order.Symbol == Refusing) throw new IOException("The venue is down.");
            var answer = PaperBroker.Execute(order, Free);
            if (answer.Status == BrokerStatus.Filled) Executed[order.OrderId] = answer;
            return new(answer);
        }
    }
}

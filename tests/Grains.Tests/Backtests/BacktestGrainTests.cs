using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Trading.Journal;
using Trading.MarketData;
using Trading.Models;
using Trading.Testing;

namespace Trading.Backtests.Tests;

/// <summary>Jobs on a real silo, on bars that a stub brings.</summary>
public sealed class BacktestGrainTests : IAsyncLifetime
{
    const string Test = """
        {"symbols":["AAA","BBB"],"strategies":[{"name":"moving_average_cross","parameters":{"fast":5,"slow":20}}],
         "execution":{"assumed_daily_volume":1000000},"gate":{"kind":"none"}}
        """;

    const string Sweep = """
        {"test":{"symbols":["AAA"],"strategies":[{"name":"moving_average_cross","parameters":{}}],"execution":{"assumed_daily_volume":1000000},"gate":{"kind":"none"}},
         "ranges":{"fast":{"least":2,"most":12,"step":1},"slow":{"least":20,"most":50,"step":10}},"blocks":8}
        """;

    static readonly string Walk = Sweep.Replace("\"blocks\":8", "\"blocks\":8,\"walk_forward\":{\"train_days\":120,\"test_days\":60}");

    static readonly ImmutableArray<StrategyParameter> Days =
        [new("wait", 1, 1, 100, true, "Days before it buys.")];

    readonly TemporaryFolder _folder = new();
    readonly StrategyDefinition _stuck;
    readonly SemaphoreSlim _entered = new(0), _go = new(0);
    TestSilo _silo = null!;

    public BacktestGrainTests() => _stuck = new("stuck", "Waits for the test.", Days, _ => new Waiting(_entered, _go));

    public async ValueTask InitializeAsync() => _silo = await StartAsync();

    public async ValueTask DisposeAsync()
    {
        _go.Release(1_000);
        await _silo.DisposeAsync();
        _folder.Dispose();
        _entered.Dispose();
    }

    [Fact]
    public async Task ATest_IsMade_AndItsPartsAreKept()
    {
        var grain = Grain("test-1");
        (await grain.SubmitAsync(new(Test, null))).Value!.State.ShouldNotBe(BacktestState.Failed);
        var job = await DoneAsync(grain);
        job.Failure.ShouldBeNull();
        (job.State, job.Progress, job.Trials).ShouldBe((BacktestState.Done, 1, 1));
        using var result = JsonDocument.Parse((await grain.GetPartAsync(BacktestPart.Result)).Value!);
        result.RootElement.GetProperty("hash").GetString().ShouldBe(job.Hash);
        foreach (var part in new[] { BacktestPart.Equity, BacktestPart.Trades, BacktestPart.Report })
            (await grain.GetPartAsync(part)).Value!.Length.ShouldBeGreaterThan(1_000, part.ToString());
        (await grain.GetPartAsync(BacktestPart.Sweep)).Kind.ShouldBe(OutcomeKind.NotFound);
        (await _silo.Grains.GetGrain<IBacktestDirectoryGrain>(GrainKeys.Directory).GetIdsAsync()).ShouldBe(["test-1"]);
    }

    [Fact]
    public async Task WhereNothingIsSaid_OrdersPassTheCheckOfALiveBook_AndRefusalsAreCounted()
    {
        await Grain("held").SubmitAsync(new(Test.Replace(",\"gate\":{\"kind\":\"none\"}", ""), null));
        (await DoneAsync(Grain("held"))).Failure.ShouldBeNull();
        using var result = JsonDocument.Parse((await Grain("held").GetPartAsync(BacktestPart.Result)).Value!);
        result.RootElement.GetProperty("refused").GetProperty("position_weight").GetInt64().ShouldBePositive();
        result.RootElement.GetProperty("spec").GetProperty("gate").GetProperty("kind").GetString().ShouldBe("live");
        using var trades = JsonDocument.Parse((await Grain("held").GetPartAsync(BacktestPart.Trades)).Value!);
        var refusal = trades.RootElement.GetProperty("refusals").EnumerateArray()
            .First(one => one.GetProperty("code").GetString() == "position_weight");
        refusal.GetProperty("limit").GetDecimal().ShouldBe(0.10m);
        refusal.GetProperty("observed").GetDecimal().ShouldBeGreaterThan(0.4m);

        var loose = Test.Replace("\"none\"", "\"live\",\"limits\":{\"max_position_weight\":0.6,\"max_sector_exposure\":null,\"max_value_at_risk_95\":null,\"max_expected_shortfall_97_5\":null,\"correlation_threshold\":null}");
        await Grain("loose").SubmitAsync(new(loose, null));
        (await DoneAsync(Grain("loose"))).Failure.ShouldBeNull();
        using var freer = JsonDocument.Parse((await Grain("loose").GetPartAsync(BacktestPart.Result)).Value!);
        freer.RootElement.GetProperty("refused").TryGetProperty("position_weight", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("""{"max_speed":1}""", "gate.limits.max_speed unknown")]
    [InlineData("""{"max_position_weight":-1}""", "gate.limits.max_position_weight range")]
    [InlineData("""{"max_position_weight":"a"}""", "gate.limits json")]
    [InlineData("""{"heartbeat_seconds":5}""", "gate.limits.heartbeat_seconds live_only")]
    public async Task LimitsThatAreNone_AreNamed(string limits, string expected)
    {
        var errors = (await Grain("bad-limits").SubmitAsync(new(Test.Replace("\"none\"", $"\"live\",\"limits\":{limits}"), null))).Errors;
        errors.Select(error => $"{error.Field} {error.Rule}").ShouldBe([expected]);
    }

    [Fact]
    public async Task TheSameJobAgain_ChangesNothing_AnotherUnderItsId_IsAConflict()
    {
        var grain = Grain("test-2");
        await grain.SubmitAsync(new(Test, null));
        var done = await DoneAsync(grain);
        (await grain.SubmitAsync(new(Test, null))).Value.ShouldBe(done);
        (await grain.SubmitAsync(new(Test.Replace("BBB", "AAA2"), null))).Kind.ShouldBe(OutcomeKind.Conflict);
    }

    [Fact]
    public async Task WhatCannotBeTested_IsRefused_WithEveryReason_AndLeavesNoJob()
    {
        var refused = await Grain("bad").SubmitAsync(new("""{"symbols":["aaa"],"cash":0,"strategies":[{"name":"nope","parameters":{}}]}""", null));
        refused.Kind.ShouldBe(OutcomeKind.Invalid);
        refused.Errors.Select(error => error.Field).ShouldBe(["cash", "strategies[0].name"]);
        (await Grain("bad").SubmitAsync(new("""{"speed":1}""", null))).Errors.ShouldHaveSingleItem().Rule.ShouldBe("json");
        (await Grain("bad").SubmitAsync(new(Test, Sweep))).Errors.ShouldHaveSingleItem().Rule.ShouldBe("one");
        (await Grain("bad").GetAsync()).Kind.ShouldBe(OutcomeKind.NotFound);
    }

    [Fact]
    public async Task MissingBars_FailTheJob_WithItsCause()
    {
        await Grain("missing").SubmitAsync(new(Test.Replace("BBB", "NONE"), null));
        var job = await DoneAsync(Grain("missing"));
        (job.State, job.Failure).ShouldBe((BacktestState.Failed, "NONE has no 1d bars."));
        (await Grain("missing").GetPartAsync(BacktestPart.Result)).Kind.ShouldBe(OutcomeKind.Conflict);
    }

    [Fact]
    public async Task AStrategyThatThrows_FailsItsJob_AndNoOther()
    {
        await Grain("throws").SubmitAsync(new(OfStrategy("throws"), null));
        await Grain("sound").SubmitAsync(new(Test, null));
        (await DoneAsync(Grain("throws"))).Failure!.ShouldContain("no idea");
        (await DoneAsync(Grain("sound"))).State.ShouldBe(BacktestState.Done);
    }

    [Fact]
    public async Task ACancelledJob_Stops_AndStaysSo()
    {
        var grain = Grain("cancelled");
        await grain.SubmitAsync(new(OfStrategy("stuck"), null));
        await _entered.WaitAsync();
        (await grain.GetAsync()).Value!.State.ShouldBe(BacktestState.Running);
        (await grain.CancelAsync()).Value!.State.ShouldBe(BacktestState.Cancelled);
        _go.Release(1_000);
        (await grain.GetAsync()).Value!.State.ShouldBe(BacktestState.Cancelled);
        (await grain.CancelAsync()).Value!.EndedAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task Jobs_AreCountedWhereTheyStand_AndByWhatBecameOfThem()
    {
        using var metrics = new Measured(BacktestMetrics.MeterName);
        string[] ids = ["first", "second", "third"]; // there are two workers
        foreach (var id in ids) await Grain(id).SubmitAsync(new(OfStrategy("stuck"), null));
        for (var i = 0; i < 2; i++) await _entered.WaitAsync();
        var states = await Task.WhenAll(ids.Select(async id => (await Grain(id).GetAsync()).Value!.State));
        states.Order().ShouldBe([BacktestState.Queued, BacktestState.Running, BacktestState.Running]);
        (metrics["backtest_jobs", "queued"], metrics["backtest_jobs", "running"]).ShouldBe((1, 2));

        await Grain(ids[Array.IndexOf(states, BacktestState.Queued)]).CancelAsync();
        _go.Release(1_000);
        foreach (var id in ids) await DoneAsync(Grain(id));
        await Grain("throws").SubmitAsync(new(OfStrategy("throws"), null));
        await DoneAsync(Grain("throws"));

        await Wait.UntilAsync(() => metrics["backtest_jobs", "queued"] + metrics["backtest_jobs", "running"] == 0);
        (metrics["backtest_jobs_finished", "done"], metrics["backtest_jobs_finished", "cancelled"],
            metrics["backtest_jobs_finished", "failed"]).ShouldBe((2, 1, 1));
        metrics.Count("backtest_duration").ShouldBe(3); // with one of them nobody had begun
    }

    [Fact]
    public async Task ASweep_IsMadeInLanes_AndItsReportIsThatOfOneProcess()
    {
        await Grain("sweep").SubmitAsync(new(null, Sweep));
        var job = await DoneAsync(Grain("sweep"));
        job.Failure.ShouldBeNull();
        job.Trials.ShouldBe(44);
        var spec = BacktestJson.ReadSweep(System.Text.Encoding.UTF8.GetBytes(Sweep));
        var alone = SweepRunner.Run(spec, History("AAA"), StrategyCatalog.BuiltIn, workers: 1);
        job.Hash.ShouldBe(alone.Hash);
        using var report = JsonDocument.Parse((await Grain("sweep").GetPartAsync(BacktestPart.Sweep)).Value!);
        report.RootElement.GetProperty("overfitting").GetProperty("probability").GetDouble().ShouldBe(alone.Overfitting!.Probability);
        report.RootElement.GetProperty("deflated_sharpe").GetDouble().ShouldBe(alone.DeflatedSharpe!.Value);
    }

    [Fact]
    public async Task ASweepWhoseActivationGoes_GoesOnWithWhatIsMissing()
    {
        var grain = Grain("resumed");
        await grain.SubmitAsync(new(null, Sweep));
        await TestSilo.EndAsync(grain);
        var job = await DoneAsync(grain);
        job.State.ShouldBe(BacktestState.Done, job.Failure);
        var files = new DirectoryInfo(Path.Combine(_folder.Path, "resumed")).GetFiles("trials-*.json", SearchOption.AllDirectories);
        files.Length.ShouldBe(9, "44 trials in chunks of 5");
        // What is there is not made again: without its first file only that one is new.
        job.Hash.ShouldBe(SweepRunner.Run(
            BacktestJson.ReadSweep(System.Text.Encoding.UTF8.GetBytes(Sweep)), History("AAA"), StrategyCatalog.BuiltIn, workers: 1).Hash);
    }

    [Fact]
    public async Task AWalkForward_IsFannedOut_AndItsReportIsThatOfOneProcess()
    {
        await Grain("walk").SubmitAsync(new(null, Walk));
        var job = await DoneAsync(Grain("walk"));
        job.Failure.ShouldBeNull();
        var spec = BacktestJson.ReadSweep(System.Text.Encoding.UTF8.GetBytes(Walk));
        var alone = SweepRunner.Run(spec, History("AAA"), StrategyCatalog.BuiltIn, workers: 1);
        alone.WalkForward!.Steps.Length.ShouldBeGreaterThan(2);
        var report = JsonSerializer.Deserialize<SweepReport>((await Grain("walk").GetPartAsync(BacktestPart.Sweep)).Value!, BacktestJson.Options)!;
        JsonSerializer.Serialize(report.WalkForward, BacktestJson.Options).ShouldBe(JsonSerializer.Serialize(alone.WalkForward, BacktestJson.Options));
        report.Hash.ShouldBe(alone.Hash);
    }

    [Fact]
    public async Task AWalkForwardWhoseActivationGoes_GoesOn_AndOneThatIsCancelled_Stops()
    {
        var grain = Grain("walk-resumed");
        await grain.SubmitAsync(new(null, Walk));
        await TestSilo.EndAsync(grain);
        (await DoneAsync(grain)).State.ShouldBe(BacktestState.Done);
        var files = new DirectoryInfo(Path.Combine(_folder.Path, "walk-resumed")).GetFiles("*.json", SearchOption.AllDirectories);
        files.Count(file => file.Name.StartsWith("choice-", StringComparison.Ordinal)).ShouldBeGreaterThan(9);

        var stuck = Walk.Replace("moving_average_cross", "stuck").Replace("\"fast\"", "\"wait\"").Replace(",\"slow\":{\"least\":20,\"most\":50,\"step\":10}", "");
        await Grain("walk-stuck").SubmitAsync(new(null, stuck));
        await _entered.WaitAsync();
        (await Grain("walk-stuck").CancelAsync()).Value!.State.ShouldBe(BacktestState.Cancelled);
        _go.Release(100_000);
        (await Grain("walk-stuck").GetAsync()).Value!.State.ShouldBe(BacktestState.Cancelled);
    }

    [Fact]
    public async Task AJobOfTheSameId_InAnotherStore_FindsNothingOfTheFirst()
    {
        await Grain("again").SubmitAsync(new(null, Sweep));
        var first = await DoneAsync(Grain("again"));
        // What the first store's job left behind would be wrong for the second one.
        foreach (var file in new DirectoryInfo(Path.Combine(_folder.Path, "again")).GetFiles("trials-*.json", SearchOption.AllDirectories))
            await File.WriteAllTextAsync(file.FullName, "[]");
        await _silo.DisposeAsync();
        _silo = await StartAsync();
        await Grain("again").SubmitAsync(new(null, Sweep));
        var second = await DoneAsync(Grain("again"));
        (second.State, second.Hash).ShouldBe((BacktestState.Done, first.Hash));
    }

    [Fact]
    public async Task TrialsThatFail_SayWhyInTheResult()
    {
        var some = Sweep.Replace("moving_average_cross", "picky").Replace("\"fast\"", "\"wait\"").Replace(",\"slow\":{\"least\":20,\"most\":50,\"step\":10}", "");
        await Grain("picky").SubmitAsync(new(null, some));
        (await DoneAsync(Grain("picky"))).Failure.ShouldBeNull();
        var report = JsonSerializer.Deserialize<SweepReport>((await Grain("picky").GetPartAsync(BacktestPart.Sweep)).Value!, BacktestJson.Options)!;
        (report.Trials, report.Failed).ShouldBe((11, 1));
        var failure = report.Failures.ShouldHaveSingleItem();
        (failure.Place, failure.Parameters["wait"]).ShouldBe((3, 5.0));
        failure.Reason.ShouldContain("five is not for me");
        System.Text.Encoding.UTF8.GetString((await Grain("picky").GetPartAsync(BacktestPart.Report)).Value!).ShouldContain("five is not for me");
    }

    [Fact]
    public async Task AStrategyOnPredictions_WithoutATrainedModel_FailsAndNamesTheSymbol()
    {
        await Grain("untrained").SubmitAsync(new(OfStrategy("model_driven"), null));
        (await DoneAsync(Grain("untrained"))).Failure!.ShouldContain("There is no model of AAA that keeps its walk-forward forecasts");
    }

    static string OfStrategy(string name) => $$$"""
        {"symbols":["AAA"],"strategies":[{"name":"{{{name}}}","parameters":{}}],"execution":{"assumed_daily_volume":1000000}}
        """;

    IBacktestGrain Grain(string id) => _silo.Grains.GetGrain<IBacktestGrain>(id);

    static async Task<BacktestJob> DoneAsync(IBacktestGrain grain)
    {
        BacktestJob? job = null;
        await Wait.UntilAsync(async () => (job = (await grain.GetAsync()).Value) is { IsOpen: false });
        return job!;
    }

    Task<TestSilo> StartAsync() => TestSilo.StartAsync(services =>
    {
        services.AddSingleton(new StrategyCatalog([
            .. StrategyCatalog.BuiltIn.All, _stuck, new("throws", "Throws.", [], _ => new Throwing()),
            new("picky", "Does not like every number.", Days, inputs => new Picky(inputs.Whole("wait")))]));
        services.AddSingleton<ISymbolFeeds>(new Feeds());
        services.AddBacktests().AddModels().AddInMemoryJournal();
        services.Configure<BacktestOptions>(options => (options.Folder, options.SweepChunk, options.MaxConcurrentRuns) = (_folder.Path, 5, 2));
    });

    static Bar[] Bars(string symbol)
    {
        var random = new Random(symbol[0]);
        var price = 50m;
        return
        [
            .. Enumerable.Range(0, 400).Select(day =>
            {
                price = Math.Max(5, price + random.Next(-100, 104) / 100m);
                return Bar.OfClose(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero).AddDays(day), price);
            }),
        ];
    }

    static MarketHistory History(string symbol) => new([BarColumnsBuilder.Build(symbol, TimeSpan.FromDays(1), Bars(symbol))]);

    sealed class Throwing : IStrategy
    {
        public void OnBars(StrategyContext context) => throw new InvalidOperationException("no idea");
    }

    sealed class Picky(int wait) : IStrategy
    {
        int _day;

        public void OnBars(StrategyContext context)
        {
            if (wait == 5) throw new InvalidOperationException("five is not for me");
            if (_day++ == wait) context.SetWeight(0, 0.5);
        }
    }

    sealed class Waiting(SemaphoreSlim entered, SemaphoreSlim go) : IStrategy
    {
        public void OnBars(StrategyContext context)
        {
            entered.Release();
            go.Wait();
        }
    }

    /// <summary>Bars of every symbol but NONE.</summary>
    sealed class Feeds : ISymbolFeeds
    {
        public ISymbolFeed Open(string symbol) => new Feed(symbol);
    }

    sealed class Feed(string symbol) : ISymbolFeed
    {
        public PriceSeries? Series => null;

        public Task<SeriesStatus> RefreshAsync(CancellationToken cancellation) => Task.FromResult(SeriesStatus.Unknown);

        public DataQuality Describe(DateTimeOffset now) => DataQuality.Nothing(symbol, SeriesStatus.Unknown);

        public Task<BarPage> ReadAsync(BarQuery query, CancellationToken cancellation) => Task.FromResult(new BarPage(
            symbol, query.Interval, null,
            symbol == "NONE"
                ? []
                : [.. Bars(symbol).Select((bar, i) => new BarVersion(bar, null, i, "stub", bar.Time, bar.Time, Verdict.Accept, null, null))],
            [], false));

        public Task<IngestReceipt> IngestAsync(IngestedBars bars, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<ReleaseResult> ReleaseAsync(BarRelease release, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<InstrumentReport> DescribeInstrumentAsync(CancellationToken cancellation) =>
            Task.FromResult(new InstrumentReport(symbol, null, "Tests", null, []));

        public Task<InstrumentReport?> ChangeInstrumentAsync(InstrumentChange change, CancellationToken cancellation) =>
            throw new NotSupportedException();
    }
}

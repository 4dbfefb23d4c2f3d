using Trading.Testing;

namespace Trading.MarketData.Tests;

public sealed class SourceChainTests : IAsyncDisposable
{
    static readonly DateTimeOffset Start = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);
    static readonly BarRequest Week = new("AAPL", BarInterval.OneDay, Start, Start.AddDays(5));

    readonly ManualTimeProvider _clock = new(Start.AddDays(10));
    readonly ScriptedBars _first = new("first", request => ScriptedBars.Days(request)), _second = new("second", request => ScriptedBars.Days(request, 101));
    readonly SourceChainOptions _options = new() { Order = new() { Equity = ["first", "second"] }, GoodAnswers = 3, ProbeInterval = 1, BreakerWindow = 60, BreakerFailures = 5 };
    SourceChain? _built;

    SourceChain Chain => _built ??= new([_first, _second], _options, _clock);

    public ValueTask DisposeAsync() => _built?.DisposeAsync() ?? default;

    async Task<ChainAnswer> AskAsync(BarRequest? request = null)
    {
        _clock.Advance(TimeSpan.FromSeconds(2));
        var answer = await Chain.FetchAsync(request ?? Week, default);
        await Chain.ProbesAsync();
        return answer;
    }

    SourceReport Report(string source) => Chain.Report().Single(report => report.Source == source);

    [Fact]
    public async Task FirstSourceThatAnswers_Serves_AndTheAnswerSaysWhich()
    {
        var answer = await AskAsync();

        answer.Source.ShouldBe("first");
        answer.Provenance.ShouldBe(new("first", Week.To!.Value, _clock.GetUtcNow()));
        answer.Skipped.ShouldBeEmpty();
        _second.Asked.ShouldBe(0);
    }

    [Theory]
    [InlineData(SourceFailure.Unreachable)]
    [InlineData(SourceFailure.ServerError)]
    [InlineData(SourceFailure.Nonsense)]
    public async Task SourceThatFails_IsSkippedWithItsReason_AndLosesItsTrust(SourceFailure failure)
    {
        _first.Answer = ScriptedBars.Fails(failure);

        var answer = await AskAsync();

        answer.Source.ShouldBe("second");
        answer.Skipped.Single().Failure.ShouldBe(failure);
        Report("first").State.ShouldBe(SourceState.Probation);
        Report("first").LastReason!.ShouldContain("fails with");
    }

    [Theory]
    [InlineData(SourceFailure.RateLimited)]
    [InlineData(SourceFailure.OutOfReach)]
    public async Task EmptyBudgetAndRequestsTooFarBack_CostNoTrust(SourceFailure failure)
    {
        _first.Answer = ScriptedBars.Fails(failure);
        (await AskAsync()).Source.ShouldBe("second");

        _first.Answer = request => ScriptedBars.Days(request);
        (await AskAsync()).Source.ShouldBe("first");
    }

    [Fact]
    public async Task Refusals_CostTrustOnlyWhereTheBreakerOpensOverThem()
    {
        _first.Answer = ScriptedBars.Fails(SourceFailure.Refused);
        await AskAsync();
        Report("first").State.ShouldBe(SourceState.Trusted);

        for (var round = 1; round < _options.BreakerFailures; round++) await AskAsync();
        Report("first").State.ShouldBe(SourceState.Open);
        _first.Answer = request => ScriptedBars.Days(request);
        _clock.Advance(TimeSpan.FromSeconds(_options.BreakerBreak));
        (await AskAsync()).Source.ShouldBe("second");
    }

    [Fact]
    public async Task CoinThatStandsStillAtOneSource_ComesFromTheNext_AndCostsNoTrust()
    {
        var request = new BarRequest("BTCUSDT", BarInterval.OneDay, Start, null);
        _first.Answer = asked => ScriptedBars.Days(asked with { To = Start.AddDays(1) });
        _second.Answer = asked => ScriptedBars.Days(asked with { To = Start.AddDays(9) });
        await using var chain = new SourceChain([_first, _second], new() { Order = new() { Crypto = ["first", "second"] } }, _clock);

        (await chain.FetchAsync(request, default)).Source.ShouldBe("second");
        chain.Report().ShouldAllBe(report => report.State == SourceState.Trusted);
    }

    [Fact]
    public async Task TrustReturns_OnlyAfterTheSetNumberOfGoodAnswersInARow()
    {
        _first.Answer = ScriptedBars.Fails(SourceFailure.Unreachable);
        await AskAsync();
        _first.Answer = request => ScriptedBars.Days(request);
        var served = new List<string?>();
        for (var round = 0; round < 2; round++) served.Add((await AskAsync()).Source);
        _first.Answer = ScriptedBars.Fails(SourceFailure.Nonsense); // the count begins anew
        served.Add((await AskAsync()).Source);
        _first.Answer = request => ScriptedBars.Days(request);
        for (var round = 0; round < 4; round++) served.Add((await AskAsync()).Source);

        served.ShouldBe(["second", "second", "second", "second", "second", "second", "first"]);
        Report("first").State.ShouldBe(SourceState.Trusted);
    }

    [Fact]
    public async Task AnswersCloserThanTheProbeInterval_CountOnce()
    {
        _first.Answer = ScriptedBars.Fails(SourceFailure.Unreachable);
        await AskAsync();
        _first.Answer = request => ScriptedBars.Days(request);
        await AskAsync();
        for (var burst = 0; burst < 20; burst++)
        {
            await Chain.FetchAsync(Week, default);
            await Chain.ProbesAsync();
        }

        Report("first").GoodAnswers.ShouldBe(1);
        _first.Asked.ShouldBe(2);
    }

    [Fact]
    public async Task SourceOnProbationThatContradictsTheOneThatServes_IsNotTrustedAgain()
    {
        _first.Answer = ScriptedBars.Fails(SourceFailure.Unreachable);
        await AskAsync();
        _first.Answer = request => ScriptedBars.Days(request, 1000); // whole and in shape, and ten times too high
        for (var round = 0; round < 10; round++) (await AskAsync()).Source.ShouldBe("second");

        Report("first").LastReason!.ShouldContain("not those of the source that served");
        Report("first").Nonsense.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task SourceOnProbation_StillServesWhereNoOtherCan()
    {
        _first.Answer = ScriptedBars.Fails(SourceFailure.Unreachable);
        await AskAsync();
        _first.Answer = request => ScriptedBars.Days(request);
        _second.Answer = ScriptedBars.Fails(SourceFailure.ServerError);

        var answer = await AskAsync();

        answer.Source.ShouldBe("first");
        answer.Skipped.Single().Source.ShouldBe("second");
    }

    [Fact]
    public async Task WhenAllFail_TheExceptionHasEveryReason()
    {
        _first.Answer = ScriptedBars.Fails(SourceFailure.Unreachable);
        _second.Answer = ScriptedBars.Fails(SourceFailure.Nonsense);

        var failed = await Should.ThrowAsync<SourceChainException>(AskAsync());

        failed.Skipped.Select(source => source.Failure).ShouldBe([SourceFailure.Unreachable, SourceFailure.Nonsense]);
        failed.Message.ShouldContain("fails with Unreachable");
        failed.Message.ShouldContain("fails with Nonsense");
    }

    [Fact]
    public async Task SymbolThatNobodyKnows_IsUnknown_ButNotWhileOneSourceIsAway()
    {
        _first.Answer = _second.Answer = _ => BarAnswer.Unknown;
        var unknown = await AskAsync();
        _second.Answer = ScriptedBars.Fails(SourceFailure.Unreachable);

        unknown.Source.ShouldBeNull();
        unknown.Answer.Known.ShouldBeFalse();
        await Should.ThrowAsync<SourceChainException>(AskAsync());
    }

    [Fact]
    public async Task BreakerOpensAfterFailures_LeavesTheSourceAlone_AndLetsItTryAfterTheBreak()
    {
        _first.Answer = ScriptedBars.Fails(SourceFailure.ServerError);
        for (var round = 0; round < 10; round++) await AskAsync();
        var asked = _first.Asked;
        var open = Report("first");
        _first.Answer = request => ScriptedBars.Days(request);
        _clock.Advance(TimeSpan.FromSeconds(_options.BreakerBreak));
        await AskAsync();

        asked.ShouldBe(_options.BreakerFailures);
        (open.State, open.Breaker).ShouldBe((SourceState.Open, SourceBreakerState.Open));
        open.RetryAt.ShouldNotBeNull();
        Report("first").Breaker.ShouldBe(SourceBreakerState.Closed);
        Report("first").GoodAnswers.ShouldBe(1);
    }

    [Fact]
    public async Task SourceThatNeverAnswers_IsGivenUpAtItsTime()
    {
        var never = new NeverSource();
        await using var chain = new SourceChain([never, _second], new() { Order = new() { Equity = ["never", "second"] }, SourceTimeout = 5 }, _clock);

        var asking = chain.FetchAsync(Week, default);
        await never.Asked.Task;
        _clock.Advance(TimeSpan.FromSeconds(5));

        (await asking).Source.ShouldBe("second");
    }

    [Fact]
    public async Task CallerThatGoes_CostsNoTrust()
    {
        var never = new NeverSource();
        await using var chain = new SourceChain([never], new() { Order = new() { Equity = ["never"] } }, _clock);
        using var stop = new CancellationTokenSource();

        var asking = chain.FetchAsync(Week, stop.Token);
        await never.Asked.Task;
        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(asking);
        chain.Report().Single().State.ShouldBe(SourceState.Trusted);
        chain.Report().Single().Failures.ShouldBe(0);
    }

    [Fact]
    public async Task UnexpectedExceptionOfASource_IsNonsense()
    {
        _first.Answer = _ => throw new FormatException("broken inside");

        (await AskAsync()).Skipped.Single().Failure.ShouldBe(SourceFailure.Nonsense);
    }

    [Fact]
    public async Task Report_CountsAnswersAndShares()
    {
        await AskAsync();
        await AskAsync();
        _first.Answer = ScriptedBars.Fails(SourceFailure.RateLimited);
        await AskAsync();
        await AskAsync();

        var (first, second) = (Report("first"), Report("second"));
        (first.Served, first.Share, first.Failures).ShouldBe((2, 0.5, 2));
        (second.Served, second.Share, second.LastFailure).ShouldBe((2, 0.5, null));
        first.Serves.ShouldBe([new(AssetClass.Equity, 1)]);
        second.LatencyP95.ShouldBe(0);
        first.LatencyP50.ShouldBe(0);
    }

    [Fact]
    public void OrderOfASourceThatIsNotThere_IsRefusedByName() =>
        Should.Throw<ArgumentException>(() => new SourceChain([_first], _options, _clock)).Message.ShouldContain("second");

    [Fact]
    public async Task AnswerThatContradictsWhatIsKnown_IsNonsense()
    {
        await using var chain = new SourceChain([_first, _second], _options, _clock);
        _first.Answer = request => ScriptedBars.Days(request, 100.1m);
        _second.Answer = request => ScriptedBars.Days(request, 99.9m);

        var answer = await chain.FetchAsync(Week with { Known = Bar.OfClose(Week.From!.Value, 5m) }, default);

        answer.Source.ShouldBe("second");
        answer.Skipped.Single().Reason.ShouldContain("no split says why");
    }

    sealed class NeverSource : IBarSource
    {
        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public string Name => "never";

        public Task<BarAnswer> FetchAsync(BarRequest request, CancellationToken cancellation)
        {
            Asked.SetResult();
            return new TaskCompletionSource<BarAnswer>().Task;
        }
    }
}

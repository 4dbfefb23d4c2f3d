using Trading.Testing;

namespace Trading.MarketData.Tests;

public sealed class SecondSourceTests : IAsyncDisposable
{
    static readonly DateTimeOffset Start = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);
    static readonly BarRequest Week = new("AAPL", BarInterval.OneDay, Start, Start.AddDays(5));

    readonly ManualTimeProvider _clock = new(Start.AddDays(10));
    readonly ScriptedBars _first = new("first", request => ScriptedBars.Days(request)), _second = new("second", request => ScriptedBars.Days(request, 101));
    readonly SourceChainOptions _options = new() { Order = new() { Equity = ["first", "second", "third"] }, SecondSourceWait = 2 };
    IBarSource _third = new ScriptedBars("third", request => ScriptedBars.Days(request, 102));
    SourceChain? _built;

    SourceChain Chain => _built ??= new([_first, _second, _third], _options, _clock);

    public ValueTask DisposeAsync() => _built?.DisposeAsync() ?? default;

    async Task<decimal?> OpinionAsync()
    {
        var served = await Chain.FetchAsync(Week, default);
        var opinion = await Chain.SecondAsync(served, Week, default);
        return opinion.IsEmpty ? null : opinion[0].Close;
    }

    [Fact]
    public async Task NextTrustedSource_GivesTheOpinion_AndServesNothing()
    {
        (await OpinionAsync()).ShouldBe(101);
        Chain.Report().Single(report => report.Source == "second").Served.ShouldBe(0);
        _first.Answer = ScriptedBars.Fails(SourceFailure.Unreachable);
        (await OpinionAsync()).ShouldBe(102, "the second serves now");
    }

    [Fact]
    public async Task WhereItIsSwitchedOff_OrNobodyElseIsTrusted_ThereIsNone()
    {
        _second.Answer = ScriptedBars.Fails(SourceFailure.Unreachable);
        (await OpinionAsync()).ShouldBeNull("the opinion failed");
        (await OpinionAsync()).ShouldBe(102, "who failed is not trusted");
        _options.SecondSource = false;
        (await OpinionAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task SingleSource_HasNoSecond()
    {
        _options.Order.Equity = ["first"];
        (await OpinionAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Nonsense_IsNoOpinion_AndIsReported()
    {
        _second.Answer = _ => ScriptedBars.Of(Bar.OfClose(Start.AddDays(1), 1), Bar.OfClose(Start, 1));
        (await OpinionAsync()).ShouldBeNull();
        Chain.Report().Single(report => report.Source == "second").Nonsense.ShouldBe(1);
    }

    [Fact]
    public async Task SourceThatIsLate_HoldsNothingUp_AndLosesNoTrust()
    {
        var never = new NeverAnswers();
        _third = never;
        _options.Order.Equity = ["first", "third"];
        var asking = OpinionAsync();
        await never.Asked.Task;
        _clock.Advance(TimeSpan.FromSeconds(_options.SecondSourceWait));
        (await asking).ShouldBeNull();
        Chain.Report().Single(report => report.Source == "third").ShouldSatisfyAllConditions(
            report => report.State.ShouldBe(SourceState.Trusted), report => report.Failures.ShouldBe(0));
    }

    [Fact]
    public async Task HalfOfABudget_IsLeftForWhenTheSourceHasToServe()
    {
        var budgeted = new Budgeted(_clock);
        _third = budgeted;
        _options.Order.Equity = ["first", "third"];
        budgeted.Budget.TryTake(49).ShouldBeNull();
        (await OpinionAsync()).ShouldBe(103);
        budgeted.Budget.TryTake(2).ShouldBeNull();
        (await OpinionAsync()).ShouldBeNull();
        _clock.Advance(TimeSpan.FromMinutes(1));
        (await OpinionAsync()).ShouldBe(103);
    }

    sealed class NeverAnswers : IBarSource
    {
        public string Name => "third";
        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task<BarAnswer> FetchAsync(BarRequest request, CancellationToken cancellation)
        {
            Asked.SetResult();
            await new TaskCompletionSource().Task.WaitAsync(cancellation);
            return BarAnswer.Unknown;
        }
    }

    sealed class Budgeted(TimeProvider clock) : IBarSource, IBudgetedSource
    {
        public string Name => "third";
        public RequestBudget Budget { get; } = new(100, clock);
        public Task<BarAnswer> FetchAsync(BarRequest request, CancellationToken cancellation) => Task.FromResult(ScriptedBars.Days(request, 103));
    }
}

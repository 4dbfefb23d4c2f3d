using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using Trading.Journal;
using Trading.Portfolios;
using Trading.Portfolios.Tests;
using Trading.Testing;

namespace Trading.Risk.Tests;

/// <summary>Overrides and dynamic limits through the grains.</summary>
public sealed class OverrideTests : IAsyncLifetime
{
    readonly ManualTimeProvider _clock = new(Books.Now);
    readonly Market _market = new() { ["ACME"] = Market.Walk("ACME", 100m) };
    readonly GateStorage _storage = new();
    readonly InMemoryJournal _journal;
    TestSilo _silo = null!;

    public OverrideTests() => _journal = new InMemoryJournal(_clock);

    public async ValueTask InitializeAsync() => _silo = await StartAsync();

    public async ValueTask DisposeAsync() => await _silo.DisposeAsync();

    [Fact]
    public async Task Override_BindsTheNextDecision_OutlivesARestart_AndRevertsByItself()
    {
        var risk = await OpenAsync("reverting");
        var begun = (await risk.OverrideAsync(Tighten(500m))).Value!;
        var refused = await DecideAsync(risk);
        refused.Violations.ShouldHaveSingleItem().Limit.ShouldBe(500m);
        refused.LimitsId.ShouldBe((await risk.GetLimitsAsync()).Effective.EffectiveId);

        await _silo.DisposeAsync();
        _silo = await StartAsync();
        risk = _silo.Grains.GetGrain<IRiskLimitGrain>("reverting");
        (await DecideAsync(risk)).LimitsId.ShouldBe(refused.LimitsId);
        (await ReplayAsync("reverting", refused.DecisionId)).Identical.ShouldBeTrue();

        _clock.Advance(begun.ExpiresAt - _clock.GetUtcNow());
        var passed = await DecideAsync(risk);
        (passed.Approved, passed.LimitsId).ShouldBe((true, null));
        await risk.AsReference<IRemindable>().ReceiveReminder("overrides", default);
        (await risk.GetLimitsAsync()).Overrides.ShouldHaveSingleItem().Status.ShouldBe(OverrideStatus.Expired);
        (await RecordedAsync("reverting")).ShouldBe(["override_begun", "override_ended"]);
    }

    [Fact]
    public async Task CancelledOverride_CountsNoLonger_AndIsListedWithWhoEndedIt()
    {
        var risk = await OpenAsync("cancelling");
        var begun = (await risk.OverrideAsync(Tighten(500m))).Value!;
        (await risk.CancelOverrideAsync(new(begun.Id, "bob", "A mistake"))).Value!.EndedBy.ShouldBe("bob");
        (await DecideAsync(risk)).Approved.ShouldBeTrue();
        (await risk.CancelOverrideAsync(new(begun.Id, "bob", "Again"))).Kind.ShouldBe(OutcomeKind.Conflict);
        (await risk.CancelOverrideAsync(new("99", "bob", "Which?"))).Kind.ShouldBe(OutcomeKind.NotFound);
    }

    [Fact]
    public async Task Volatility_OfABookWithoutPositions_LeavesTheLargestFactor()
    {
        var risk = await OpenAsync("scaled", new(new(0.15, 0.5, 1.5), null, null));
        var limits = await risk.GetLimitsAsync();
        (limits.Inputs!.Volatility, limits.Inputs.OldestPriceSeconds).ShouldBe((0, 0));
        limits.Effective.Limits.MaxOrderNotional.ShouldBe(1_500m);
        limits.Current.Limits.MaxOrderNotional.ShouldBe(1_000m);
    }

    static OverrideRequest Tighten(decimal notional) =>
        new(new() { MaxOrderNotional = notional, MinCash = 0m }, "ada", null, "Results tonight", 60, 2);

    static async Task<SignalDecision> DecideAsync(IRiskLimitGrain risk) =>
        (await risk.ValidateAsync(new("ACME", Side.Buy, 6, null, null, null))).Value!.Read();

    async Task<DecisionReplay> ReplayAsync(string portfolio, string decision) =>
        (await _silo.Grains.GetGrain<IPortfolioGrain>(portfolio).ReplayAsync(decision)).Value!;

    async Task<List<string>> RecordedAsync(string portfolio)
    {
        var types = new List<string>();
        await foreach (var recorded in _journal.ReadAsync("limits/" + portfolio, 0, CancellationToken.None)) types.Add(recorded.Type);
        return types;
    }

    async Task<IRiskLimitGrain> OpenAsync(string portfolio, DynamicLimits? rules = null)
    {
        (await _silo.Grains.GetGrain<IPortfolioGrain>(portfolio).CreateAsync(new("USD", 100_000m, AllowShort: false))).IsDone.ShouldBeTrue();
        var risk = _silo.Grains.GetGrain<IRiskLimitGrain>(portfolio);
        (await risk.UpdateLimitsAsync(new(new() { MaxOrderNotional = 1_000m, MinCash = 0m, Dynamic = rules }, "test", "test", null))).IsDone.ShouldBeTrue();
        return risk;
    }

    Task<TestSilo> StartAsync() => BookSilo.StartAsync(
        _clock, _journal, _market, others: services => services.AddKeyedSingleton<IGrainStorage>("trading", _storage));
}

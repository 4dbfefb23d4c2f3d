using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using Trading.Journal;
using Trading.Portfolios;
using Trading.Portfolios.Tests;
using Trading.Testing;

namespace Trading.Risk.Tests;

/// <summary>An order that waits for its price, while a person changes the limits.</summary>
public sealed class WaitingOrderTests : IAsyncLifetime
{
    static readonly RiskLimits Limits = new() { MinCash = 0m };

    readonly ManualTimeProvider _clock = new(Books.Now);
    readonly GatedMarket _market = new();
    readonly InMemoryJournal _journal;
    TestSilo _silo = null!;

    public WaitingOrderTests() => _journal = new InMemoryJournal(_clock);

    public async ValueTask InitializeAsync() => _silo = await BookSilo.StartAsync(
        _clock, _journal, _market,
        others: services => services.AddKeyedSingleton<IGrainStorage>("trading", new GateStorage()));

    public async ValueTask DisposeAsync()
    {
        await _silo.DisposeAsync();
        _journal.Dispose();
    }

    [Theory]
    [InlineData("alone")]
    [InlineData("batch")]
    [InlineData("preview")]
    public async Task IsHeldToTheLimitsOfWhenItIsDecided_NotToThoseOfWhenItCame(string way)
    {
        await _silo.Grains.GetGrain<IPortfolioGrain>(way).CreateAsync(new("USD", 100_000m, AllowShort: false));
        var risk = _silo.Grains.GetGrain<IRiskLimitGrain>(way);
        await risk.UpdateLimitsAsync(new(Limits, "ada", "Without restraint", null));
        var gate = _market.Close();

        var waiting = DecideAsync(way, risk, Books.Order(Side.Buy, 1));
        await Wait.UntilAsync(() => _market.Waiting.Contains("AA"));
        var stopped = (await risk.UpdateLimitsAsync(new(Limits with { Halted = true }, "ada", "Stop", null))).Value!;
        gate.SetResult();

        var decision = await waiting;
        decision.Violations.ShouldHaveSingleItem().Code.ShouldBe(RiskRule.Halted);
        decision.LimitsVersion.ShouldBe(stopped.Version);
    }

    static async Task<SignalDecision> DecideAsync(string way, IRiskLimitGrain risk, Order order) => way switch
    {
        "alone" => (await risk.ValidateAsync(order)).Value!.Read(),
        "batch" => (await risk.ValidateManyAsync([order])).Value[0].Read(),
        _ => (await risk.PreviewAsync(order)).Value!.Decision,
    };
}

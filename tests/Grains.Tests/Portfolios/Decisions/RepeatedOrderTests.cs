using Trading.Journal;
using Trading.Risk;
using Trading.Testing;
using static Trading.Portfolios.Tests.Books;

namespace Trading.Portfolios.Tests;

public sealed class RepeatedOrderTests : IAsyncLifetime
{
    static readonly LimitsVersion Limits = new(1, new RiskLimits { MinCash = 0 }, "test", Now, "test");
    readonly ManualTimeProvider _clock = new(Now);
    readonly GatedMarket _market = new();
    readonly InMemoryJournal _journal;
    TestSilo _silo = null!;

    public RepeatedOrderTests() => _journal = new InMemoryJournal(_clock);

    public async ValueTask InitializeAsync() =>
        _silo = await BookSilo.StartAsync(_clock, _journal, _market, new() { RecentKeys = 1 });

    public async ValueTask DisposeAsync()
    {
        await _silo.DisposeAsync();
        _journal.Dispose();
    }

    [Fact]
    public async Task OrderThatComesAgain_AndWaitsForAPrice_KeepsItsDecision_ThoughOthersPushItOutOfMemory()
    {
        var book = _silo.Grains.GetGrain<IPortfolioGrain>("repeats");
        await book.CreateAsync(new("USD", 100_000m, AllowShort: false));
        await book.ReserveAsync(Order(Side.Buy, 1), Limits);
        var first = (await book.ReserveAsync(Order(Side.Buy, 1, "o-1", symbol: "XX"), Limits)).Value!;
        _clock.Advance(TimeSpan.FromSeconds(10)); // after which "no such symbol" is not believed any more
        var gate = _market.Close();

        var again = book.ReserveAsync(Order(Side.Buy, 1, "o-1", symbol: "XX"), Limits);
        await Wait.UntilAsync(() => _market.Waiting.Contains("XX"));
        (await book.ReserveAsync(Order(Side.Buy, 1, "o-2"), Limits)).Value!.Read().Approved.ShouldBeTrue();
        gate.SetResult();

        (await again).Value!.Json.ShouldBe(first.Json);
    }
}

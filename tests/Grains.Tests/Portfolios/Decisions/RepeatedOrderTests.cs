using Trading.Journal;
using Trading.MarketData;
using Trading.MarketData.Tests;
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

    /// <summary>AA has a price; XX is unknown. Answers can be held up.</summary>
    sealed class GatedMarket : ISeriesScript
    {
        readonly Market _market = new() { ["AA"] = Market.Walk("AA", 100m) };
        readonly System.Collections.Concurrent.ConcurrentBag<string> _waiting = [];
        Task _gate = Task.CompletedTask;

        public IReadOnlyCollection<string> Waiting => _waiting;

        public TaskCompletionSource Close()
        {
            var gate = new TaskCompletionSource();
            _gate = gate.Task;
            return gate;
        }

        public async ValueTask<SeriesUpdate> FetchAsync(string symbol, long newerThan, CancellationToken cancellation)
        {
            if (!_gate.IsCompleted) _waiting.Add(symbol);
            await _gate;
            return await _market.FetchAsync(symbol, newerThan, cancellation);
        }
    }
}

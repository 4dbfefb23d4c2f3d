using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Trading.Journal;
using Trading.MarketData;
using Trading.Risk;
using Trading.Testing;
using static Trading.Portfolios.Tests.Books;

namespace Trading.Portfolios.Tests;

/// <summary>A share in euro whose source is down when a program starts: its bars come from the store, and a dollar book
/// sees it for the first time.</summary>
public sealed class StoredCurrencyTests : IAsyncDisposable
{
    const string Share = "AIR.PA", Pair = "EURUSD";
    readonly ManualTimeProvider _clock = new(Now);
    readonly Exchange _exchange = new();
    readonly InMemoryBarStore _store = new();
    readonly InMemoryJournal _journal;

    public StoredCurrencyTests() => _journal = new InMemoryJournal(_clock);

    public async ValueTask DisposeAsync()
    {
        _journal.Dispose();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task WithoutARate_ADecisionIsRefused_AndThePriceIsNeverOneInDollars()
    {
        await HearAsync();
        _exchange.Down = [Share, Pair];

        var decision = await DecideAsync("unconverted");

        decision.Approved.ShouldBeFalse();
        decision.Violations.Select(violation => violation.Code).ShouldContain(RiskRule.FxRate);
        (decision.Currency, decision.ReferencePrice, decision.FxRate).ShouldBe(("EUR", 100m, null));
    }

    [Fact]
    public async Task WithARate_ADecisionCountsThePriceInDollars()
    {
        await HearAsync();
        _exchange.Down = [Share];

        var decision = await DecideAsync("converted");

        (decision.Currency, decision.ReferencePrice, decision.FxRate).ShouldBe(("EUR", 100m, 1.25m));
        decision.After!.GrossExposure.ShouldBe(1_250m);
    }

    /// <summary>By a program that no book asks anything of.</summary>
    Task HearAsync() => InSiloAsync(async grains =>
        (await grains.GetGrain<ISymbolDataGrain>(Share).GetSeriesAsync(0)).Series!.Terms!.Currency.ShouldBe("EUR"));

    async Task<SignalDecision> DecideAsync(string book)
    {
        SignalDecision? decision = null;
        await InSiloAsync(async grains =>
        {
            await grains.GetGrain<IPortfolioGrain>(book).CreateAsync(new("USD", 100_000m, AllowShort: false));
            var answer = await grains.GetGrain<IRiskLimitGrain>(book).ValidateAsync(Order(Side.Buy, 10, symbol: Share));
            decision = answer.Value!.Read();
        });
        return decision!;
    }

    async Task InSiloAsync(Func<IGrainFactory, Task> work)
    {
        await using var chain = new SourceChain(
            [_exchange], new() { Order = new() { Equity = [_exchange.Name], Fx = [_exchange.Name] }, SecondSource = false },
            _clock);
        var feeds = new BarFeeds(
            chain, _store, InstrumentDirectory.Empty, Options.Create(new MarketDataOptions()),
            Options.Create(new QualityOptions()), _clock);
        await using var silo = await BookSilo.StartAsync(
            _clock, _journal, new Market(), others: services => services.AddSingleton<ISymbolFeeds>(feeds));
        await work(silo.Grains);
    }

    /// <summary>Calm days up to this one; those that are down do not answer.</summary>
    sealed class Exchange : IBarSource
    {
        const int Days = 300;

        public string Name => "exchange";
        public string[] Down { get; set; } = [];

        public Task<BarAnswer> FetchAsync(BarRequest request, CancellationToken cancellation)
        {
            if (Down.Contains(request.Symbol)) throw new SourceException(Name, SourceFailure.Unreachable, "down");
            if (request.Symbol is not (Share or Pair)) return Task.FromResult(BarAnswer.Unknown);
            var (last, currency) = request.Symbol == Share ? (100m, "EUR") : (1.25m, "USD");
            var today = new DateTimeOffset(Now.Date, TimeSpan.Zero);
            return Task.FromResult(new BarAnswer(
                true, [.. Enumerable.Range(-Days, Days).Select(day => On(today.AddDays(day), last * Step(-1 - day)))], [],
                Now, currency, null));
        }

        /// <summary>None since Friday, which is the last session of shares.</summary>
        static decimal Step(int back) => back < 3 ? 1 : 1 + (back * 37 % 21 / 1_000m);

        static Bar On(DateTimeOffset day, decimal close) => new(day, close, close * 1.004m, close * 0.996m, close, 1_000);
    }
}

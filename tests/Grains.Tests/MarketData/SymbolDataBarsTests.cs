using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Trading.Testing;

namespace Trading.MarketData.Tests;

/// <summary>Bars of one symbol by way of its grain, over a real chain and store.</summary>
public sealed class SymbolDataBarsTests : IAsyncLifetime
{
    const int Days = 100;
    static readonly DateTimeOffset Start = new(2018, 1, 1, 0, 0, 0, TimeSpan.Zero);
    readonly ManualTimeProvider _clock = new(Start.AddDays(Days).AddMinutes(1));
    readonly Coin _coin = new();
    readonly InMemoryBarStore _store = new();
    SourceChain _chain = null!;
    TestSilo _silo = null!;

    ISymbolDataGrain Grain => _silo.Grains.GetGrain<ISymbolDataGrain>("BTCUSDT");

    public async ValueTask InitializeAsync()
    {
        _chain = new([_coin], new() { Order = new() { Crypto = ["coin"] } }, _clock);
        var options = Options.Create(new MarketDataOptions());
        _silo = await TestSilo.StartAsync(time: _clock, services: services => services.AddSingleton(options).AddSingleton<ISymbolFeeds>(
            new BarFeeds(_chain, _store, InstrumentDirectory.Empty, options, Options.Create(new QualityOptions()), _clock)));
    }

    public async ValueTask DisposeAsync()
    {
        await _silo.DisposeAsync();
        await _chain.DisposeAsync();
        await _store.DisposeAsync();
    }

    static Bar Bar(int day, decimal close = 100) => new(Start.AddDays(day), 100, Math.Max(close, 100) + 1, 99, close, 1_000 + day % 7);

    static IngestedBars Brought(params ImmutableArray<Bar> bars) => new("import", BarInterval.OneDay, bars);

    [Fact]
    public async Task HoweverManyAsk_OneFetchIsInFlight_AlsoWhereBarsWereBroughtBefore()
    {
        await Grain.IngestAsync(Brought(Bar(0)));

        var answers = await Task.WhenAll(Enumerable.Range(0, 300).Select(_ => Grain.GetSeriesAsync(0).AsTask()));

        answers.ShouldAllBe(answer => answer.Series!.Closes.Length == Days);
        _coin.Asked.ShouldBe(1);
    }

    [Fact]
    public async Task QueryBeyondItsBounds_IsRefusedWithTheField()
    {
        var outcome = await Grain.GetBarsAsync(new(BarInterval.OneDay, null, null, null, 0));

        (outcome.Kind, outcome.Errors.ShouldHaveSingleItem().Field).ShouldBe((OutcomeKind.Invalid, "limit"));
        (await Grain.GetBarsAsync(new(BarInterval.OneDay, null, null, null, 3))).Value!.Bars.Length.ShouldBe(3);
    }

    [Fact]
    public async Task SymbolThatNoSourceKnows_IsNotFound_UnlessSomebodyBroughtBarsOfIt()
    {
        var unknown = _silo.Grains.GetGrain<ISymbolDataGrain>("NOPEUSDT");
        BarQuery days = new(BarInterval.OneDay, null, null, null);

        var outcome = await unknown.GetBarsAsync(days);
        (outcome.Kind, outcome.Errors.ShouldHaveSingleItem().Field).ShouldBe((OutcomeKind.NotFound, "symbol"));

        await unknown.IngestAsync(new("import", BarInterval.OneHour, [Bar(0)]));
        (await unknown.GetBarsAsync(days)).Value!.Bars.ShouldBeEmpty();
        (await unknown.GetBarsAsync(days with { Interval = BarInterval.OneHour })).Value!.Bars.Length.ShouldBe(1);
    }

    [Fact]
    public async Task MoreBarsThanOneBatchMayHold_AreRefused()
    {
        var outcome = await Grain.IngestAsync(Brought([.. Enumerable.Repeat(Bar(0), IngestedBars.MaxBars + 1)]));

        (outcome.Kind, outcome.Errors.ShouldHaveSingleItem().Field).ShouldBe((OutcomeKind.Invalid, "bars"));
    }

    [Fact]
    public async Task Release_SaysWhetherThereWasABar_AndWhetherItWaited()
    {
        await Grain.GetSeriesAsync(0);
        await Grain.IngestAsync(Brought(Bar(Days, close: 190)));

        (await ReleaseAsync(Days + 9)).Kind.ShouldBe(OutcomeKind.NotFound);
        (await ReleaseAsync(3)).Errors.ShouldHaveSingleItem().Rule.ShouldBe("not_quarantined");
        (await ReleaseAsync(Days)).Value!.Verdict.ShouldBe(Verdict.Accept);
    }

    /// <summary>Others of this assembly hold series too: what is measured is of all of them.</summary>
    [Fact]
    public async Task Quality_OfWhatIsHeld_IsMeasured_AndABarInQuarantineIsSeen()
    {
        using var metrics = new Measured(DataMetrics.MeterName);
        await Grain.GetSeriesAsync(0);
        metrics["data_symbols", "normal"].ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(1);
        metrics["data_quality", "completeness"].ShouldNotBeNull().ShouldBeInRange(0, 1);
        var before = metrics["data_quarantined_bars"]!.Value;

        (await Grain.IngestAsync(Brought(Bar(Days, close: 190)))).Value!.Quarantined.ShouldBe(1);
        await _silo.TickUntilAsync(async () =>
        {
            await Grain.GetSeriesAsync(0); // what nobody asks about is forgotten
            return metrics["data_quarantined_bars"] > before;
        });
        metrics["data_quality", "consistency"].ShouldNotBeNull().ShouldBeLessThan(1);
    }

    Task<Outcome<BarVersion>> ReleaseAsync(int day) => Grain.ReleaseAsync(new(BarInterval.OneDay, Start.AddDays(day), "ada", "seen elsewhere"));

    /// <summary>A source of a hundred days of a coin.</summary>
    sealed class Coin : IBarSource
    {
        int _asked;

        public string Name => "coin";
        public int Asked => _asked;

        public Task<BarAnswer> FetchAsync(BarRequest request, CancellationToken cancellation)
        {
            if (request.Symbol != "BTCUSDT") return Task.FromResult(BarAnswer.Unknown);
            Interlocked.Increment(ref _asked);
            return Task.FromResult(new BarAnswer(true, [.. Enumerable.Range(0, Days).Select(day => Bar(day))], [], Start.AddDays(Days), "USD", null));
        }
    }
}

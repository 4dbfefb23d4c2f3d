using Microsoft.Extensions.Options;
using Trading.Testing;
using static Trading.MarketData.Tests.SeriesOfBars;

namespace Trading.MarketData.Tests;

/// <summary>What a source said of an instrument outlives the program that heard it.</summary>
public abstract partial class SharedBarStoreTests
{
    const string Paris = "AIR.PA";
    static readonly InstrumentTerms Lots = new(LotSize: 0.5m, MinNotional: 10);

    [Fact]
    public async Task CurrencyThatASourceSaid_IsStillThatOfTheSeries_WhenTheNextProgramFindsTheSourceDown()
    {
        var clock = new ManualTimeProvider(Start.AddDays(30).AddMinutes(1));
        var bars = Enumerable.Range(0, 30).Select(day => Calm(day)).ToArray();
        var source = new ScriptedBars("first", _ => ScriptedBars.Of(bars) with
        {
            AsOf = Start.AddDays(30), Currency = "EUR", Terms = Lots,
        });
        var before = await RefreshedAsync(Store, source, clock);
        source.Answer = _ => ScriptedBars.Of(bars) with { AsOf = Start.AddDays(30) }; // says it no more
        await RefreshedAsync(Store, source, clock);
        source.Answer = ScriptedBars.Fails(SourceFailure.Unreachable);
        await using var other = Create();
        await other.OpenAsync(None);

        var after = await RefreshedAsync(other, source, clock);

        before.Terms.ShouldBe(Lots with { Currency = "EUR" });
        (after.Terms, after.Provenance.Source).ShouldBe((before.Terms, "first"));
        after.Closes.ShouldBe(before.Closes);
    }

    static async Task<PriceSeries> RefreshedAsync(IBarStore store, ScriptedBars source, ManualTimeProvider clock)
    {
        await using var chain = new SourceChain(
            [source], new SourceChainOptions { Order = new() { Equity = ["first"] }, SecondSource = false }, clock);
        var feed = new BarFeeds(
            chain, store, InstrumentDirectory.Empty, Options.Create(new MarketDataOptions()),
            Options.Create(new QualityOptions()), clock).Open(Paris);
        (await feed.RefreshAsync(None)).ShouldBe(SeriesStatus.Updated);
        return feed.Series.ShouldNotBeNull();
    }
}

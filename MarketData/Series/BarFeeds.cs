using Microsoft.Extensions.Options;

namespace Trading.MarketData;

/// <summary>Feeds of bars: from the sources through the rules of quality into the store.</summary>
sealed class BarFeeds(
    SourceChain chain, IBarStore store, IInstrumentDirectory directory, IOptions<MarketDataOptions> options,
    IOptions<QualityOptions> quality, TimeProvider clock)
    : ISymbolFeeds
{
    public ISymbolFeed Open(string symbol) =>
        new BarFeed(symbol, chain, store, directory.Find(symbol), options.Value, quality.Value, clock);
}

using System.Collections.Immutable;

namespace Trading.MarketData;

/// <summary>Asks the chain and the store; keeps nothing.</summary>
public sealed class MarketOverviewGrain(SourceChain chain, IBarStore store) : Grain, IMarketOverviewGrain
{
    public Task<ImmutableArray<SourceReport>> GetSourcesAsync() => Task.FromResult(chain.Report());

    public async Task<ImmutableArray<QuarantinedBar>> GetQuarantineAsync(string? symbol, int limit) =>
    [
        .. (await store.QuarantinedAsync(symbol, limit, CancellationToken.None))
            .Select(held => new QuarantinedBar(held.Key.Symbol, held.Key.Interval, held.Record.ToVersion())),
    ];
}

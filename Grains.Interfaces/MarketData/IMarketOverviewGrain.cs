using System.Collections.Immutable;

namespace Trading.MarketData;

/// <summary>What concerns all symbols at once. Key: <see cref="GrainKeys.MarketOverview"/>.</summary>
[Alias("trading.market-desk")]
public interface IMarketOverviewGrain : IGrainWithStringKey
{
    /// <summary>How every source does, as the process that this grain runs in sees it; by name.</summary>
    [Traced]
    Task<ImmutableArray<SourceReport>> GetSourcesAsync();

    /// <summary>Bars in quarantine, newest first.</summary>
    /// <param name="symbol">Null for all.</param>
    [Traced]
    Task<ImmutableArray<QuarantinedBar>> GetQuarantineAsync(string? symbol, int limit);
}

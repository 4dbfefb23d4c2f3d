namespace Trading.MarketData;

/// <summary>The synthetic market as a source: the bars that have ended by the clock.</summary>
sealed class SyntheticSource(SyntheticMarket market, BarInterval interval, TimeProvider clock) : IBarSource
{
    public string Name => "synthetic";

    /// <summary>Another interval than the market's is as unknown as another symbol.</summary>
    public Task<BarAnswer> FetchAsync(BarRequest request, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var ended = market.Grid.Ended(clock.GetUtcNow());
        if (request.Interval != interval
            || market.Given(request.Symbol, ended, request.From, request.To) is not { } given)
            return Task.FromResult(BarAnswer.Unknown);
        DateTimeOffset? asOf = ended == 0 ? null : market.Grid.End(ended - 1);
        return Task.FromResult(
            new BarAnswer(true, given.Bars, given.Actions, asOf, "USD", market.Find(request.Symbol)!.Terms));
    }
}

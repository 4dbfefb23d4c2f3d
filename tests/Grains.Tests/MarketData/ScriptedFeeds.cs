namespace Trading.MarketData.Tests;

/// <summary>Prices that a test makes up, as whole series.</summary>
interface ISeriesScript
{
    /// <summary>The series of a symbol if it is newer than what the caller has seen; 0 for none.</summary>
    ValueTask<SeriesUpdate> FetchAsync(string symbol, long newerThan, CancellationToken cancellation);
}

/// <summary>Feeds that say what a script says. It judges nothing and stores nothing.</summary>
sealed class ScriptedFeeds(ISeriesScript script) : ISymbolFeeds
{
    public ISymbolFeed Open(string symbol) => new Feed(symbol, script);

    sealed class Feed(string symbol, ISeriesScript script) : ISymbolFeed
    {
        public PriceSeries? Series { get; private set; }

        public async Task<SeriesStatus> RefreshAsync(CancellationToken cancellation)
        {
            var answer = await script.FetchAsync(symbol, Series?.Version ?? 0, cancellation);
            Series = answer.Series ?? Series;
            return answer.Status;
        }

        public DataQuality Describe(DateTimeOffset now) => Series is not { } series
            ? DataQuality.Nothing(symbol, SeriesStatus.Unavailable)
            : new(symbol, SeriesStatus.Updated, series.Sector, series.Dates.Length, series.Dates[0], series.LastSession, series.LastPrice,
                (now - series.Provenance.AsOf).TotalSeconds, series.Provenance, series.Version, null);

        public Task<BarPage> ReadAsync(BarQuery query, CancellationToken cancellation) =>
            Task.FromResult(new BarPage(symbol, query.Interval, query.AsOf, [], [], More: false));
        public Task<IngestReceipt> IngestAsync(IngestedBars bars, CancellationToken cancellation) => throw new NotSupportedException();
        public Task<InstrumentReport> DescribeInstrumentAsync(CancellationToken cancellation) => throw new NotSupportedException();
        public Task<InstrumentReport?> ChangeInstrumentAsync(InstrumentChange change, CancellationToken cancellation) => throw new NotSupportedException();
        public Task<ReleaseResult> ReleaseAsync(BarRelease release, CancellationToken cancellation) => throw new NotSupportedException();
    }
}

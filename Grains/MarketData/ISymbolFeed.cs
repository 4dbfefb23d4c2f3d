namespace Trading.MarketData;

/// <summary>Opens what is known of one symbol, and what will be.</summary>
public interface ISymbolFeeds
{
    /// <summary>For one activation of the symbol's grain, which then is the only one that writes what is known of it.</summary>
    ISymbolFeed Open(string symbol);
}

/// <summary>The series of one symbol with what stands behind it. Calls may overlap.</summary>
public interface ISymbolFeed
{
    /// <summary>The newest series; null before there is one.</summary>
    PriceSeries? Series { get; }

    /// <summary>Asks for what is new. An exception means that nobody answers and nothing is known from before.</summary>
    Task<SeriesStatus> RefreshAsync(CancellationToken cancellation);

    /// <summary>The report on <see cref="Series"/> at one moment.</summary>
    DataQuality Describe(DateTimeOffset now);

    Task<Outcome<BarPage>> ReadAsync(BarQuery query, CancellationToken cancellation);

    Task<Outcome<IngestReceipt>> IngestAsync(IngestedBars bars, CancellationToken cancellation);

    Task<Outcome<BarVersion>> ReleaseAsync(BarRelease release, CancellationToken cancellation);
}

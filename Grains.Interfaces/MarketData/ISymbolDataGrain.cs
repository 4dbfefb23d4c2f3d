namespace Trading.MarketData;

/// <summary>The one place that asks a source for prices of a symbol. Key: the ticker in upper case.</summary>
[Alias("trading.symbol-data")]
public interface ISymbolDataGrain : IGrainWithStringKey
{
    /// <summary>The series if it is newer than a version that the caller holds, else only the word that it is not.</summary>
    /// <param name="newerThan">The version that the caller holds; 0 for none.</param>
    ValueTask<SeriesUpdate> GetSeriesAsync(long newerThan);

    /// <summary>How good the series is, and where it comes from.</summary>
    Task<DataQuality> GetQualityAsync();
}

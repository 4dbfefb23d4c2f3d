namespace Trading.MarketData;

/// <summary>The one place that asks a source for prices of a symbol, judges them and keeps them. Key: the ticker in upper case.</summary>
[Alias("trading.symbol-data")]
public interface ISymbolDataGrain : IGrainWithStringKey
{
    /// <summary>The series if it is newer than a version that the caller holds, else only the word that it is not.</summary>
    /// <param name="newerThan">The version that the caller holds; 0 for none.</param>
    [Traced]
    ValueTask<SeriesUpdate> GetSeriesAsync(long newerThan);

    /// <summary>How good the series is, and where it comes from.</summary>
    [Traced]
    Task<DataQuality> GetQualityAsync();

    /// <summary>Bars as they were known at a moment, the doubtful ones with their verdict.</summary>
    [Traced]
    Task<Outcome<BarPage>> GetBarsAsync(BarQuery query);

    /// <summary>Takes bars that were brought and not asked for; they go the way of every other bar. Repeating them changes nothing.</summary>
    [Traced]
    Task<Outcome<IngestReceipt>> IngestAsync(IngestedBars bars);

    /// <summary>A person takes a doubtful bar as true; it counts from now on.</summary>
    [Traced]
    Task<Outcome<BarVersion>> ReleaseAsync(BarRelease release);

    /// <summary>Sector and terms in force, and who said what of them.</summary>
    [Traced]
    Task<InstrumentReport> GetInstrumentAsync();

    /// <summary>A person says what the instrument is; every word is kept.</summary>
    [Traced]
    Task<Outcome<InstrumentReport>> ChangeInstrumentAsync(InstrumentChange change);
}

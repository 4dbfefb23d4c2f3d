namespace Trading.MarketData;

/// <summary>Opens what is known of one symbol, and what will be.</summary>
public interface ISymbolFeeds
{
    /// <summary>For one activation of the symbol's grain, which then is the only one that writes what is known of
    /// it.</summary>
    ISymbolFeed Open(string symbol);
}

/// <summary>The series of one symbol with what stands behind it. Calls may overlap.</summary>
public interface ISymbolFeed
{
    /// <summary>The newest series; null before there is one.</summary>
    PriceSeries? Series { get; }

    /// <summary>Asks for what is new. An exception means that nobody answers and nothing is known from
    /// before.</summary>
    Task<SeriesStatus> RefreshAsync(CancellationToken cancellation);

    /// <summary>The report on <see cref="Series"/> at one moment.</summary>
    DataQuality Describe(DateTimeOffset now);

    /// <exception cref="ArgumentException">The query breaks a rule (<see cref="BarQuery.BrokenRules"/>).</exception>
    Task<BarPage> ReadAsync(BarQuery query, CancellationToken cancellation);

    /// <exception cref="ArgumentException">The bars break a rule (<see cref="IngestedBars.BrokenRules"/>).</exception>
    Task<IngestReceipt> IngestAsync(IngestedBars bars, CancellationToken cancellation);

    Task<ReleaseResult> ReleaseAsync(BarRelease release, CancellationToken cancellation);

    /// <summary>What is known of the instrument.</summary>
    Task<InstrumentReport> DescribeInstrumentAsync(CancellationToken cancellation);

    /// <summary>Takes what a person says of the instrument; it holds from the next series on.</summary>
    /// <returns>Null where the version to be replaced is not the one in force.</returns>
    /// <exception cref="ArgumentException">The change breaks a rule (<see
    /// cref="InstrumentChange.BrokenRules"/>).</exception>
    Task<InstrumentReport?> ChangeInstrumentAsync(InstrumentChange change, CancellationToken cancellation);
}

/// <summary>What became of a release.</summary>
/// <param name="Released">The bar as it counts from now on; null where nothing was released.</param>
/// <param name="Found">What its verdict was before; null where there is no bar of that time.</param>
public sealed record ReleaseResult(BarVersion? Released, Verdict? Found);

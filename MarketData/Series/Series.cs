using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Trading.MarketData;

/// <summary>Where a series comes from and how old it is.</summary>
/// <param name="Source">The name of the source that answered, for example <c>replay</c>.</param>
/// <param name="AsOf">The instant for which the last price is current, by the source's clock. A file's is the close of
/// its last session; a replay's is the moment at which it released the session. The age of a price is counted from
/// here.</param>
/// <param name="ReceivedAt">When this process received it.</param>
public sealed record Provenance(string Source, DateTimeOffset AsOf, DateTimeOffset ReceivedAt);

/// <summary>How an instrument trades; null is no rule, or not known.</summary>
/// <param name="LotSize">Quantities are multiples of it, in units.</param>
/// <param name="TickSize">Limit prices are multiples of it.</param>
/// <param name="MinNotional">The smallest value of an order, in the currency of its prices.</param>
/// <param name="AverageDailyVolume">Units traded on an ordinary day.</param>
public sealed record InstrumentTerms(
    bool Tradable = true,
    decimal? LotSize = null,
    decimal? TickSize = null,
    decimal? MinNotional = null,
    decimal? AverageDailyVolume = null)
{
    /// <summary>Of its prices, see <see cref="CurrencyCodes"/>; null where no source says it, and then they count as
    /// those of the book.</summary>
    public string? Currency { get; init; }
}

/// <summary>Daily closes of one symbol, oldest first, without gaps in the arrays and without duplicates. Only prices
/// that the rules of quality accept are among them.</summary>
/// <param name="Sector">Null where it is not known; unknown counts as a sector of its own that has no room.</param>
/// <param name="Closes">Adjusted closing prices in the currency of the listing, all positive; one for each of
/// <paramref name="Dates"/>.</param>
/// <param name="Version">Grows with every change of the series; 0 is never used.</param>
public sealed record PriceSeries(
    string Symbol,
    string? Sector,
    ImmutableArray<DateOnly> Dates,
    ImmutableArray<decimal> Closes,
    Provenance Provenance,
    long Version)
{
    /// <summary>Null where the source knows none.</summary>
    public InstrumentTerms? Terms { get; init; }

    /// <summary>What the quality of the data lets the symbol do.</summary>
    public SymbolMode Mode { get; init; }

    /// <summary>Why the mode is not normal, in words; empty where it is.</summary>
    public ImmutableArray<string> Doubts { get; init; } = [];

    /// <summary>The latest corrections, oldest first, bounded.</summary>
    public ImmutableArray<PriceCorrection> Corrections { get; init; } = [];

    /// <summary>The newest corporate actions, by ex-date, bounded; <see cref="Closes"/> have those up to the last session taken
    /// out of them.</summary>
    public ImmutableArray<CorporateAction> Actions { get; init; } = [];

    public decimal LastPrice => Closes[^1];
    public DateOnly LastSession => Dates[^1];
}

[JsonConverter(typeof(SnakeCaseEnumConverter<SeriesStatus>))]
public enum SeriesStatus
{
    /// <summary>No source knows the symbol.</summary>
    Unknown,
    /// <summary>The caller's version is still the newest.</summary>
    Unchanged,
    /// <summary><see cref="SeriesUpdate.Series"/> is newer than what the caller holds.</summary>
    Updated,
    /// <summary>No source answers, and nothing is known from before.</summary>
    Unavailable,
}

/// <param name="Series">Set exactly when <paramref name="Status"/> is <see cref="SeriesStatus.Updated"/>.</param>
public sealed record SeriesUpdate(SeriesStatus Status, PriceSeries? Series);

/// <summary>Quality of one symbol's series, with what it is a series of.</summary>
/// <param name="Observations">Sessions whose price counts.</param>
/// <param name="Quality">Scores, verdicts, findings and mode; null where nothing is known.</param>
public sealed record DataQuality(
    string Symbol,
    SeriesStatus Status,
    string? Sector,
    int Observations,
    DateOnly? FirstSession,
    DateOnly? LastSession,
    decimal? LastPrice,
    double? AgeSeconds,
    Provenance? Provenance,
    long Version,
    SymbolQuality? Quality)
{
    /// <summary>Where there is no series: nothing is known, and nothing is zero.</summary>
    public static DataQuality Nothing(string symbol, SeriesStatus status) =>
        new(symbol, status, null, 0, null, null, null, null, null, 0, null);
}

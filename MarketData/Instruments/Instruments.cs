using System.Collections.Immutable;

namespace Trading.MarketData;

/// <summary>What a person says of an instrument; it replaces what was said before as a whole.</summary>
/// <param name="Sector">Null where it is not known.</param>
/// <param name="Terms">Null where none are known: then those of the source hold.</param>
/// <param name="ExpectedVersion">The version that is to be replaced, 0 for none; null for whichever it is.</param>
public sealed record InstrumentChange(
    string? Company, string? Sector, InstrumentTerms? Terms, string By, string Reason, long? ExpectedVersion)
{
    /// <summary>The least and the greatest size or notional of terms.</summary>
    public const decimal Least = 0.00000001m, Most = 1_000_000_000_000m;

    /// <summary>Every number that can be none.</summary>
    public ImmutableArray<FieldError> BrokenRules() =>
    [
        .. new (string Field, decimal? Value)[]
        {
            ("lot_size", Terms?.LotSize), ("tick_size", Terms?.TickSize), ("min_notional", Terms?.MinNotional),
            ("average_daily_volume", Terms?.AverageDailyVolume),
        }.Where(number => number.Value is < Least or > Most)
            .Select(number => new FieldError(
                number.Field, "range", $"{number.Field} is {number.Value}; it can be from {Least} to {Most}.")),
        .. Terms?.Currency is { } currency && !CurrencyCodes.IsValid(currency)
            ? [new FieldError("currency", "form", "currency must be 2 to 16 letters or digits.")]
            : (IEnumerable<FieldError>)[],
    ];
}

/// <summary>One version of what is known of an instrument, with who said so and why.</summary>
/// <param name="Version">From 1 on.</param>
public sealed record InstrumentVersion(
    long Version, DateTimeOffset At, string By, string Reason, string? Company, string? Sector, InstrumentTerms? Terms);

/// <summary>What a source said last of an instrument besides its prices.</summary>
/// <param name="Currency">Null where no source said it.</param>
/// <param name="Terms">Null where no source knew any.</param>
public sealed record SourceTerms(string Source, DateTimeOffset At, string? Currency, InstrumentTerms? Terms)
{
    /// <summary>With what is said now; what is not said any more holds on.</summary>
    /// <returns>What was known before where there is nothing new, null where nothing ever was said.</returns>
    public static SourceTerms? Of(
        SourceTerms? known, string source, DateTimeOffset at, string? currency, InstrumentTerms? terms)
    {
        var said = new SourceTerms(source, at, currency ?? known?.Currency, terms ?? known?.Terms);
        return said.Currency == known?.Currency && said.Terms == known?.Terms ? known : said;
    }
}

/// <summary>What is known of an instrument.</summary>
/// <param name="Sector">In force: as a person said last, else by the files.</param>
/// <param name="Terms">In force: as a person said last, else of the source, else by the files.</param>
/// <param name="Versions">What persons said, newest first; none where nobody did.</param>
public sealed record InstrumentReport(
    string Symbol, string? Company, string? Sector, InstrumentTerms? Terms, ImmutableArray<InstrumentVersion> Versions);

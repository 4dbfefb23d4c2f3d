using System.Collections.Immutable;

namespace Trading.MarketData;

/// <summary>Which bars of which symbol.</summary>
/// <param name="Symbol">The ticker in upper case, as this program writes it; a source translates it into its
/// own.</param>
/// <param name="From">The first interval that is wanted; null for as far back as the source goes in one answer.</param>
/// <param name="To">The end, exclusive; null for the newest.</param>
public sealed record BarRequest(string Symbol, BarInterval Interval, DateTimeOffset? From, DateTimeOffset? To)
{
    /// <summary>The newest bar that counts to whoever asks: an answer that contradicts it wildly is nonsense. Null
    /// where none does.</summary>
    public Bar? Known { get; init; }
}

/// <summary>A place that bars come from. It may be asked for several symbols at once.</summary>
public interface IBarSource
{
    /// <summary>A short stable name, for example <c>binance</c>: the provenance of every bar.</summary>
    string Name { get; }

    /// <summary>Bars with <c>From ≤ time &lt; To</c>, oldest first, each time once, as the source gave them (no rule
    /// of quality is applied here). A bar whose interval has not ended is left out.</summary>
    /// <exception cref="SourceException">The source gave no usable answer.</exception>
    Task<BarAnswer> FetchAsync(BarRequest request, CancellationToken cancellation);
}

/// <summary>What a source says of a symbol.</summary>
/// <param name="Known">False where the source has no such symbol; then everything else is empty.</param>
/// <param name="AsOf">The instant for which the last bar is current, by the source's clock.</param>
/// <param name="Currency">Null where the source does not say.</param>
/// <param name="Terms">Null where the source knows none.</param>
public sealed record BarAnswer(
    bool Known,
    ImmutableArray<Bar> Bars,
    ImmutableArray<CorporateAction> Actions,
    DateTimeOffset? AsOf,
    string? Currency,
    InstrumentTerms? Terms)
{
    public static BarAnswer Unknown { get; } = new(false, [], [], null, null, null);

    /// <summary>Rows that could not be read and are in no bar: each with its place and what is wrong with it; the first
    /// ones where there are many.</summary>
    public ImmutableArray<string> Dropped { get; init; } = [];

    /// <summary>How many rows that were.</summary>
    public int DroppedCount { get; init; }
}

/// <summary>Why a source gave no usable answer.</summary>
public enum SourceFailure
{
    /// <summary>No answer: refused, broken off, or too late.</summary>
    Unreachable,
    /// <summary>Told to come back later (429, 418), or the budget of requests is used up.</summary>
    RateLimited,
    /// <summary>An answer that says the request or the key is wrong (other 4xx).</summary>
    Refused,
    /// <summary>An answer of the server's failure (5xx).</summary>
    ServerError,
    /// <summary>The source is well, but has not what was asked for: nothing so old, nothing so new, or no such
    /// interval.</summary>
    OutOfReach,
    /// <summary>An answer that cannot be what was asked for: no JSON, wrong shape, wrong symbol, unordered,
    /// half.</summary>
    Nonsense,
}

/// <param name="retryAfter">How long the source asked to be left alone.</param>
public sealed class SourceException(
    string source, SourceFailure failure, string message, TimeSpan? retryAfter = null, Exception? inner = null)
    : Exception($"{source}: {message}", inner)
{
    public string SourceName => source;
    public SourceFailure Failure => failure;
    public TimeSpan? RetryAfter => retryAfter;
}

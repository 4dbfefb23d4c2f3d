using System.Collections.Immutable;

namespace Trading.MarketData;

/// <summary>Which bars, and as of when.</summary>
/// <param name="From">The first interval; null for as far back as is kept.</param>
/// <param name="To">The end, exclusive; null for the newest.</param>
/// <param name="AsOf">What was known then; null for now.</param>
/// <param name="Limit">The newest so many; from 1 to <see cref="MaxLimit"/>.</param>
public sealed record BarQuery(
    BarInterval Interval, DateTimeOffset? From, DateTimeOffset? To, DateTimeOffset? AsOf,
    int Limit = BarQuery.DefaultLimit)
{
    public const int DefaultLimit = 1_000, MaxLimit = 10_000;

    /// <summary>What the query asks for that cannot be had.</summary>
    public ImmutableArray<FieldError> BrokenRules() => Limit is >= 1 and <= MaxLimit
        ? []
        : [new("limit", "range", $"limit must be from 1 to {MaxLimit}; it is {Limit}.")];
}

/// <summary>One bar as it was known from one moment on.</summary>
/// <param name="Adjusted">In the units and the money of the newest session; null where a bar counts for nothing or is
/// not daily.</param>
/// <param name="Revision">Grows with every version of any bar of the series.</param>
/// <param name="EventTime">When it happened by the source's clock.</param>
/// <param name="KnownAt">When this program received or changed it.</param>
/// <param name="Rule">What a rule of quality noticed; null for nothing.</param>
/// <param name="Note">The evidence in words, or who released it and why.</param>
public sealed record BarVersion(
    Bar Bar, Bar? Adjusted, long Revision, string Source, DateTimeOffset EventTime, DateTimeOffset KnownAt,
    Verdict Verdict, string? Rule, string? Note);

/// <param name="Bars">Oldest first; the newest version that was known of each.</param>
/// <param name="Actions">Corporate actions known then, by ex-date: what <see cref="BarVersion.Adjusted"/> takes
/// out.</param>
/// <param name="More">True where older ones were left out.</param>
public sealed record BarPage(
    string Symbol, BarInterval Interval, DateTimeOffset? AsOf, ImmutableArray<BarVersion> Bars,
    ImmutableArray<CorporateAction> Actions, bool More);

/// <summary>Bars that were brought.</summary>
/// <param name="Source">Who brought them: the provenance of each.</param>
/// <param name="Bars">At most <see cref="MaxBars"/>, in any order.</param>
public sealed record IngestedBars(string Source, BarInterval Interval, ImmutableArray<Bar> Bars)
{
    public const int MaxBars = 10_000;

    /// <summary>Why they cannot be taken.</summary>
    public ImmutableArray<FieldError> BrokenRules() => Bars.Length <= MaxBars
        ? []
        : [new("bars", "max_count", $"bars must be at most {MaxBars}; they are {Bars.Length}.")];
}

/// <summary>What became of bars that were brought.</summary>
/// <param name="Unchanged">Known already, just so.</param>
/// <param name="Corrected">Known otherwise before; they are among the next three too.</param>
public sealed record IngestReceipt(int Unchanged, int Corrected, int Accepted, int Quarantined, int Rejected)
{
    public static IngestReceipt None { get; } = new(0, 0, 0, 0, 0);

    public static IngestReceipt operator +(IngestReceipt left, IngestReceipt right) => new(
        left.Unchanged + right.Unchanged, left.Corrected + right.Corrected, left.Accepted + right.Accepted,
        left.Quarantined + right.Quarantined, left.Rejected + right.Rejected);
}

/// <summary>A bar that waits for a person, or for what confirms it.</summary>
public sealed record QuarantinedBar(string Symbol, BarInterval Interval, BarVersion Version);

/// <param name="Time">Of the bar.</param>
/// <param name="By">Who takes it as true.</param>
public sealed record BarRelease(BarInterval Interval, DateTimeOffset Time, string By, string Reason);

/// <summary>A price of a session that turned out to be another than the one that counted before.</summary>
/// <param name="Before">The close that counted; null where none did.</param>
/// <param name="After">The close that counts now; null where none does.</param>
/// <param name="WrongSince">From when on the earlier close counted.</param>
/// <param name="At">When it was put right.</param>
public sealed record PriceCorrection(
    string Symbol, DateOnly Session, decimal? Before, decimal? After, DateTimeOffset WrongSince, DateTimeOffset At);

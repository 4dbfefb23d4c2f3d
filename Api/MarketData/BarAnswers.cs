using System.Collections.Immutable;
using Trading.MarketData;

namespace Trading.Api;

/// <summary>The prices of a bar beside those of another form.</summary>
internal sealed record BarPrices(decimal Open, decimal High, decimal Low, decimal Close, decimal? Volume)
{
    public static BarPrices? Of(Bar? bar) => bar is { } known ? new(known.Open, known.High, known.Low, known.Close, known.Volume) : null;
}

/// <summary>One bar of a series, flat.</summary>
/// <param name="Time">The start of its interval.</param>
/// <param name="Volume">Null where the source knows none.</param>
/// <param name="Adjusted">Splits and dividends taken out; null where the bar counts for nothing, is not daily, or is adjusted itself.</param>
/// <param name="Revision">Grows with every version of any bar of the series.</param>
/// <param name="EventTime">When it happened by the source's clock.</param>
/// <param name="KnownAt">When this program received or changed it.</param>
internal sealed record BarAnswer(
    DateTimeOffset Time, decimal Open, decimal High, decimal Low, decimal Close, decimal? Volume, BarPrices? Adjusted,
    Verdict Verdict, string? Rule, string? Note, string Source, DateTimeOffset EventTime, DateTimeOffset KnownAt, long Revision)
{
    /// <summary>As the source gave it, and adjusted beside it.</summary>
    public static BarAnswer Raw(BarVersion version) => Of(version, version.Bar, BarPrices.Of(version.Adjusted));

    /// <summary>The adjusted bar in its place.</summary>
    public static BarAnswer Adjusting(BarVersion version) => Of(version, version.Adjusted!.Value, null);

    static BarAnswer Of(BarVersion version, Bar bar, BarPrices? adjusted) => new(
        bar.Time, bar.Open, bar.High, bar.Low, bar.Close, bar.Volume, adjusted,
        version.Verdict, version.Rule, version.Note, version.Source, version.EventTime, version.KnownAt, version.Revision);
}

/// <param name="AsOf">The instant as of which it is known; null for now.</param>
/// <param name="Adjusted">Whether the bars are the adjusted ones.</param>
/// <param name="Bars">Oldest first; of each the newest version that was known.</param>
/// <param name="Actions">The corporate actions known then, by ex-date.</param>
/// <param name="More">Whether older ones were left out.</param>
internal sealed record BarsAnswer(
    string Symbol, BarInterval Interval, DateTimeOffset? AsOf, bool Adjusted, ImmutableArray<BarAnswer> Bars, ImmutableArray<CorporateAction> Actions, bool More)
{
    public static BarsAnswer Of(BarPage page, bool adjusted) => new(
        page.Symbol, page.Interval, page.AsOf, adjusted,
        adjusted ? [.. page.Bars.Where(version => version.Adjusted is not null).Select(BarAnswer.Adjusting)] : [.. page.Bars.Select(BarAnswer.Raw)],
        page.Actions, page.More);
}

/// <summary>A bar that waits for a person.</summary>
internal sealed record HeldAnswer(string Symbol, BarInterval Interval, BarAnswer Bar)
{
    public static HeldAnswer Of(QuarantinedBar held) => new(held.Symbol, held.Interval, BarAnswer.Raw(held.Version));
}

using System.Globalization;
using System.Text.Json;

namespace Trading.MarketData;

/// <summary>One rule in words.</summary>
/// <param name="Verdict">The verdict that it asks for, where nothing confirms the bar.</param>
/// <param name="Confirmed">What turns a quarantine into an acceptance; empty where nothing does, or nothing has
/// to.</param>
/// <param name="Unit">What observed and limit count; empty where the rule counts nothing.</param>
public sealed record BarRuleEntry(BarRule Rule, Verdict Verdict, string Meaning, string Confirmed, string Unit)
{
    /// <summary>The stable name, snake_case.</summary>
    public string Code { get; } = JsonNamingPolicy.SnakeCaseLower.ConvertName(Rule.ToString());
}

/// <summary>The one table of the rules, in the order of <see cref="BarRule"/>.</summary>
public static class BarRuleCatalog
{
    const string Moves = "volume, a second source, or the bars that follow";

    public static IReadOnlyList<BarRuleEntry> All { get; } =
    [
        new(BarRule.NonPositivePrice, Verdict.Reject, "A price is zero or less.", "", "price"),
        new(BarRule.ImpossibleBar, Verdict.Reject,
            "The low is above the open or the close, or the high below one of them.", "", "price"),
        new(BarRule.NegativeVolume, Verdict.Reject, "The volume is below zero.", "", "units"),
        new(BarRule.AbsurdValue, Verdict.Reject, "A price or a volume is beyond what any market has.", "",
            "price or units"),
        new(BarRule.Future, Verdict.Reject, "The bar starts after the moment at which it was received.", "", "seconds"),
        new(BarRule.Unordered, Verdict.Reject, "The bar starts before the one that came last.", "", "seconds"),
        new(BarRule.Duplicate, Verdict.Reject, "The bar starts when the one that came last does.", "", ""),
        new(BarRule.PreSplitPrice, Verdict.Quarantine,
            "On the first day after a split a price is still at the level before it.", "",
            "log distance from the old level"),
        new(BarRule.UnexplainedSplit, Verdict.Quarantine,
            "The close moved by about the ratio of a split, no corporate action says why, and neither does the money that traded; so do the bars that follow at that level.",
            "money far above the usual, a bar that went the way itself, units that do not stay at the ratio in the bars that follow, a second source, the corporate action, a person", "ratio"),
        new(BarRule.SymbolReuse, Verdict.Quarantine,
            "After a long gap the price is at another level, and no listing says whether it is the same security; so do the bars that follow.",
            "a second source, the listing, a person", "log return"),
        new(BarRule.SourceDisagrees, Verdict.Quarantine,
            "The close is further from that of the second source than usual.", "", "log difference"),
        new(BarRule.Wick, Verdict.Quarantine, "The low, the high or the open is far away from the rest of the bar.",
            "volume up to half the price, or a second source that was there too", "fraction of the body"),
        new(BarRule.Jump, Verdict.Quarantine,
            "The close moved by more than the limit of its class and interval, corporate actions taken off.", Moves,
            "log return"),
        new(BarRule.OffGrid, Verdict.Quarantine, "The bar does not start at a multiple of its interval.", "",
            "seconds"),
        new(BarRule.OffSession, Verdict.Quarantine, "The market does not trade on that day.", "", ""),
        new(BarRule.IncompleteInterval, Verdict.Quarantine, "The bar covers only a part of its interval.", "",
            "fraction"),
        new(BarRule.ZeroVolume, Verdict.Quarantine,
            "Prices moved and nothing traded; accepted where they stood still.", "", "fraction of the price"),
        new(BarRule.StaleRun, Verdict.Quarantine,
            "The whole bar with its volume repeats; accepted where only the prices do.", "", "bars"),
        new(BarRule.FillForward, Verdict.Quarantine, "All series of a source repeat their bar of the day before.", "",
            "series"),
        new(BarRule.CrossedQuote, Verdict.Quarantine, "The bid is above the ask at the close of the bar.", "", "price"),
        new(BarRule.StubQuote, Verdict.Quarantine, "The bid or the ask opens or closes far away from the other side.",
            "", "ratio"),
        new(BarRule.QuoteWick, Verdict.Quarantine,
            "The lowest bid or the highest ask is far away from the rest of the bar.", "", "fraction of the body"),
        new(BarRule.LockedQuote, Verdict.Accept, "Bid and ask are equal at the close of the bar.", "", ""),
        new(BarRule.WickOutlier, Verdict.Quarantine,
            "The wick is far outside of the usual by both robust scores, and below the limit of a wick; held where it is long and the volume is the usual one or less.",
            "more than the usual volume, no volume that is known, or a second source that was there too", "robust score"),
        new(BarRule.ReturnOutlier, Verdict.Quarantine,
            "The return is far outside of the usual by both robust scores, and below the limit of a jump; accepted where no volume is known to speak against it.",
            Moves, "robust score"),
        new(BarRule.SplitExplained, Verdict.Accept, "The close moved by the ratio of the split of that day.", "",
            "log return"),
        new(BarRule.DividendExplained, Verdict.Accept, "The close moved by the dividend of that day.", "",
            "log return"),
        new(BarRule.SymbolChange, Verdict.Accept,
            "The symbol names another security, or the same again after a pause, from here on; statistics start anew.",
            "", "log return"),
        new(BarRule.DayCutOff, Verdict.Accept, "The series ends before the bars that the calendar expects do.", "",
            "bars"),
        new(BarRule.Gap, Verdict.Accept, "Bars that the calendar expects are missing before this one.", "", "bars"),
        new(BarRule.QuietMinutes, Verdict.Accept,
            "No bars for a while outside of the regular session, where none need be.", "", "bars"),
        new(BarRule.OneTrade, Verdict.Accept, "A whole day with one price.", "", ""),
        new(BarRule.ThinVolume, Verdict.Accept, "Less was traded in a day than a small order is worth.", "", "money"),
    ];

    public static BarRuleEntry Of(BarRule rule) => All[(int)rule];

    /// <summary>The table for docs/data-quality.md.</summary>
    public static string Table() => string.Join('\n',
    [
        "| code | verdict | when | accepted all the same by | observed in |",
        "| --- | --- | --- | --- | --- |",
        .. All.Select(
            entry =>
                $"| `{entry.Code}` | {entry.Verdict.ToString().ToLowerInvariant()} | {entry.Meaning} | {entry.Confirmed} | {entry.Unit} |"),
    ]);

    /// <summary>A finding in words: built when somebody reads it.</summary>
    public static string Describe(BarRule rule, double observed, double limit, Confirmation confirmed)
    {
        var entry = Of(rule);
        var numbers = (double.IsFinite(observed), double.IsFinite(limit)) switch
        {
            (true, true) => string.Create(
                CultureInfo.InvariantCulture, $" Observed {observed:G6}, limit {limit:G6} ({entry.Unit})."),
            (true, false) => string.Create(CultureInfo.InvariantCulture, $" Observed {observed:G6} ({entry.Unit})."),
            _ => "",
        };
        return entry.Meaning + numbers + confirmed switch
        {
            Confirmation.Volume => " Confirmed by its volume.",
            Confirmation.SecondSource => " Confirmed by a second source.",
            Confirmation.FollowingBars => " Confirmed by the bars that followed.",
            Confirmation.Return => " The bar before is in quarantine; this one is back at the level before that.",
            _ => "",
        };
    }
}

using System.Collections.Immutable;
using System.Globalization;
using System.IO.Enumeration;
using System.Text.RegularExpressions;

namespace Trading.MarketData;

/// <summary>One oddity that the list of a data set says is there: a date, or a whole file where it has none.</summary>
/// <param name="File">The file's name, or a pattern with <c>*</c>.</param>
/// <param name="Rules">The rules any of which is the right one to find it; empty where the kind is not known here, so
/// that nobody can say which that is.</param>
/// <param name="IsTrueMove">The market did move: it must never be rejected.</param>
sealed partial record ListedOddity(
    string File, string Kind, DateTime? Date, ImmutableArray<BarRule> Rules, bool IsTrueMove)
{
    /// <summary>Both lists of a data set, a row with several dates as several oddities.</summary>
    public static ImmutableArray<ListedOddity> Read(string folder) =>
    [
        .. List(folder, "oddities.csv") is { } daily ? EvaluationFile.Rows(daily).SelectMany(row =>
            Of($"daily/{row.Text("symbol")}.csv", row.Text("date") ?? "", row.Text("kind") ?? "", "")) : [],
        .. List(folder, "oddities_intraday_crypto.csv") is { } others
            ? System.IO.File.ReadLines(others).Skip(1).SelectMany(Loose) : [],
    ];

    /// <summary>Whether anybody can say that a rule found it, or that none did.</summary>
    public bool IsKnown => !Rules.IsEmpty;

    static string? List(string folder, string name) =>
        Path.Combine(folder, "quality", name) is var path && System.IO.File.Exists(path) ? path : null;

    public bool IsIn(string file) => FileSystemName.MatchesSimpleExpression(File, file);

    /// <summary>Whether a sighting is of this oddity, by the right rule. A gap lies before its bar.</summary>
    public bool IsSeenBy(Sighting sighting) => (!IsKnown || Rules.Any(sighting.Verdict.Rules.Contains)) && (Date is not { } date
        || (Rules.Contains(BarRule.Gap)
            ? sighting.Before.Date < date && date <= sighting.Date.Date : sighting.Date.Date == date));

    /// <summary>The second list has rows that leave a cell out, so its cells are told apart by quotes and commas, from
    /// the left.</summary>
    static IEnumerable<ListedOddity> Loose(string line)
    {
        var cells = Cell().Matches(line).Select(match => match.Value.Trim('"')).ToArray();
        return cells is [var file, var when, var kind, .. var rest] ? Of(file, when, kind, string.Concat(rest)) : [];
    }

    static IEnumerable<ListedOddity> Of(string file, string when, string kind, string detail)
    {
        var rules = RulesOf(file, kind);
        var isTrue = IsTrue(file, when, kind);
        if (detail.Contains("volumes of", StringComparison.Ordinal))
            yield return new(file, "thin volume", null, [BarRule.ThinVolume], false);
        if (kind == "incomplete hours")
        {
            yield return new(file, kind + ", first", null, rules, false);
            yield return new(file, kind + ", last", null, rules, false);
            yield break;
        }

        var dates = kind == "missing days" && Dates(detail).Any() ? Dates(detail)
            : Dates(when).Concat(kind == "bad low" ? Dates(detail) : []);
        foreach (var date in dates.Select(date => (DateTime?)date).DefaultIfEmpty())
            yield return new(file, kind, date, rules, isTrue);
    }

    /// <summary>Closes that moved were moves of the market, or of corporate actions; of the wicks, those that the list
    /// calls true, the crash of 6 May 2010, and those of the bank's crisis.</summary>
    static bool IsTrue(string file, string when, string kind) =>
        kind.Contains("log return", StringComparison.Ordinal) || kind.Contains("(true)", StringComparison.Ordinal)
            || kind.Contains("split between", StringComparison.Ordinal)
        || (kind.StartsWith("wick", StringComparison.Ordinal)
            && (when == "2010-05-06" || (file == "daily/bac.csv" && when.StartsWith("2009", StringComparison.Ordinal))
                || (file == "daily/wmi.csv" && when == "1999-07-07")));

    static ImmutableArray<BarRule> RulesOf(string file, string kind) => kind switch
    {
        "missing sessions" or "missing days" => [BarRule.Gap],
        _ when kind.StartsWith("gap over", StringComparison.Ordinal) => [BarRule.Gap],
        "raw log return over 40%" =>
            [BarRule.SplitExplained, BarRule.DividendExplained, BarRule.Jump, BarRule.SymbolChange],
        "adjusted log return over 25%" => [BarRule.Jump, BarRule.SymbolChange],
        "bad low" when file.Contains("_quote_", StringComparison.Ordinal) => [BarRule.QuoteWick],
        "wick over 15%" or "wick (true)" or "bad low" => [BarRule.Wick],
        "pre-split price on the ex-split day" => [BarRule.PreSplitPrice],
        "stub quote" => [BarRule.StubQuote],
        "7:1 split between two files" => [BarRule.SplitExplained],
        "bars missing outside regular hours" => [BarRule.QuietMinutes],
        "one-trade days" => [BarRule.OneTrade],
        "locked" => [BarRule.LockedQuote],
        "day cut off" => [BarRule.DayCutOff],
        "incomplete hours" => [BarRule.IncompleteInterval],
        "stale prices" => [BarRule.FillForward],
        _ => [],
    };

    /// <summary>Dates as the list writes them: 2014-12-05, -07, -13..17, 2014-12-19..2015-01-07; of 2014-06-06/09 the
    /// second.</summary>
    static IEnumerable<DateTime> Dates(string text)
    {
        var last = default(DateTime);
        foreach (Match match in DateOrSpan().Matches(text))
        {
            var start = Parse(match.Groups["from"].Value, last);
            last = match.Groups["to"] is { Success: true } to ? Parse(to.Value, start) : start;
            for (var date = match.Groups["later"].Success ? last : start; date <= last; date = date.AddDays(1))
                yield return date;
        }
    }

    static DateTime Parse(string text, DateTime near) => text.Length == 10
        ? DateTime.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture)
        : new(near.Year, near.Month, int.Parse(text.TrimStart('-'), CultureInfo.InvariantCulture));

    [GeneratedRegex(
        @"(?<from>\d{4}-\d\d-\d\d|(?<=, )-\d\d)(T\d\d:\d\d(:\d\d)?)?((\.\.|(?<later>/))(?<to>\d{4}-\d\d-\d\d|\d\d))?")]
    private static partial Regex DateOrSpan();

    [GeneratedRegex("(?<=^|,)(\"[^\"]*\"|[^,\"]*)")]
    private static partial Regex Cell();
}

using System.Collections.Immutable;
using System.Globalization;

namespace Trading.MarketData;

/// <summary>What the rules find in one file beside what the list of its oddities says.</summary>
/// <param name="Missed">Listed oddities that no right rule found, in words.</param>
/// <param name="TrueMoves">Listed true moves, and how many of them were taken at once, held and then released, held,
/// and rejected.</param>
/// <param name="Unlisted">Findings on bars that the list does not name, in words, gravest first.</param>
/// <param name="UnlistedRules">How many of them each rule leads, by verdict.</param>
public sealed record FileEvaluation(
    string File, int Rows, int Listed, int Found, ImmutableArray<string> Missed,
    int TrueMoves, int TrueAccepted, int TrueReleased, int TrueHeld, int TrueRejected,
    int UnlistedNotes, int UnlistedHeld, int UnlistedRejected, ImmutableArray<string> Unlisted,
    ImmutableArray<RuleCount> UnlistedRules)
{
    /// <summary>Listed oddities of kinds that are not known here, in words: nobody can say which rule ought to find
    /// them, so they count neither as found nor as missed.</summary>
    public ImmutableArray<string> NotJudged { get; init; } = [];

    /// <summary>Why the file was not evaluated; null where it was.</summary>
    public string? Skipped { get; init; }
}

/// <summary>Measures the rules on a data set whose oddities are listed.</summary>
public static class DataSetEvaluation
{
    /// <param name="folder">The folder <c>data</c> of the reference data: daily, factors, intraday, crypto, fx, multi,
    /// quality.</param>
    /// <exception cref="IOException">A file of it cannot be read.</exception>
    public static ImmutableArray<FileEvaluation> Run(string folder)
    {
        var listed = ListedOddity.Read(folder);
        var files = DataSetRun.Over(folder);
        var absent = listed.Where(oddity => !files.Any(file => oddity.IsIn(file.File))).GroupBy(oddity => oddity.File);
        return
        [
            .. files.Select(file => Compare(file, [.. listed.Where(oddity => oddity.IsIn(file.File))])),
            .. absent.Select(group => new FileEvaluation(group.Key, 0, 0, 0, [], 0, 0, 0, 0, 0, 0, 0, 0, [], [])),
        ];
    }

    /// <summary>The table for docs/data-quality.md.</summary>
    public static string Table(ImmutableArray<FileEvaluation> files) => string.Join('\n',
    [
        "| file | bars | listed | found | missed | true moves: accepted, released, held, rejected | unlisted: noted, held, rejected |",
        "| --- | ---: | ---: | ---: | ---: | --- | --- |",
        .. files.Select(file => file.Skipped is { } why ? $"| {file.File} | not evaluated: {why} | | | | | |"
            : file.Rows == 0
            ? $"| {file.File} | the list names it, the data do not have it | | | | | |"
            : Line(file.File, file)),
        Line("**all**", Sum(files)),
    ]);

    /// <summary>The table of findings that the list does not name, by rule.</summary>
    public static string Unlisted(ImmutableArray<FileEvaluation> files) => string.Join('\n',
    [
        "| rule | verdict | findings | in files |",
        "| --- | --- | ---: | --- |",
        .. Sum(files).UnlistedRules.Select(count =>
            $"| `{BarRuleCatalog.Of(count.Rule).Code}` | {count.Verdict.ToString().ToLowerInvariant()} | {count.Count} | {string.Join(", ", files.Where(file => file.UnlistedRules.Any(one => one.Rule == count.Rule && one.Verdict == count.Verdict)).Select(file => Path.GetFileNameWithoutExtension(file.File)))} |"),
    ]);

    static string Line(string name, FileEvaluation file) => string.Create(CultureInfo.InvariantCulture,
        $"| {name} | {file.Rows:N0} | {file.Listed} | {file.Found} | {file.Listed - file.Found} | {(file.TrueMoves == 0 ? "" : $"{file.TrueMoves}: {file.TrueAccepted}, {file.TrueReleased}, {file.TrueHeld}, {file.TrueRejected}")} | {file.UnlistedNotes}, {file.UnlistedHeld}, {file.UnlistedRejected} |");

    public static FileEvaluation Sum(ImmutableArray<FileEvaluation> files) => new(
        "all", files.Sum(file => file.Rows), files.Sum(file => file.Listed), files.Sum(file => file.Found),
        [.. files.SelectMany(file => file.Missed)],
        files.Sum(file => file.TrueMoves), files.Sum(file => file.TrueAccepted), files.Sum(file => file.TrueReleased),
        files.Sum(file => file.TrueHeld), files.Sum(file => file.TrueRejected),
        files.Sum(file => file.UnlistedNotes), files.Sum(file => file.UnlistedHeld),
        files.Sum(file => file.UnlistedRejected),
        [.. files.SelectMany(file => file.Unlisted)],
        [.. files.SelectMany(file => file.UnlistedRules).GroupBy(count => (count.Rule, count.Verdict))
            .OrderBy(group => group.Key.Rule).ThenBy(group => group.Key.Verdict)
            .Select(group => new RuleCount(group.Key.Rule, group.Key.Verdict, group.Sum(count => count.Count)))])
    {
        NotJudged = [.. files.SelectMany(file => file.NotJudged)],
    };

    static FileEvaluation Compare(FileSightings file, ImmutableArray<ListedOddity> all)
    {
        var seen = all.Select(
            oddity =>
                (Oddity: oddity, Seen: file.Sightings.Where(sighting => Matches(oddity, sighting, file)).ToArray()))
                    .ToArray();
        var known = seen.SelectMany(one => one.Seen).ToHashSet();
        var found = seen.Where(one => one.Oddity.IsKnown).ToArray();
        Sighting[] unlisted =
            [.. file.Sightings.Where(sighting => !known.Contains(sighting) && !IsConsequence(sighting))];
        Sighting?[] moves = [.. found.Where(one => one.Oddity.IsTrueMove).Select(one => one.Seen.FirstOrDefault())];
        return new(
            file.File, file.Rows, found.Length, found.Count(one => one.Seen.Length > 0),
            [.. found.Where(one => one.Seen.Length == 0)
                .Select(one => Words(file, one.Oddity))],
            moves.Length, moves.Count(move => move is { Verdict.Verdict: Verdict.Accept }),
            moves.Count(move => move is { Released: true }),
            moves.Count(move => move is { Verdict.Verdict: Verdict.Quarantine, Released: false }),
            moves.Count(move => move is { Verdict.Verdict: Verdict.Reject }),
            Count(unlisted, Verdict.Accept), Count(unlisted, Verdict.Quarantine), Count(unlisted, Verdict.Reject),
            [.. unlisted.OrderByDescending(sighting => sighting.Verdict.Verdict).Select(Words)],
            [.. unlisted.GroupBy(sighting => (sighting.Verdict.Rule, sighting.Verdict.Verdict))
                .Select(group => new RuleCount(group.Key.Rule, group.Key.Verdict, group.Count()))])
        {
            NotJudged = [.. all.Where(oddity => !oddity.IsKnown).Select(oddity => Words(file, oddity))],
            Skipped = file.Skipped,
        };
    }

    static string Words(FileSightings file, ListedOddity oddity) => string.Create(
        CultureInfo.InvariantCulture, $"{file.File} {oddity.Date:yyyy-MM-dd}: {oddity.Kind}");

    static bool Matches(ListedOddity oddity, Sighting sighting, FileSightings file) =>
        oddity.IsSeenBy(sighting) && oddity.Kind switch
    {
        "incomplete hours, first" => sighting.Date == file.First,
        "incomplete hours, last" => sighting.Date == file.Last,
        _ => true,
    };

    /// <summary>A note on a bar that says no more than that an earlier one was odd.</summary>
    static bool IsConsequence(Sighting sighting) =>
        sighting.Verdict is { Verdict: Verdict.Accept, Confirmed: Confirmation.FollowingBars or Confirmation.Return };

    static int Count(Sighting[] sightings, Verdict verdict) =>
        sightings.Count(sighting => sighting.Verdict.Verdict == verdict);

    static string Words(Sighting sighting) => string.Create(CultureInfo.InvariantCulture,
        $"{sighting.File} {sighting.Date:yyyy-MM-dd HH:mm} {ApiWords.Of(sighting.Verdict.Verdict)}{(sighting.Released ? ", released" : "")}: {string.Join(", ", sighting.Verdict.Rules.All().Select(rule => BarRuleCatalog.Of(rule).Code))}. {sighting.Verdict.Evidence}");
}

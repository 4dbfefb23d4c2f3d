using System.Globalization;

namespace Trading.MarketData.Tests;

/// <summary>What the rules make of one case.</summary>
/// <param name="AtOnce">The bar of the event was accepted when it came.</param>
/// <param name="ReleasedAfter">Bars after which it was released; null where it was held to the end, or never held.</param>
readonly record struct SplitOutcome(bool AtOnce, int? ReleasedAfter)
{
    public bool Counts(int within) => AtOnce || ReleasedAfter <= within;
}

/// <summary>The rules on cases of known truth.</summary>
static class SplitStudy
{
    /// <summary>A true move that does not count by then is an error.</summary>
    public const int Patience = 20;

    /// <summary>2,000 splits, 2,000 moves and 2,000 calm moves; the even ones are for fitting, the odd ones for
    /// measuring.</summary>
    static readonly Lazy<SplitCase[]> LazyCases = new(() =>
    {
        var cases = new SplitCases(20_261_128);
        return
        [
            .. Enumerable.Range(0, 4_000).Select(index => cases.Next(isSplit: index / 2 % 2 == 0)),
            .. Enumerable.Range(0, 2_000).Select(_ => cases.Next(isSplit: false, calm: true)),
        ];
    });

    public static IEnumerable<SplitCase> Half(bool measuring) => LazyCases.Value.Where((_, index) => index % 2 == (measuring ? 1 : 0));

    public static List<(SplitCase Case, SplitOutcome Outcome)> Run(BarLimits limits, bool measuring) =>
        [.. Half(measuring).AsParallel().AsOrdered().Select(one => (one, Judge(one, limits)))];

    /// <summary>Both error rates: splits that are taken for moves, moves that do not count in time.</summary>
    public static (double Splits, double Moves) Errors(List<(SplitCase Case, SplitOutcome Outcome)> outcomes) => (
        Share(outcomes, one => one.IsSplit, outcome => outcome.Counts(SplitCases.AfterCount)),
        Share(outcomes, one => !one.IsSplit && !one.Calm, outcome => !outcome.Counts(Patience)));

    public static string Table(List<(SplitCase Case, SplitOutcome Outcome)> outcomes)
    {
        var rows = new List<string>
        {
            $"| truth | cases | taken as a move at once | within {Patience} bars | within {SplitCases.AfterCount} bars | error |",
            "| --- | ---: | ---: | ---: | ---: | ---: |",
        };
        Add("split, 4:3 and 3:2", one => one.IsSplit && one.Size > -0.5 && one.Size < 0, true);
        Add("split, 2:1 and 5:2", one => one.IsSplit && one.Size is <= -0.5 and > -1, true);
        Add("split, 3:1 and more", one => one.IsSplit && one.Size <= -1, true);
        Add("reverse split", one => one.IsSplit && one.Size > 0, true);
        Add("**all splits**", one => one.IsSplit, true);
        Add("fall near the ratio of a split", one => !one.IsSplit && !one.Calm && one.NearRatio && one.Size < 0, false);
        Add("other fall", one => !one.IsSplit && !one.NearRatio && one.Size < 0, false);
        Add("rise near the ratio of a split", one => !one.IsSplit && !one.Calm && one.NearRatio && one.Size > 0, false);
        Add("other rise", one => !one.IsSplit && !one.NearRatio && one.Size > 0, false);
        Add("**all moves**", one => !one.IsSplit && !one.Calm, false);
        Add("calm fall by about 4:3 or 3:2", one => one.Calm && one.Size is > -0.5 and < 0, false);
        Add("calm fall by about 2:1 or 3:1", one => one.Calm && one.Size <= -0.5, false);
        Add("calm rise", one => one.Calm && one.Size > 0, false);
        return string.Join('\n', rows);

        void Add(string name, Func<SplitCase, bool> which, bool isSplit)
        {
            var (atOnce, soon, end) = (
                Share(outcomes, which, outcome => outcome.AtOnce), Share(outcomes, which, outcome => outcome.Counts(Patience)),
                Share(outcomes, which, outcome => outcome.Counts(SplitCases.AfterCount)));
            rows.Add(string.Create(CultureInfo.InvariantCulture,
                $"| {name} | {outcomes.Count(one => which(one.Case)):N0} | {100 * atOnce:F1} % | {100 * soon:F1} % | {100 * end:F1} % | {100 * (isSplit ? end : 1 - soon):F1} % |"));
        }
    }

    static double Share(
        List<(SplitCase Case, SplitOutcome Outcome)> outcomes, Func<SplitCase, bool> which, Func<SplitOutcome, bool> holds)
    {
        var chosen = outcomes.Where(one => which(one.Case)).ToArray();
        return chosen.Count(one => holds(one.Outcome)) / (double)chosen.Length;
    }

    static SplitOutcome Judge(SplitCase one, BarLimits limits)
    {
        var profile = new SeriesProfile(AssetClass.Equity, BarInterval.OneDay) 
        {
            Limits = limits, Calendar = TradingCalendars.Of(AssetClass.Crypto), // every day is a session
        };
        var (validator, confirmations) = (new BarValidator(profile), new Confirmations());
        foreach (var bar in one.Before) confirmations.Take(bar, validator.Check(bar));
        for (var after = 0; after < one.After.Length; after++)
        {
            var verdict = validator.Check(one.After[after]);
            var released = confirmations.Take(one.After[after], verdict);
            if (after == 0 && verdict.Verdict == Verdict.Accept) return new(true, null);
            if (released.Contains(one.After[0])) return new(false, after);
        }

        return new(false, null);
    }
}

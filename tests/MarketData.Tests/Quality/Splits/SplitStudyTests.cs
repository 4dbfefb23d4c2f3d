using Trading.Testing;

namespace Trading.MarketData.Tests;

/// <summary>The limits that tell a split from a true move: fitted on one half of cases of known truth, measured on the other.</summary>
public sealed class SplitStudyTests
{
    static readonly BarLimits Limits = BarLimits.Of(AssetClass.Equity, BarInterval.OneDay);

    static double Cost(BarLimits limits)
    {
        var (splits, moves) = SplitStudy.Errors(SplitStudy.Run(limits, measuring: false));
        return splits + moves;
    }

    [Fact]
    public void OnTheHalfThatNobodyFittedOn_BothErrorRates_AreThoseOfThePage()
    {
        var outcomes = SplitStudy.Run(Limits, measuring: true);
        outcomes.Count(one => one.Case.IsSplit).ShouldBe(1_000);
        outcomes.Count(one => !one.Case.IsSplit && !one.Case.Calm).ShouldBe(1_000);

        var (splits, moves) = SplitStudy.Errors(outcomes);
        (splits, moves).ShouldSatisfyAllConditions(() => splits.ShouldBeLessThan(0.07), () => moves.ShouldBeLessThan(0.05));

        var path = Path.Combine(RepositoryFiles.Root, "docs", "data-quality.md");
        var page = File.ReadAllText(path);
        var right = GeneratedPart.Replace(page, "splits", SplitStudy.Table(outcomes));
        if (right != page) File.WriteAllText(path, right);
        right.ShouldBe(page, "The part 'splits' of docs/data-quality.md was not what the code gives; it was made so, and waits to be read and committed.");
    }

    [Fact]
    public void OnTheOtherHalf_NoLimitNearby_IsMuchBetter()
    {
        var cost = Cost(Limits);
        BarLimits[] others =
        [
            Limits with { SplitTolerance = 0.05 }, Limits with { SplitTolerance = 0.11 },
            Limits with { SplitMoney = 2.2 }, Limits with { SplitMoney = 4 },
            Limits with { SplitProof = 1.3 }, Limits with { SplitProof = 2.1 },
            Limits with { SplitTravel = 0.4 }, Limits with { SplitTravel = 0.8 },
            Limits with { SplitFollowers = 1 }, Limits with { SplitFollowers = 6 },
            Limits with { SplitSpans = 1.4 }, Limits with { SplitSpans = 3 },
            Limits with { SplitUnits = 3 }, Limits with { SplitUnits = 8 },
            Limits with { QuietSplitUnits = 5 }, Limits with { QuietSplitUnits = double.PositiveInfinity },
        ];

        foreach (var other in others) (cost - Cost(other)).ShouldBeLessThan(0.01, other.ToString());
    }
}

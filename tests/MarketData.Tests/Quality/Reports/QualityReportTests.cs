using Microsoft.Extensions.Configuration;

namespace Trading.MarketData.Tests;

public sealed class QualityReportTests
{
    static readonly TimeSpan MaxAge = TimeSpan.FromDays(2);
    static readonly DateTimeOffset Now = SeriesOfBars.Start.AddDays(100);

    [Fact]
    public void GoodSeries_IsNormal_AndWhatNobodyKnowsIsNull()
    {
        var report = Report(SeriesOfBars.Warm(), Now);
        report.Mode.ShouldBe(SymbolMode.Normal);
        report.Reasons.ShouldBeEmpty();
        report.Scores.ShouldBe(new(1, 1, null, 1));
        (report.Accepted, report.First, report.Last).ShouldBe((100, SeriesOfBars.Start, SeriesOfBars.Start.AddDays(99)));
    }

    [Fact]
    public void NoBarAtAll_KnowsNoScore_AndBlocks()
    {
        var report = Report(new(new(AssetClass.Crypto, BarInterval.OneDay)), null);
        report.Scores.ShouldBe(new(null, null, null, null));
        (report.Mode, report.Reasons.Single()).ShouldBe((SymbolMode.Blocked, "no price is known"));
    }

    [Fact]
    public void MissingBars_LowerCompleteness_AndOldOnes_Freshness()
    {
        var validator = SeriesOfBars.Warm();
        validator.Check(SeriesOfBars.Calm(119));
        var report = Report(validator, Now.AddDays(-3));
        report.Scores.Completeness.ShouldBe(101d / 120);
        report.Scores.Freshness.ShouldBe(0.5);
        report.Mode.ShouldBe(SymbolMode.ReduceOnly);
        report.Reasons.ShouldBe(["completeness 0.8417 is below 0.95", "freshness 0.5 is below 1"]);
        report.Rules.ShouldBe([new(BarRule.Gap, Verdict.Accept, 1)]);
        report.Latest.Single().Evidence.ShouldBe("Bars that the calendar expects are missing before this one. Observed 19, limit 0 (bars).");
    }

    [Fact]
    public void WorseModesHoldAtOnce_BetterOnes_OnlyAfterSeveralGoodReports()
    {
        var gate = new ModeHysteresis(new() { RecoverAfter = 3 });
        SymbolMode[] asked = [SymbolMode.Normal, SymbolMode.Blocked, SymbolMode.Normal, SymbolMode.ReduceOnly, SymbolMode.Blocked, SymbolMode.Normal, SymbolMode.Normal, SymbolMode.Normal];
        asked.Select(gate.Take).ShouldBe(
            [SymbolMode.Normal, SymbolMode.Blocked, SymbolMode.Blocked, SymbolMode.Blocked, SymbolMode.Blocked, SymbolMode.Blocked, SymbolMode.Blocked, SymbolMode.Normal]);
    }

    /// <summary>Of several better reports the worst counts.</summary>
    [Fact]
    public void BetterMode_IsTheWorstOfTheReportsThatAllowedIt()
    {
        var gate = new ModeHysteresis(new() { RecoverAfter = 2 });
        SymbolMode[] asked = [SymbolMode.Blocked, SymbolMode.ReduceOnly, SymbolMode.Normal];
        asked.Select(gate.Take).ToArray()[^1].ShouldBe(SymbolMode.ReduceOnly);
    }

    [Fact]
    public void BarInQuarantine_AsTheNewest_LetsOnlyReductionsTrade()
    {
        var validator = SeriesOfBars.Warm();
        validator.Check(SeriesOfBars.Calm(100, 170));
        Report(validator, Now).Reasons.ShouldContain("the newest bar was not accepted");
    }

    [Fact]
    public void Options_SayEveryBrokenRuleAtOnce()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["market_data:quality:block_below_accuracy"] = "0.99",
            ["market_data:quality:reduce_below_completeness"] = "1.5",
            ["market_data:quality:recover_after"] = "0",
        }).Build();
        var options = configuration.GetSection(QualityOptions.Section).Get<QualityOptions>()!;
        options.Validate(null, options).Failures!.Count().ShouldBe(3);
        new QualityOptions().Validate(null, new()).Succeeded.ShouldBeTrue();
    }

    static SymbolQuality Report(BarValidator validator, DateTimeOffset? asOf) =>
        QualityReport.Build("XYZ", validator, Now, asOf, MaxAge, new(), new(new()));
}

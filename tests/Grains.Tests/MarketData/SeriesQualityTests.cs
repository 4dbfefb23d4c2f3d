
namespace Trading.MarketData.Tests;

public sealed class SeriesQualityTests
{
    static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(5);

    static SeriesFindings InspectSample(string symbol)
    {
        var history = Histories.Sample;
        var calendar = history.Calendar(history.Sessions.Length);
        return SeriesQuality.Inspect(history.Symbols[symbol].Until(calendar, new("test", default, default)), calendar);
    }

    static SeriesFindings Inspect(PriceSeries series) => SeriesQuality.Inspect(series, new(series.Dates, []));

    /// <summary>Prices that stay within 1 % of 100.</summary>
    static IEnumerable<decimal> Calm(int days)
    {
        var random = new Random(5);
        return Enumerable.Range(0, days).Select(_ => 99m + (random.Next(200) / 100m));
    }

    [Theory]
    [InlineData("MO", 1993, 4, 2)]
    [InlineData("T", 1996, 10, 1)]
    [InlineData("PG", 2000, 3, 7)]
    [InlineData("INTC", 2000, 9, 22)]
    [InlineData("EK", 2000, 9, 26)]
    [InlineData("HD", 2000, 10, 12)]
    [InlineData("HON", 2000, 10, 20)]
    public void RealEventOfTheSample_IsReportedAsAJump(string symbol, int year, int month, int day)
    {
        var jump = InspectSample(symbol).Anomalies.Single(anomaly => anomaly.Rule == "jump" && anomaly.Date == new DateOnly(year, month, day));

        Math.Abs(jump.Observed!.Value).ShouldBeGreaterThan(SeriesQuality.JumpScore);
        Math.Sign(jump.Observed.Value).ShouldBe(symbol == "HON" ? 1 : -1);
    }

    [Fact]
    public void JumpsOfTheSample_AreRare()
    {
        var jumps = Histories.Sample.Symbols.Keys.Sum(symbol => InspectSample(symbol).Anomalies.Count(anomaly => anomaly.Rule == "jump"));

        jumps.ShouldBeInRange(20, 80, "of some 76,000 returns");
    }

    [Fact]
    public void RepeatedSessionOfTheSample_IsReportedForEverySymbol_AndLowersConsistency()
    {
        foreach (var symbol in Histories.Sample.Symbols.Keys)
        {
            var findings = InspectSample(symbol);
            findings.Anomalies.ShouldContain(anomaly => anomaly.Rule == "repeated_session" && anomaly.Date == new DateOnly(1991, 1, 2));
            findings.Consistency.ShouldBeLessThan(1);
            findings.Completeness.ShouldBe(1);
        }
    }

    [Fact]
    public void LongRunOfOneClose_IsStale_EvenWhileItLasts()
    {
        var findings = Inspect(Histories.Series([1, 2, 3, 3, 3, 3, 3, 3]));

        var run = findings.Anomalies.ShouldHaveSingleItem();
        (run.Rule, run.Observed, run.Limit, run.Date).ShouldBe(("stale_run", 5, 5, new DateOnly(2020, 1, 8)));
        findings.Consistency.ShouldBe(3 / 8.0);
    }

    [Fact]
    public void ShortRunOfOneClose_IsNoFinding()
    {
        var findings = Inspect(Histories.Series([1, 2, 3, 3, 3, 3, 3, 4]));

        findings.Anomalies.ShouldBeEmpty();
        findings.Consistency.ShouldBe(1);
    }

    [Fact]
    public void JumpAfterACalmTime_IsReported_AndJustBeforeTheWindowIsLongEnoughNotJudged()
    {
        Inspect(Histories.Series(Calm(100).Append(130m))).Anomalies.ShouldHaveSingleItem().Rule.ShouldBe("jump");
        Inspect(Histories.Series(Calm(SeriesQuality.MinJumpWindow).Append(130m))).Anomalies.ShouldBeEmpty();
    }

    [Fact]
    public void JumpOutOfAStandstill_HasAFiniteScore()
    {
        var jump = Inspect(Histories.Series(Enumerable.Repeat(10m, 100).Append(11m))).Anomalies.Single(anomaly => anomaly.Rule == "jump");

        jump.Observed!.Value.ShouldBe(0.6745 * Math.Log(1.1) / 0.001, 1e-9);
    }

    [Fact]
    public void DaysWithoutASession_AreAGap_FromTheSixthOn()
    {
        var first = new DateOnly(2020, 1, 1);
        DateOnly[] dates = [first, first.AddDays(5), first.AddDays(11)];

        var gap = Inspect(Histories.Series([1, 2, 3], dates)).Anomalies.ShouldHaveSingleItem();

        (gap.Rule, gap.Observed, gap.Limit, gap.Date).ShouldBe(("gap", 6, 5, dates[2]));
    }

    [Fact]
    public void SessionsOfTheCalendarWithoutAPrice_LowerCompleteness_OnlyInsideTheSeries()
    {
        var calendar = new SessionCalendar([.. Histories.Days(10)], []);
        DateOnly[] dates = [calendar.Sessions[2], calendar.Sessions[3], calendar.Sessions[5]];

        SeriesQuality.Inspect(Histories.Series([1, 2, 3], dates), calendar).Completeness.ShouldBe(0.75);
    }

    [Fact]
    public void Anomalies_AreTheLatestFifty_NewestFirst()
    {
        var dates = Enumerable.Range(0, 80).Select(day => new DateOnly(2000, 1, 1).AddDays(day * 10)).ToArray();

        var anomalies = Inspect(Histories.Series(Enumerable.Range(1, 80).Select(day => (decimal)day), dates)).Anomalies;

        anomalies.Length.ShouldBe(SeriesQuality.MaxAnomalies);
        anomalies.Select(anomaly => anomaly.Date).ShouldBe(dates.Reverse().Take(50));
    }

    [Fact]
    public void Freshness_EndsWithTheMaximalAge_WhichIsCountedFromTheSource()
    {
        var series = Histories.Series([1, 2]);
        var findings = Inspect(series);

        var young = SeriesQuality.Report(series, findings, series.Provenance.AsOf + MaxAge - TimeSpan.FromSeconds(1), MaxAge);
        var old = SeriesQuality.Report(series, findings, series.Provenance.AsOf + MaxAge, MaxAge);

        (young.Freshness, young.AgeSeconds).ShouldBe((1, 299));
        (old.Freshness, old.AgeSeconds).ShouldBe((0, 300));
    }

    [Fact]
    public void ReportWithoutASeries_KnowsNothing_AndSaysSo()
    {
        var report = SeriesQuality.NoReport("NONE", SeriesStatus.Unknown);

        (report.Completeness, report.Consistency, report.Freshness, report.AgeSeconds, report.LastPrice).ShouldBe((null, null, null, null, null));
    }

    [Fact]
    public void RobustWindow_AgreesWithSortingTheWindowEachTime()
    {
        var random = new Random(7);
        for (var size = 1; size < 12; size++)
        {
            var window = new RobustWindow(size);
            List<double> seen = [];
            for (var step = 0; step < 200; step++)
            {
                var value = random.Next(10) / 4.0; // ties are frequent
                window.Add(value);
                seen.Add(value);
                var last = seen.TakeLast(size).ToArray();
                var median = Median(last);
                var deviation = Math.Max(Median([.. last.Select(number => Math.Abs(number - median))]), 0.001);
                window.Score(1.3, 0.001).ShouldBe(0.6745 * (1.3 - median) / deviation, 1e-12);
            }
        }
    }

    static double Median(double[] numbers)
    {
        var sorted = numbers.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}

using static Trading.MarketData.Tests.SeriesOfBars;

namespace Trading.MarketData.Tests;

public sealed class BarSeriesTests
{
    static readonly SeriesKey Key = new("BTCUSDT", BarInterval.OneDay);
    static readonly SeriesProfile Coins = new(AssetClass.Crypto, BarInterval.OneDay), Shares = new(AssetClass.Equity, BarInterval.OneDay);
    const int Days = 100;

    static DateTimeOffset Received(int day) => Start.AddDays(day + 1).AddSeconds(1);

    static BarSeries Warm(int days = Days, SeriesProfile? profile = null)
    {
        var series = new BarSeries(Key, profile ?? Coins, []);
        series.Take(Enumerable.Range(0, days).Select(day => Calm(day)), "first", Received(days)).Receipt.ShouldBe(new(0, 0, days, 0, 0));
        return series;
    }

    static BarSeriesChange Take(BarSeries series, int day, Bar bar, Bar? second = null) => series.Take(
        [bar], "first", Received(day), second is { } other ? new Dictionary<DateTimeOffset, Bar> { [other.Time] = other } : null);

    /// <summary>A close a third lower, with the volume of an ordinary day.</summary>
    static Bar Crash(int day) => Calm(day, 66);

    /// <summary>The low of a moment that no other price explains.</summary>
    static Bar Wick(int day) => Calm(day) with { Low = 10 };

    [Fact]
    public void BarAfterBar_GivesTheSameAsAllAtOnce()
    {
        var (one, all) = (new BarSeries(Key, Coins, []), Warm());
        for (var day = 0; day < Days; day++) Take(one, day, Calm(day)).Records.ShouldHaveSingleItem().KnownAt.ShouldBe(Received(day));
        one.Records.Select(record => (record.Bar, record.Verdict)).ShouldBe(all.Records.Select(record => (record.Bar, record.Verdict)));
        one.Last!.EventTime.ShouldBe(Start.AddDays(Days));
    }

    [Fact]
    public void BarThatIsKnownJustSo_ChangesNothing()
    {
        var series = Warm();
        var change = Take(series, Days, Calm(Days - 1));
        change.Records.ShouldBeEmpty();
        change.Receipt.ShouldBe(new(1, 0, 0, 0, 0));
    }

    [Fact]
    public void OtherClose_IsACorrection_WithBothValuesAndTheTimeBetween()
    {
        var series = Warm();
        var right = Calm(50) with { Close = Calm(50).Close + 0.1m };
        var change = Take(series, Days, right);
        change.Corrections.ShouldBe([new("BTCUSDT", new(2018, 2, 20), Calm(50).Close, right.Close, Received(Days), Received(Days))]);
        change.Receipt.ShouldBe(new(0, 1, 1, 0, 0));
        change.Records.ShouldHaveSingleItem().Bar.ShouldBe(right);
        Take(series, Days, right with { Volume = 5_000 }).Corrections.ShouldBeEmpty("the close is the same");
    }

    [Fact]
    public void CorrectionIntoDoubt_TakesTheCloseAway()
    {
        var change = Take(Warm(), Days, Crash(50));
        change.Corrections.ShouldHaveSingleItem().After.ShouldBeNull();
        change.Receipt.ShouldBe(new(0, 1, 0, 1, 0));
    }

    [Fact]
    public void ImpossibleBar_DoesNotReplaceOneThatCounts_AndMovesNoSeries()
    {
        var series = Warm();
        Take(series, Days, Calm(50) with { Low = -1 }).ShouldSatisfyAllConditions(
            change => change.Records.ShouldBeEmpty(),
            change => change.Corrections.ShouldBeEmpty(),
            change => change.Receipt.Rejected.ShouldBe(1));
        Take(series, Days, Calm(30_000)).Records.ShouldHaveSingleItem().Rule.ShouldBe("future");
        series.Last!.Bar.ShouldBe(Calm(Days - 1), "what comes next is asked for from here");
        Take(series, Days, Calm(Days)).Receipt.Accepted.ShouldBe(1);
    }

    [Fact]
    public void LateBar_IsPutIntoItsPlace_AndTheOthersKeepTheirVerdict()
    {
        var series = new BarSeries(Key, Coins, []);
        series.Take(Enumerable.Range(0, Days).Where(day => day != 50).Select(day => Calm(day)), "first", Received(Days));
        series.Validator.Counts.Missing.ShouldBe(1);
        Take(series, Days, Calm(50)).Records.ShouldHaveSingleItem().Bar.ShouldBe(Calm(50));
        series.Validator.Counts.Missing.ShouldBe(0);
        series.Records.Select(record => record.Bar).ShouldBe(Enumerable.Range(0, Days).Select(day => Calm(day)));
    }

    [Fact]
    public void Crash_IsHeld_UntilTheBarsThatFollowConfirmIt_AndThenAllOfItCounts()
    {
        var series = Warm();
        var held = Take(series, Days, Crash(Days)).Records.ShouldHaveSingleItem();
        (held.Verdict, held.Rule).ShouldBe((Verdict.Quarantine, "jump"));
        Take(series, Days + 1, Crash(Days + 1)).Records.ShouldHaveSingleItem().Verdict.ShouldBe(Verdict.Quarantine);
        var released = Take(series, Days + 2, Crash(Days + 2)).Records;
        released.Select(record => (record.Bar.Close, record.Verdict)).ShouldBe(
            Enumerable.Range(Days, 3).Select(day => (Crash(day).Close, Verdict.Accept)));
        released[0].ShouldSatisfyAllConditions(
            record => record.Note.ShouldBe(BarSeries.ConfirmedNote),
            record => record.KnownAt.ShouldBe(Received(Days + 2), "before, it was not known to be true"));
    }

    [Fact]
    public void CrashThatOnlyTheSecondSourceConfirms_CountsAtOnce()
    {
        var alone = Take(Warm(), Days, Crash(Days));
        alone.Receipt.Quarantined.ShouldBe(1);
        var series = Warm();
        Take(series, Days, Crash(Days), Crash(Days)).Records.ShouldHaveSingleItem().Verdict.ShouldBe(Verdict.Accept);
        (series.Validator.Counts.Compared, series.Validator.Counts.Agreed).ShouldBe((1, 1));
        Reloaded(series).Validator.Counts.LastVerdict.ShouldBe(Verdict.Accept, "the other source is not asked again at a start");
    }

    [Fact]
    public void SecondSourceThatComesLater_ReleasesWhatWaits_AndWhereItKnowsNothingNew_NothingIsStored()
    {
        var series = Warm();
        Take(series, Days, Crash(Days));
        Take(series, Days, Crash(Days)).Records.ShouldBeEmpty();
        Take(series, Days, Crash(Days), Crash(Days)).Records.ShouldHaveSingleItem().Verdict.ShouldBe(Verdict.Accept);

        var wick = Warm();
        Take(wick, Days, Wick(Days));
        Take(wick, Days, Wick(Days), Calm(Days)).Records.ShouldBeEmpty("it was in quarantine and stays there");
    }

    [Fact]
    public void Wick_IsConfirmedByTheSecondSource_OrContradicted()
    {
        Take(Warm(), Days, Wick(Days), Calm(Days)).Records.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            record => record.Verdict.ShouldBe(Verdict.Quarantine), record => record.Rule.ShouldBe("wick"));
        Take(Warm(), Days, Wick(Days), Wick(Days) with { Low = 11 }).Records.ShouldHaveSingleItem().Verdict.ShouldBe(Verdict.Accept);
    }

    [Fact]
    public void SecondSourceThatDisagrees_HoldsTheBar_AlsoAfterAReload()
    {
        var series = Warm();
        Take(series, Days, Calm(Days), Calm(Days, 104)).Records.ShouldHaveSingleItem().Rule.ShouldBe("source_disagrees");
        foreach (var one in new[] { series, Reloaded(series) })
        {
            one.Validator.Counts.LastVerdict.ShouldBe(Verdict.Quarantine);
            QualityReport.Scores(one.Validator.Counts, null, null, TimeSpan.Zero).Accuracy.ShouldBe(0);
        }
    }

    [Fact]
    public void Release_ByAPerson_Counts_AndIsNotDoubtedAgain()
    {
        var series = Warm();
        Take(series, Days, Wick(Days));
        series.Validator.Counts.LastVerdict.ShouldBe(Verdict.Quarantine);
        var released = series.Release(Start.AddDays(Days), "seen", Received(Days + 1)).ShouldHaveSingleItem();
        (released.Verdict, released.Note, released.Rule, released.KnownAt).ShouldBe((Verdict.Accept, "seen", "wick", Received(Days + 1)));
        series.Validator.Counts.LastVerdict.ShouldBe(Verdict.Accept);
        series.Release(Start.AddDays(Days), "again", Received(Days + 1)).ShouldBeEmpty();
        series.Release(Start.AddDays(Days + 1), "nothing there", Received(Days + 1)).ShouldBeEmpty();
        Reloaded(series).Validator.Counts.LastVerdict.ShouldBe(Verdict.Accept);
    }

    [Fact]
    public void SplitThatNobodyKnows_HoldsWhatFollows_UntilItIsKnown_OrAPersonExplainsIt()
    {
        BarSeries Split()
        {
            var series = Warm(profile: Shares with { Calendar = TradingCalendars.Of(AssetClass.Crypto) });
            for (var day = Days; day < Days + 5; day++) Take(series, day, Calm(day, 100 / 7m)).Receipt.Quarantined.ShouldBe(1);
            series.Records[Days].Rule.ShouldBe("unexplained_split");
            return series;
        }

        var known = Split().Take([new(new(2018, 4, 11), CorporateActionKind.Split, 7)], Received(Days + 5));
        known.Select(record => (record.Verdict, record.Note)).ShouldBe(Enumerable.Repeat((Verdict.Accept, (string?)BarSeries.ExplainedNote), 5));
        Split().Release(Start.AddDays(Days), "a split", Received(Days + 5)).Select(record => record.Note)
            .ShouldBe(["a split", .. Enumerable.Repeat(BarSeries.ExplainedNote, 4)]);
    }

    [Fact]
    public void Reload_GivesTheSameRecordsAndTheSameNextVerdicts()
    {
        var random = new System.Random(7);
        for (var round = 0; round < 30; round++)
        {
            var series = Warm(60);
            for (var day = 60; day < 100; day++)
            {
                Take(series, day, random.Next(12) switch { 0 => Crash(day), 1 => Wick(day), 2 => Calm(day) with { Low = -1 }, _ => Calm(day) },
                    random.Next(4) == 0 ? Calm(day) : null);
                if (random.Next(15) == 0) series.Release(Start.AddDays(day), "seen", Received(day));
            }

            var again = Reloaded(series);
            again.Records.ShouldBe(series.Records);
            Take(again, 100, Calm(100)).Records.ShouldBe(Take(series, 100, Calm(100)).Records);
            again.Validator.Counts.LastVerdict.ShouldBe(series.Validator.Counts.LastVerdict);
        }
    }

    [Fact]
    public void Revisions_AreThoseOfTheStore()
    {
        var series = new BarSeries(Key, Coins, []);
        var records = series.Take([Calm(0), Calm(1), Calm(2)], "first", Received(3)).Records;
        series.Stored(records, 12);
        series.Records.Select(record => record.Revision).ShouldBe([10, 11, 12]);
    }

    [Fact]
    public void OfTwoBarsOfOneTime_TheLaterOneCounts()
    {
        var series = new BarSeries(Key, Coins, []);
        series.Take([Calm(1), Calm(0), Calm(1, 101)], "first", Received(2)).Receipt.ShouldBe(new(0, 0, 2, 0, 0));
        series.Records.Select(record => record.Bar).ShouldBe([Calm(0), Calm(1, 101)]);
    }

    static BarSeries Reloaded(BarSeries series) => new(Key, series.Profile, [.. series.Records]);
}

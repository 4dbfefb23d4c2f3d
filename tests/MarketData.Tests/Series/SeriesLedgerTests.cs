using static Trading.MarketData.Tests.SeriesOfBars;

namespace Trading.MarketData.Tests;

public sealed class SeriesLedgerTests
{
    static readonly SeriesKey Key = new("BTCUSDT", BarInterval.OneDay);
    static readonly SeriesProfile Coins = new(SymbolClass.Crypto, BarInterval.OneDay), Shares = new(SymbolClass.Equity, BarInterval.OneDay);
    const int Days = 100;

    static DateTimeOffset Received(int day) => Start.AddDays(day + 1).AddSeconds(1);

    static SeriesLedger Warm(int days = Days, SeriesProfile? profile = null)
    {
        var ledger = new SeriesLedger(Key, profile ?? Coins, []);
        ledger.Take(Enumerable.Range(0, days).Select(day => Calm(day)), "first", Received(days)).Receipt.ShouldBe(new(0, 0, days, 0, 0));
        return ledger;
    }

    static LedgerChange Take(SeriesLedger ledger, int day, Bar bar, Bar? second = null) => ledger.Take(
        [bar], "first", Received(day), second is { } other ? new Dictionary<DateTimeOffset, Bar> { [other.Time] = other } : null);

    /// <summary>A close a third lower, with the volume of an ordinary day.</summary>
    static Bar Crash(int day) => Calm(day, 66);

    /// <summary>The low of a moment that no other price explains.</summary>
    static Bar Wick(int day) => Calm(day) with { Low = 10 };

    [Fact]
    public void BarAfterBar_GivesTheSameAsAllAtOnce()
    {
        var (one, all) = (new SeriesLedger(Key, Coins, []), Warm());
        for (var day = 0; day < Days; day++) Take(one, day, Calm(day)).Records.ShouldHaveSingleItem().KnownAt.ShouldBe(Received(day));
        one.Records.Select(record => (record.Bar, record.Verdict)).ShouldBe(all.Records.Select(record => (record.Bar, record.Verdict)));
        one.Last!.EventTime.ShouldBe(Start.AddDays(Days));
    }

    [Fact]
    public void BarThatIsKnownJustSo_ChangesNothing()
    {
        var ledger = Warm();
        var change = Take(ledger, Days, Calm(Days - 1));
        change.Records.ShouldBeEmpty();
        change.Receipt.ShouldBe(new(1, 0, 0, 0, 0));
    }

    [Fact]
    public void OtherClose_IsACorrection_WithBothValuesAndTheTimeBetween()
    {
        var ledger = Warm();
        var right = Calm(50) with { Close = Calm(50).Close + 0.1m };
        var change = Take(ledger, Days, right);
        change.Corrections.ShouldBe([new("BTCUSDT", new(2018, 2, 20), Calm(50).Close, right.Close, Received(Days), Received(Days))]);
        change.Receipt.ShouldBe(new(0, 1, 1, 0, 0));
        change.Records.ShouldHaveSingleItem().Bar.ShouldBe(right);
        Take(ledger, Days, right with { Volume = 5_000 }).Corrections.ShouldBeEmpty("the close is the same");
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
        var ledger = Warm();
        Take(ledger, Days, Calm(50) with { Low = -1 }).ShouldSatisfyAllConditions(
            change => change.Records.ShouldBeEmpty(),
            change => change.Corrections.ShouldBeEmpty(),
            change => change.Receipt.Rejected.ShouldBe(1));
        Take(ledger, Days, Calm(30_000)).Records.ShouldHaveSingleItem().Rule.ShouldBe("future");
        ledger.Last!.Bar.ShouldBe(Calm(Days - 1), "what comes next is asked for from here");
        Take(ledger, Days, Calm(Days)).Receipt.Accepted.ShouldBe(1);
    }

    [Fact]
    public void LateBar_IsPutIntoItsPlace_AndTheOthersKeepTheirVerdict()
    {
        var ledger = new SeriesLedger(Key, Coins, []);
        ledger.Take(Enumerable.Range(0, Days).Where(day => day != 50).Select(day => Calm(day)), "first", Received(Days));
        ledger.Validator.Tally.Missing.ShouldBe(1);
        Take(ledger, Days, Calm(50)).Records.ShouldHaveSingleItem().Bar.ShouldBe(Calm(50));
        ledger.Validator.Tally.Missing.ShouldBe(0);
        ledger.Records.Select(record => record.Bar).ShouldBe(Enumerable.Range(0, Days).Select(day => Calm(day)));
    }

    [Fact]
    public void Crash_IsHeld_UntilTheBarsThatFollowConfirmIt_AndThenAllOfItCounts()
    {
        var ledger = Warm();
        var held = Take(ledger, Days, Crash(Days)).Records.ShouldHaveSingleItem();
        (held.Verdict, held.Rule).ShouldBe((Verdict.Quarantine, "jump"));
        Take(ledger, Days + 1, Crash(Days + 1)).Records.ShouldHaveSingleItem().Verdict.ShouldBe(Verdict.Quarantine);
        var released = Take(ledger, Days + 2, Crash(Days + 2)).Records;
        released.Select(record => (record.Bar.Close, record.Verdict)).ShouldBe(
            Enumerable.Range(Days, 3).Select(day => (Crash(day).Close, Verdict.Accept)));
        released[0].ShouldSatisfyAllConditions(
            record => record.Note.ShouldBe(SeriesLedger.ConfirmedNote),
            record => record.KnownAt.ShouldBe(Received(Days + 2), "before, it was not known to be true"));
    }

    [Fact]
    public void CrashThatOnlyTheSecondSourceConfirms_CountsAtOnce()
    {
        var alone = Take(Warm(), Days, Crash(Days));
        alone.Receipt.Quarantined.ShouldBe(1);
        var ledger = Warm();
        Take(ledger, Days, Crash(Days), Crash(Days)).Records.ShouldHaveSingleItem().Verdict.ShouldBe(Verdict.Accept);
        (ledger.Validator.Tally.Compared, ledger.Validator.Tally.Agreed).ShouldBe((1, 1));
        Reloaded(ledger).Validator.Tally.LastVerdict.ShouldBe(Verdict.Accept, "the other source is not asked again at a start");
    }

    [Fact]
    public void SecondSourceThatComesLater_ReleasesWhatWaits_AndWhereItKnowsNothingNew_NothingIsStored()
    {
        var ledger = Warm();
        Take(ledger, Days, Crash(Days));
        Take(ledger, Days, Crash(Days)).Records.ShouldBeEmpty();
        Take(ledger, Days, Crash(Days), Crash(Days)).Records.ShouldHaveSingleItem().Verdict.ShouldBe(Verdict.Accept);

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
        var ledger = Warm();
        Take(ledger, Days, Calm(Days), Calm(Days, 104)).Records.ShouldHaveSingleItem().Rule.ShouldBe("source_disagrees");
        foreach (var one in new[] { ledger, Reloaded(ledger) })
        {
            one.Validator.Tally.LastVerdict.ShouldBe(Verdict.Quarantine);
            QualityReport.Scores(one.Validator.Tally, null, null, TimeSpan.Zero).Accuracy.ShouldBe(0);
        }
    }

    [Fact]
    public void Release_ByAPerson_Counts_AndIsNotDoubtedAgain()
    {
        var ledger = Warm();
        Take(ledger, Days, Wick(Days));
        ledger.Validator.Tally.LastVerdict.ShouldBe(Verdict.Quarantine);
        var released = ledger.Release(Start.AddDays(Days), "seen", Received(Days + 1)).ShouldHaveSingleItem();
        (released.Verdict, released.Note, released.Rule, released.KnownAt).ShouldBe((Verdict.Accept, "seen", "wick", Received(Days + 1)));
        ledger.Validator.Tally.LastVerdict.ShouldBe(Verdict.Accept);
        ledger.Release(Start.AddDays(Days), "again", Received(Days + 1)).ShouldBeEmpty();
        ledger.Release(Start.AddDays(Days + 1), "nothing there", Received(Days + 1)).ShouldBeEmpty();
        Reloaded(ledger).Validator.Tally.LastVerdict.ShouldBe(Verdict.Accept);
    }

    [Fact]
    public void SplitThatNobodyKnows_HoldsWhatFollows_UntilItIsKnown_OrAPersonExplainsIt()
    {
        SeriesLedger Split()
        {
            var ledger = Warm(profile: Shares with { Calendar = TradingCalendars.Of(SymbolClass.Crypto) });
            for (var day = Days; day < Days + 5; day++) Take(ledger, day, Calm(day, 100 / 7m)).Receipt.Quarantined.ShouldBe(1);
            ledger.Records[Days].Rule.ShouldBe("unexplained_split");
            return ledger;
        }

        var known = Split().Take([new(new(2018, 4, 11), CorporateActionKind.Split, 7)], Received(Days + 5));
        known.Select(record => (record.Verdict, record.Note)).ShouldBe(Enumerable.Repeat((Verdict.Accept, (string?)SeriesLedger.ExplainedNote), 5));
        Split().Release(Start.AddDays(Days), "a split", Received(Days + 5)).Select(record => record.Note)
            .ShouldBe(["a split", .. Enumerable.Repeat(SeriesLedger.ExplainedNote, 4)]);
    }

    [Fact]
    public void Reload_GivesTheSameRecordsAndTheSameNextVerdicts()
    {
        var random = new System.Random(7);
        for (var round = 0; round < 30; round++)
        {
            var ledger = Warm(60);
            for (var day = 60; day < 100; day++)
            {
                Take(ledger, day, random.Next(12) switch { 0 => Crash(day), 1 => Wick(day), 2 => Calm(day) with { Low = -1 }, _ => Calm(day) },
                    random.Next(4) == 0 ? Calm(day) : null);
                if (random.Next(15) == 0) ledger.Release(Start.AddDays(day), "seen", Received(day));
            }

            var again = Reloaded(ledger);
            again.Records.ShouldBe(ledger.Records);
            Take(again, 100, Calm(100)).Records.ShouldBe(Take(ledger, 100, Calm(100)).Records);
            again.Validator.Tally.LastVerdict.ShouldBe(ledger.Validator.Tally.LastVerdict);
        }
    }

    [Fact]
    public void Revisions_AreThoseOfTheStore()
    {
        var ledger = new SeriesLedger(Key, Coins, []);
        var records = ledger.Take([Calm(0), Calm(1), Calm(2)], "first", Received(3)).Records;
        ledger.Stored(records, 12);
        ledger.Records.Select(record => record.Revision).ShouldBe([10, 11, 12]);
    }

    [Fact]
    public void OfTwoBarsOfOneTime_TheLaterOneCounts()
    {
        var ledger = new SeriesLedger(Key, Coins, []);
        ledger.Take([Calm(1), Calm(0), Calm(1, 101)], "first", Received(2)).Receipt.ShouldBe(new(0, 0, 2, 0, 0));
        ledger.Records.Select(record => record.Bar).ShouldBe([Calm(0), Calm(1, 101)]);
    }

    static SeriesLedger Reloaded(SeriesLedger ledger) => new(Key, ledger.Profile, [.. ledger.Records]);
}

using FsCheck;
using FsCheck.Fluent;

namespace Trading.MarketData.Tests;

public sealed class BarValidatorTests
{
    static readonly SeriesProfile Coin = new(AssetClass.Crypto, BarInterval.OneDay);

    [Fact]
    public void CalmBars_AreAcceptedWithoutAWord()
    {
        var validator = SeriesOfBars.Warm();
        validator.Counts.Accepted.ShouldBe(100);
        validator.Counts.ByRule().ShouldBeEmpty();
        validator.Check(SeriesOfBars.Calm(100)).ShouldBe(default);
    }

    [Theory]
    [InlineData(100, 99, 98, 99, 10, BarRule.ImpossibleBar)]
    [InlineData(100, 101, 100.5, 100, 10, BarRule.ImpossibleBar)]
    [InlineData(100, 101, 0, 100, 10, BarRule.NonPositivePrice)]
    [InlineData(-1, 101, -2, 100, 10, BarRule.NonPositivePrice)]
    [InlineData(100, 101, 99, 100, -1, BarRule.NegativeVolume)]
    [InlineData(100, 1e10, 99, 100, 10, BarRule.AbsurdValue)]
    [InlineData(100, 101, 99, 100, 1e16, BarRule.AbsurdValue)]
    public void BarThatNoMarketCanGive_IsRejected(double open, double high, double low, double close, double volume, BarRule rule)
    {
        var validator = SeriesOfBars.Warm();
        var verdict = validator.Check(new(SeriesOfBars.Start.AddDays(100), (decimal)open, (decimal)high, (decimal)low, (decimal)close, (decimal)volume));
        verdict.Verdict.ShouldBe(Verdict.Reject);
        verdict.Rules.Contains(rule).ShouldBeTrue();
        validator.Check(SeriesOfBars.Calm(100)).ShouldBe(default, "a rejected bar leaves no trace in what follows");
    }

    [Fact]
    public void RepeatedTime_AndATimeBefore_AreRejected()
    {
        var validator = SeriesOfBars.Warm();
        validator.Check(SeriesOfBars.Calm(99)).Code.ShouldBe("duplicate");
        validator.Check(SeriesOfBars.Calm(50)).Code.ShouldBe("unordered");
    }

    [Fact]
    public void BarOfTheFuture_IsRejected_AndDoesNotMakeTheNextOneOld()
    {
        var validator = SeriesOfBars.Warm();
        var now = SeriesOfBars.Start.AddDays(101);
        validator.Check(SeriesOfBars.Calm(30_000), new(ReceivedAt: now)).Code.ShouldBe("future");
        validator.Check(SeriesOfBars.Calm(100), new(ReceivedAt: now)).ShouldBe(default);
    }

    [Fact]
    public void WickOfNinetyPercent_IsQuarantined_WhateverTheVolume()
    {
        var wick = SeriesOfBars.Calm(100) with { Low = 10, Volume = 50_000 };
        var verdict = SeriesOfBars.Warm().Check(wick);
        (verdict.Verdict, verdict.Code).ShouldBe((Verdict.Quarantine, "wick"));
        verdict.Observed.ShouldBe(0.9, 0.01);
        verdict.Evidence.ShouldBe($"The low, the high or the open is far away from the rest of the bar. Observed {verdict.Observed:G6}, limit 0.25 (fraction of the body).");
        SeriesOfBars.Warm().Check(wick, new(Low: 10.5)).Confirmed.ShouldBe(Confirmation.SecondSource);
    }

    [Fact]
    public void WickThatVolumeConfirms_IsKept_UnlessASecondSourceWasNotThere()
    {
        var wick = SeriesOfBars.Calm(100) with { Low = 65 };
        SeriesOfBars.Warm().Check(wick).Verdict.ShouldBe(Verdict.Quarantine);
        SeriesOfBars.Warm().Check(wick.WithVolume(5_000)).ShouldSatisfyAllConditions(
            verdict => verdict.Verdict.ShouldBe(Verdict.Accept),
            verdict => verdict.Code.ShouldBe("wick"),
            verdict => verdict.Confirmed.ShouldBe(Confirmation.Volume));
        SeriesOfBars.Warm().Check(wick.WithVolume(5_000), new(Low: 98)).Verdict.ShouldBe(Verdict.Quarantine);
    }

    [Fact]
    public void OpenThatNothingExplains_IsAWick() =>
        SeriesOfBars.Warm().Check(SeriesOfBars.Calm(100) with { Open = 2, Low = 2 }).Code.ShouldBe("wick");

    [Fact]
    public void Crash_ThatTheCloseKeeps_IsHeld_ReleasedByTheBarsThatStayThere_AndNeverRejected()
    {
        var (validator, confirmations) = (SeriesOfBars.Warm(), new Confirmations());
        var released = new List<Bar>();
        Bar[] after = [SeriesOfBars.Calm(100, 63), SeriesOfBars.Calm(101, 63), SeriesOfBars.Calm(102, 63), SeriesOfBars.Calm(103, 63)];
        var verdicts = after.Select(bar =>
        {
            var verdict = validator.Check(bar);
            released.AddRange(confirmations.Take(bar, verdict));
            return verdict;
        }).ToArray();
        verdicts.Select(verdict => verdict.Verdict).ShouldBe([Verdict.Quarantine, Verdict.Quarantine, Verdict.Accept, Verdict.Accept]);
        verdicts[2].Confirmed.ShouldBe(Confirmation.FollowingBars);
        released.ShouldBe(after[..2]);
        verdicts[3].ShouldBe(default);
    }

    [Fact]
    public void Crash_WithVolume_OrASecondSource_IsKeptAtOnce()
    {
        var crash = SeriesOfBars.Calm(100, 63);
        SeriesOfBars.Warm().Check(crash.WithVolume(4_000)).ShouldSatisfyAllConditions(
            verdict => verdict.Verdict.ShouldBe(Verdict.Accept),
            verdict => verdict.Code.ShouldBe("jump"),
            verdict => verdict.Confirmed.ShouldBe(Confirmation.Volume));
        SeriesOfBars.Warm().Check(crash, new(Close: (double)crash.Close)).Confirmed.ShouldBe(Confirmation.SecondSource);
    }

    [Fact]
    public void SpikeThatReturns_StaysInQuarantine_AndTheReturnIsNoJump()
    {
        var (validator, confirmations) = (SeriesOfBars.Warm(), new Confirmations());
        var spike = SeriesOfBars.Calm(100, 170);
        confirmations.Take(spike, validator.Check(spike)).ShouldBeEmpty();
        var back = validator.Check(SeriesOfBars.Calm(101));
        (back.Verdict, back.Confirmed).ShouldBe((Verdict.Accept, Confirmation.Return));
        confirmations.Take(SeriesOfBars.Calm(101), back).ShouldBeEmpty();
        validator.Check(SeriesOfBars.Calm(102)).ShouldBe(default);
    }

    [Fact]
    public void Split_IsExplainedByItsAction_NamedWithoutIt_AndHeldUntilSomebodySaysSo()
    {
        var profile = Coin with { Actions = [new(DateOnly.FromDateTime(SeriesOfBars.Start.AddDays(100).Date), CorporateActionKind.Split, 7)] };
        SeriesOfBars.Warm(profile).Check(SeriesOfBars.Calm(100, 100m / 7)).ShouldSatisfyAllConditions(
            verdict => verdict.Verdict.ShouldBe(Verdict.Accept),
            verdict => verdict.Code.ShouldBe("split_explained"));
        var validator = SeriesOfBars.Warm(Coin with { Limits = Coin.Limits with { SplitTolerance = 0.02 } });
        for (var day = 100; day < 105; day++)
            validator.Check(SeriesOfBars.Calm(day, 100m / 7)).Code.ShouldBe("unexplained_split");
        validator.Release(100m / 7);
        validator.Check(SeriesOfBars.Calm(105, 100m / 7)).ShouldBe(default);
    }

    [Fact]
    public void PriceOfBeforeTheSplit_OnItsDay_IsQuarantined()
    {
        var profile = Coin with { Actions = [new(DateOnly.FromDateTime(SeriesOfBars.Start.AddDays(100).Date), CorporateActionKind.Split, 7)] };
        var bar = SeriesOfBars.Calm(100, 100m / 7) with { Open = 100, High = 100 };
        SeriesOfBars.Warm(profile).Check(bar).Code.ShouldBe("pre_split_price");
    }

    [Fact]
    public void Dividend_ThatExplainsTheFall_IsNamed()
    {
        var profile = Coin with { Actions = [new(DateOnly.FromDateTime(SeriesOfBars.Start.AddDays(100).Date), CorporateActionKind.Dividend, 40)] };
        SeriesOfBars.Warm(profile).Check(SeriesOfBars.Calm(100, 60)).Code.ShouldBe("dividend_explained");
    }

    [Fact]
    public void SymbolThatComesBackAtAnotherLevel_IsHeld_UnlessItsListingsAreKnown()
    {
        var date = DateOnly.FromDateTime(SeriesOfBars.Start.Date);
        var known = Coin with { Listings = [new(date, date.AddDays(150), "the first"), new(date.AddDays(151), date.AddDays(900), "the second")] };
        var other = SeriesOfBars.Calm(400, 25);
        SeriesOfBars.Warm().Check(other).ShouldSatisfyAllConditions(
            verdict => verdict.Code.ShouldBe("symbol_reuse"),
            verdict => verdict.Rules.Contains(BarRule.Gap).ShouldBeTrue());
        SeriesOfBars.Warm(known).Check(other).ShouldSatisfyAllConditions(
            verdict => verdict.Verdict.ShouldBe(Verdict.Accept),
            verdict => verdict.Code.ShouldBe("symbol_change"));
    }

    [Fact]
    public void SecondSourceThatDisagrees_IsSaid_AndCounted()
    {
        var validator = SeriesOfBars.Warm();
        for (var day = 100; day < 130; day++)
            validator.Check(SeriesOfBars.Calm(day), new(Close: (double)SeriesOfBars.Calm(day).Close * 1.0002)).ShouldBe(default);
        validator.Check(SeriesOfBars.Calm(130), new(Close: 110)).Code.ShouldBe("source_disagrees");
        (validator.Counts.Compared, validator.Counts.Agreed).ShouldBe((31, 30));
    }

    [Fact]
    public void RestOfTheRules_EachNoticeTheirBar()
    {
        SeriesOfBars.Warm().Check(SeriesOfBars.Calm(103)).ShouldSatisfyAllConditions(
            verdict => verdict.Code.ShouldBe("gap"), verdict => verdict.Observed.ShouldBe(3));
        SeriesOfBars.Warm().Check(SeriesOfBars.Calm(100) with { Time = SeriesOfBars.Start.AddDays(100).AddHours(1) }).Code.ShouldBe("off_grid");
        SeriesOfBars.Warm().Check(SeriesOfBars.Calm(100), new(Coverage: 0.5)).Code.ShouldBe("incomplete_interval");
        SeriesOfBars.Warm().Check(SeriesOfBars.Calm(100).WithVolume(0)).ShouldSatisfyAllConditions(
            verdict => verdict.Code.ShouldBe("zero_volume"), verdict => verdict.Verdict.ShouldBe(Verdict.Quarantine));
        SeriesOfBars.Warm().Check(SeriesOfBars.Calm(100).WithVolume(1)).Code.ShouldBe("thin_volume");
        SeriesOfBars.Warm().Check(new(SeriesOfBars.Start.AddDays(100), 100, 100, 100, 100, 500)).Code.ShouldBe("one_trade");
        SeriesOfBars.Warm(days: 60).Finish(SeriesOfBars.Start.AddDays(62)).Code.ShouldBe("day_cut_off");
        SeriesOfBars.Warm(days: 60).Finish(SeriesOfBars.Start.AddDays(60)).ShouldBe(default);
    }

    [Fact]
    public void SaturdayOfAShare_IsOffItsSessions()
    {
        var validator = new BarValidator(new(AssetClass.Equity, BarInterval.OneDay));
        validator.Check(SeriesOfBars.Calm(4)).ShouldBe(default);
        validator.Check(SeriesOfBars.Calm(5)).Code.ShouldBe("off_session");
    }

    [Fact]
    public void BarThatRepeatsWithItsVolume_IsFilledForward()
    {
        var validator = SeriesOfBars.Warm();
        var verdicts = Enumerable.Range(100, 7).Select(day => validator.Check(SeriesOfBars.Calm(100) with { Time = SeriesOfBars.Start.AddDays(day) })).ToArray();
        verdicts[4].ShouldBe(default);
        (verdicts[5].Code, verdicts[5].Verdict).ShouldBe(("stale_run", Verdict.Quarantine));
    }

    [Fact]
    public void AnyBars_AreJudgedWithoutAThrow_AndNoAcceptedOneBreaksAnInvariant_OrTheOrder()
    {
        var price = Gen.OneOf(
            Gen.Choose(-5, 20_000).Select(cents => cents / 100m),
            Gen.Elements(0m, decimal.MaxValue, decimal.MinValue, 1e-28m, 1e-11m, 1e9m, 79_228_162_514m, 0.0000001m));
        var volume = Gen.OneOf(Gen.Constant<decimal?>(null), price.Select(number => (decimal?)number));
        var time = Gen.OneOf(
            Gen.Choose(-30, 30_000).Select(day => SeriesOfBars.Start.AddDays(day)),
            Gen.Choose(0, 3_000).Select(minute => SeriesOfBars.Start.AddMinutes(minute)),
            Gen.Elements(DateTimeOffset.MinValue, DateTimeOffset.MaxValue, DateTimeOffset.UnixEpoch, new(2018, 1, 3, 0, 0, 1, TimeSpan.FromHours(14))));
        var bar = from at in time from prices in price.Four() from units in volume
                  from sane in Gen.Choose(0, 2)
                  let sorted = new[] { prices.Item1, prices.Item2, prices.Item3, prices.Item4 }.Order().ToArray()
                  select sane > 0
                      ? new Bar(at, sorted[1], sorted[3], sorted[0], sorted[2], units)
                      : new Bar(at, prices.Item1, prices.Item2, prices.Item3, prices.Item4, units);
        var action = from day in Gen.Choose(0, 1_000) from split in Gen.Elements(true, false) from value in price
                     select new CorporateAction(new DateOnly(2018, 1, 1).AddDays(day), split ? CorporateActionKind.Split : CorporateActionKind.Dividend, value);
        var cases = from bars in bar.ListOf(60) from actions in action.ListOf(3)
                    from kind in Gen.Elements(Enum.GetValues<AssetClass>()) from interval in Gen.Elements(Enum.GetValues<BarInterval>())
                    select (Bars: bars, Profile: new SeriesProfile(kind, interval, [.. actions], []));
        Prop.ForAll(cases.ToArbitrary(), each =>
        {
            var validator = new BarValidator(each.Profile);
            var last = DateTimeOffset.MinValue;
            return each.Bars.All(one =>
            {
                var verdict = validator.Check(one);
                if (verdict.Verdict == Verdict.Reject) return verdict.Evidence is not null;
                var good = one is { Low: > 0, Volume: null or >= 0 } && one.Low <= Math.Min(one.Open, one.Close) && one.High >= Math.Max(one.Open, one.Close)
                    && one.Time >= last;
                last = one.Time;
                return good;
            });
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
    }
}

namespace Trading.MarketData.Tests;

/// <summary>Splits that are known, splits that nobody names, and crashes of the same size.</summary>
public sealed class SplitAndCrashTests
{
    static readonly DateOnly EventDay = DateOnly.FromDateTime(SeriesOfBars.Start.AddDays(70).Date);

    static BarValidator Share(decimal level, decimal volume, params CorporateAction[] actions)
    {
        var validator = new BarValidator(new(AssetClass.Equity, BarInterval.OneDay, [.. actions], []) { Calendar = TradingCalendars.Of(AssetClass.Crypto) });
        for (var day = 0; day < 70; day++) validator.Check(At(day, level, volume)).Verdict.ShouldBe(Verdict.Accept);
        return validator;
    }

    static Bar At(int day, decimal level, decimal volume) => SeriesOfBars.Calm(day, level).WithVolume(volume + (day * 7 % 11));

    [Fact]
    public void AfterASplit_TheUsualVolumeIsThatOfTheNewUnits()
    {
        var validator = Share(700, 1_000, new CorporateAction(EventDay, CorporateActionKind.Split, 7));
        for (var day = 70; day < 76; day++) validator.Check(At(day, 100, 7_000)).Verdict.ShouldBe(Verdict.Accept);

        validator.Check(At(76, 70, 7_000)).Verdict.ShouldBe(Verdict.Quarantine, "what is usual confirms nothing");
    }

    [Fact]
    public void AfterASplit_FarMoreThanTheNewUsualVolume_ConfirmsAMove()
    {
        var validator = Share(700, 1_000, new CorporateAction(EventDay, CorporateActionKind.Split, 7));
        for (var day = 70; day < 76; day++) validator.Check(At(day, 100, 7_000));

        validator.Check(At(76, 70, 60_000)).Confirmed.ShouldBe(Confirmation.Volume);
    }

    [Fact]
    public void AfterAReverseSplit_ATrueMoveIsTaken()
    {
        var validator = Share(10, 50_000, new CorporateAction(EventDay, CorporateActionKind.Split, 0.1m));
        for (var day = 70; day < 76; day++) validator.Check(At(day, 100, 5_000)).Verdict.ShouldBe(Verdict.Accept);

        validator.Check(At(76, 58, 40_000)).ShouldSatisfyAllConditions(
            verdict => verdict.Verdict.ShouldBe(Verdict.Accept), verdict => verdict.Confirmed.ShouldBe(Confirmation.Volume));
    }

    /// <summary>Two thirds, a half, a third and a tenth of the price: the ratios of splits.</summary>
    [Theory]
    [InlineData(66.7, 20)]
    [InlineData(66.7, 6)]
    [InlineData(50, 20)]
    [InlineData(50, 8)]
    [InlineData(33.3, 12)]
    [InlineData(10, 60)]
    [InlineData(200, 5)]
    public void MoveByTheRatioOfASplit_OnFarMoreMoney_IsTakenAtOnce_AndSoAreTheBarsThatFollow(double close, double times)
    {
        var validator = Share(100, 1_000);

        validator.Check(At(70, (decimal)close, (decimal)(1_000 * times))).ShouldSatisfyAllConditions(
            verdict => verdict.Verdict.ShouldBe(Verdict.Accept), verdict => verdict.Confirmed.ShouldBe(Confirmation.Volume));
        for (var day = 71; day <= 100; day++) validator.Check(At(day, (decimal)close, 3_000)).Verdict.ShouldBe(Verdict.Accept);
    }

    /// <summary>The money that trades is as usual: 3:2 with a day of +3 % on 1.35 times the units, and its siblings.</summary>
    [Theory]
    [InlineData(68.7, 1.35)]
    [InlineData(65, 1.6)]
    [InlineData(51.5, 2.1)]
    [InlineData(48.5, 1.7)]
    [InlineData(34.5, 3.2)]
    [InlineData(14, 7.5)]
    [InlineData(10.3, 9)]
    [InlineData(206, 0.5)]
    [InlineData(980, 0.1)]
    public void StepOfASplit_WithADaysMove_IsHeld_AndSoAreTheBarsThatFollow(double close, double units)
    {
        var validator = Share(100, 1_000);

        for (var day = 70; day <= 100; day++)
        {
            var verdict = validator.Check(At(day, (decimal)close, (decimal)(1_000 * units)));
            (verdict.Verdict, verdict.Code).ShouldBe((Verdict.Quarantine, "unexplained_split"), $"day {day}");
        }
    }

    [Fact]
    public void CrashOnLittleVolume_IsReleasedByTheUnits_WhichStayWhatTheyWere()
    {
        var (validator, confirmations) = (Share(100, 1_000), new Confirmations());
        var released = new List<int>();
        for (var day = 70; day < 130; day++)
        {
            var bar = At(day, 33.3m, day == 70 ? 3_000 : 1_100);
            released.AddRange(confirmations.Take(bar, validator.Check(bar)).Select(one => (int)(one.Time - SeriesOfBars.Start).TotalDays));
        }

        released.ShouldContain(70);
        released.Count.ShouldBeLessThan(20);
        validator.Check(At(130, 33.3m, 1_100)).ShouldBe(default);
    }

    [Fact]
    public void CrashOnLittleVolume_IsReleasedByWideDaysThatFollow()
    {
        var (validator, confirmations) = (Share(100, 1_000), new Confirmations());
        var released = 0;
        for (var day = 70; day < 80; day++)
        {
            var bar = At(day, 50, 2_500) with { High = 52, Low = 48.5m };
            released += confirmations.Take(bar, validator.Check(bar)).Length;
        }

        released.ShouldBeGreaterThan(0);
    }

    /// <summary>A low of 28 among 37 to 39, and a high of 48 over 44.</summary>
    [Theory]
    [InlineData(38, 28, 0, 1.1, "wick")]
    [InlineData(38, 28, 0, 1.9, "wick")]
    [InlineData(43.5, 0, 48, 1.0, "wick_outlier")]
    [InlineData(43.5, 0, 48, 1.2, "wick_outlier")]
    [InlineData(43.5, 39.5, 0, 0.8, "wick_outlier")]
    public void BadPrint_OnAboutUsualVolume_IsHeld(double level, double low, double high, double times, string rule)
    {
        var validator = Share((decimal)level, 1_000);
        var bar = At(70, (decimal)level, (decimal)(1_000 * times));

        var verdict = validator.Check(bar with { Low = low > 0 ? (decimal)low : bar.Low, High = high > 0 ? (decimal)high : bar.High });

        (verdict.Verdict, verdict.Code).ShouldBe((Verdict.Quarantine, rule));
    }

    /// <summary>The usual volume has doubled in the last weeks: twice that of the last quarter is no more than usual.</summary>
    [Fact]
    public void BadPrint_IsNotConfirmedByAVolumeThatHasGrownForWeeks()
    {
        var validator = Share(38, 1_000);
        for (var day = 70; day < 95; day++) validator.Check(At(day, 38, 2_400));

        validator.Check(At(95, 38, 2_600) with { Low = 28 }).Verdict.ShouldBe(Verdict.Quarantine);
        Share(38, 1_000).Check(At(70, 38, 2_600) with { Low = 28 }).Confirmed.ShouldBe(Confirmation.Volume);
    }
}

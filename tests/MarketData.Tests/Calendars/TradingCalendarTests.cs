using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Trading.Testing;

namespace Trading.MarketData.Tests;

public sealed class TradingCalendarTests
{
    static readonly NyseCalendar Nyse = NyseCalendar.Instance;

    [ReferenceFact]
    public void Sessions_AreThoseOfTheReference_ForEveryWeekdayOf23Years()
    {
        var expected = Reference().Select(row => row.Date).ToHashSet();
        for (var date = expected.Min(); date <= expected.Max(); date = date.AddDays(1))
            Nyse.IsSession(date).ShouldBe(expected.Contains(date), date.ToString("o", CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Sessions_AreThoseOfTheSample_InTheYearsBeforeTheReferenceToo()
    {
        var sessions = Histories.Sample.Sessions.ToHashSet();
        for (var date = Histories.Sample.Sessions[0]; date <= Histories.Sample.Sessions[^1]; date = date.AddDays(1))
            Nyse.IsSession(date).ShouldBe(sessions.Contains(date), date.ToString("o", CultureInfo.InvariantCulture));
    }

    /// <summary>The reference begins its early closes in 1999; the exchange closed at 13:00 on these two days of 1998 too.</summary>
    [ReferenceFact]
    public void EarlyCloses_AreThoseOfTheReference()
    {
        DateOnly[] unlisted = [new(1998, 11, 27), new(1998, 12, 24)];
        foreach (var (date, early) in Reference())
            Nyse.ClosesEarly(date).ShouldBe(early || unlisted.Contains(date), date.ToString("o", CultureInfo.InvariantCulture));
    }

    [Fact]
    public void NewYorksClock_IsThatOfTheTimeZoneFile_AtEveryHour()
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("America/New_York");
        for (var hour = new DateTimeOffset(1998, 1, 1, 0, 0, 0, TimeSpan.Zero); hour.Year < 2031; hour = hour.AddHours(1))
            NewYorkTime.OffsetAt(hour).ShouldBe(zone.GetUtcOffset(hour));
    }

    [Fact]
    public void Session_IsRegularHours_InSummer_InWinter_AndOnAnEarlyClose()
    {
        Hours(new(2014, 6, 9)).ShouldBe("13:30-20:00");
        Hours(new(2014, 1, 9)).ShouldBe("14:30-21:00");
        Hours(new(2014, 7, 3)).ShouldBe("13:30-17:00");
        Nyse.Hours(new(2014, 7, 4)).ShouldBeNull();

        static string Hours(DateOnly date) => $"{Nyse.Hours(date)!.Value.Open:HH:mm}-{Nyse.Hours(date)!.Value.Close:HH:mm}";
    }

    [Fact]
    public void ExpectedBars_AreRegularMinutes_OfShares()
    {
        var day = Utc(2014, 6, 9);
        Nyse.Expected(day, day.AddDays(1), BarInterval.OneMinute).ShouldBe(390);
        Nyse.Expected(day, day.AddDays(1), BarInterval.OneHour).ShouldBe(7);
        Nyse.Expected(day, day.AddDays(1), BarInterval.OneDay).ShouldBe(1);
        Nyse.Expected(Utc(2014, 7, 3), Utc(2014, 7, 7), BarInterval.OneMinute).ShouldBe(210);
        Nyse.Expected(day.AddHours(14), day.AddHours(15), BarInterval.OneMinute).ShouldBe(60);
        Nyse.Expected(day.AddHours(13.5).AddTicks(1), day.AddHours(13.75), BarInterval.OneMinute).ShouldBe(14);
        Nyse.Expected(Utc(1989, 12, 29), day, BarInterval.OneDay).ShouldBeNull("the rules before 1990 are not known, and unknown is not zero");
    }

    [Fact]
    public void Currencies_TradeFromSundayEveningToFridayEvening()
    {
        var week = Utc(2016, 11, 6);
        FxCalendar.Instance.Expected(week, week.AddDays(7), BarInterval.OneDay).ShouldBe(6);
        FxCalendar.Instance.Expected(week, week.AddDays(7), BarInterval.OneHour).ShouldBe(5 * 24);
        FxCalendar.Instance.Hours(new(2016, 11, 6))!.Value.Open.ShouldBe(week.AddHours(22));
        FxCalendar.Instance.IsSession(new(2016, 11, 12)).ShouldBeFalse();
    }

    [Fact]
    public void Coins_AlwaysTrade() =>
        ContinuousCalendar.Instance.Expected(Utc(2016, 2, 28), Utc(2016, 3, 1), BarInterval.OneMinute).ShouldBe(2 * 1440);

    [Fact]
    public void ExpectedBars_OfTwoSpansThatMeet_AreThoseOfTheWhole()
    {
        var instants = Gen.Choose(0, 12_000_000).Select(minute => Utc(2000, 1, 1).AddMinutes(minute));
        Prop.ForAll(instants.Three().ToArbitrary(), three =>
        {
            DateTimeOffset[] sorted = [three.Item1, three.Item2, three.Item3];
            Array.Sort(sorted);
            return Enum.GetValues<AssetClass>().Select(TradingCalendars.Of).All(calendar => Enum.GetValues<BarInterval>().All(interval =>
                calendar.Expected(sorted[0], sorted[2], interval) ==
                calendar.Expected(sorted[0], sorted[1], interval) + calendar.Expected(sorted[1], sorted[2], interval)));
        }).QuickCheckThrowOnFailure();
    }

    static DateTimeOffset Utc(int year, int month, int day) => new(year, month, day, 0, 0, 0, TimeSpan.Zero);

    static IEnumerable<(DateOnly Date, bool Early)> Reference() =>
        from line in File.ReadLines(Path.Combine(RepositoryFiles.Shared!, "data", "calendar", "usa_equity_sessions.csv")).Skip(1)
        let cells = line.Split(',')
        select (DateOnly.Parse(cells[0], CultureInfo.InvariantCulture), cells[1].Length > 0);
}

using System.Globalization;
using Trading.Testing;

namespace Trading.MarketData.Tests;

public sealed class SessionDaysTests
{
    /// <summary>Against the time zones of the system, at every hour of two years.</summary>
    [Fact]
    public void TradeDate_IsThatOfTheMarket_AtEveryHour()
    {
        var newYork = TimeZoneInfo.FindSystemTimeZoneById("America/New_York");
        for (var time = new DateTimeOffset(2024, 1, 1, 0, 30, 0, TimeSpan.Zero); time.Year < 2026; time = time.AddHours(1))
        {
            var local = TimeZoneInfo.ConvertTime(time, newYork).DateTime;
            var evening = DateOnly.FromDateTime(local.Hour >= 17 ? local.AddDays(1) : local);
            while (evening.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday) evening = evening.AddDays(1);

            SessionDays.TradeDate(AssetClass.Crypto, time).ShouldBe(DateOnly.FromDateTime(time.UtcDateTime));
            SessionDays.TradeDate(AssetClass.Equity, time).ShouldBe(DateOnly.FromDateTime(local));
            SessionDays.TradeDate(AssetClass.Fx, time).ShouldBe(evening);
        }
    }

    static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    /// <summary>17:00 in New York is 22:00 UTC in winter and 21:00 in summer; summer time began on 8 March 2026.</summary>
    [Theory]
    [InlineData("EURUSD", AssetClass.Fx, "2026-03-06 21:59", "2026-03-06")]   // Friday, winter
    [InlineData("EURUSD", AssetClass.Fx, "2026-03-06 22:00", null)]           // the week is over
    [InlineData("EURUSD", AssetClass.Fx, "2026-03-08 20:59", null)]
    [InlineData("EURUSD", AssetClass.Fx, "2026-03-08 21:00", "2026-03-09")]   // Sunday evening, summer
    [InlineData("EURUSD", AssetClass.Fx, "2026-03-09 20:59", "2026-03-09")]
    [InlineData("EURUSD", AssetClass.Fx, "2026-03-09 21:00", "2026-03-10")]
    [InlineData("EURUSD", AssetClass.Fx, "2026-11-02 21:59", "2026-11-02")]   // winter again since the day before
    [InlineData("EURUSD", AssetClass.Fx, "2026-11-02 22:00", "2026-11-03")]
    [InlineData("ES=F", AssetClass.Equity, "2026-07-01 21:00", "2026-07-02")]
    [InlineData("ES=F", AssetClass.Equity, "2026-01-05 21:30", "2026-01-05")]
    [InlineData("BTCUSDT", AssetClass.Crypto, "2026-03-08 23:59", "2026-03-08")]
    [InlineData("BTCUSDT", AssetClass.Crypto, "2026-03-09 00:00", "2026-03-09")]
    [InlineData("IBM", AssetClass.Equity, "2026-03-06 14:30", "2026-03-06")]  // the opening in winter
    [InlineData("IBM", AssetClass.Equity, "2026-03-09 13:29", null)]
    [InlineData("IBM", AssetClass.Equity, "2026-03-09 13:30", "2026-03-09")]  // in summer
    [InlineData("IBM", AssetClass.Equity, "2026-03-09 20:00", null)]          // closed
    [InlineData("IBM", AssetClass.Equity, "2026-11-27 17:59", "2026-11-27")]  // closes early
    [InlineData("IBM", AssetClass.Equity, "2026-11-27 18:00", null)]
    [InlineData("IBM", AssetClass.Equity, "2026-12-25 16:00", null)]          // a holiday
    public void Instant_BelongsToTheSessionOfItsMarket(string symbol, AssetClass kind, string time, string? session) =>
        SessionDays.Of(symbol, kind, At(time)).ShouldBe(session is null ? null : DateOnly.Parse(session, CultureInfo.InvariantCulture));

    [Fact]
    public void HoursOfACurrency_BecomeTheDaysOfItsMarket_AcrossTheChangeOfSummerTime()
    {
        var days = new DailyBars("EURUSD", AssetClass.Fx);
        List<Bar> finished = [];
        for (var hour = At("2026-03-05 22:00"); hour < At("2026-03-11 00:00"); hour = hour.AddHours(1))
            if (days.TryAdd(new(hour, 1, 1.2m, 0.9m, hour.Hour, 1), out var day) && day is { } bar) finished.Add(bar);

        finished.Select(bar => (bar.Time.Day, bar.Close, bar.Volume)).ShouldBe([(6, 21m, 24m), (9, 20m, 24m), (10, 20m, 24m)]);
        days.Complete(At("2026-03-11 00:00")).ShouldBeNull("the session of the 11th goes on");
    }

    [ReferenceFact]
    public void MinutesOfAShare_BecomeItsDailyBar()
    {
        var days = new DailyBars("AAPL", AssetClass.Equity);
        foreach (var row in EvaluationFile.Rows(Path.Combine(RepositoryFiles.Shared!, "data", "intraday", "aapl_1m_trade_2014-06-05.csv")))
            days.TryAdd(row.Bar(NewYorkTime.At(row.Time).ToUniversalTime()), out _);

        var known = EvaluationFile.Rows(Path.Combine(RepositoryFiles.Shared!, "data", "daily", "aapl.csv")).Single(row => row.Text("date") == "2014-06-05");
        var built = days.Complete(At("2014-06-06 00:00"))!.Value;
        (built.Time, built.Open, built.Close, built.Volume).ShouldBe((At("2014-06-05"), known.Number("open")!.Value, known.Number("close")!.Value, known.Number("volume")));
    }
}

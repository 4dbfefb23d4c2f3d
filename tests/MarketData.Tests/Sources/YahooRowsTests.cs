using System.Globalization;
using System.Text;

namespace Trading.MarketData.Tests;

/// <summary>Charts as users of other programs reported them: rows written twice, histories that are not divided by their
/// splits, distributions of funds, and rows that cannot be read.</summary>
public sealed class YahooRowsTests
{
    static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    static readonly BarRequest Days = new("X", BarInterval.OneDay, null, null);

    /// <summary>Sessions of November 2026 at 14:30 UTC, which is 9:30 in New York.</summary>
    static long Opening(int day) => new DateTimeOffset(2026, 11, day, 14, 30, 0, TimeSpan.Zero).ToUnixTimeSeconds();

    static BarAnswer Read(string rows, string events = "", BarRequest? request = null)
    {
        var cells = rows.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(row => row.Split(' ')).ToArray();
        string Column(int index) => string.Join(',', cells.Select(row => row[index]));
        var body = $$"""
            {"meta":{"symbol":"X","dataGranularity":"{{(request ?? Days).Interval.Code()}}","currency":"USD",
              "exchangeTimezoneName":"America/New_York","regularMarketTime":{{Opening(19) + 23_400}},
              "currentTradingPeriod":{"regular":{"start":{{Opening(19)}},"end":{{Opening(19) + 23_400}} } } },
             "timestamp":[{{Column(0)}}],"events":{ {{events}} },
             "indicators":{"quote":[{"open":[{{Column(1)}}],"high":[{{Column(2)}}],"low":[{{Column(3)}}],"close":[{{Column(4)}}],"volume":[{{Column(5)}}]}]} }
            """;
        using var document = JsonField.Parse("yahoo", Encoding.UTF8.GetBytes(body));
        return YahooChart.Read(JsonField.Root("yahoo", document), "X", request ?? Days, Now);
    }

    static string Row(int day, string close, string volume = "100") => Row(Opening(day), close, volume);

    static string Row(long time, string close, string volume = "100") =>
        string.Create(CultureInfo.InvariantCulture, $"{time} {close} {close} {close} {close} {volume}\n");

    static string Split(int day, string from, string to) =>
        $$"""
        "splits":{"1":{"date":{{Opening(day)}},"numerator":{{to}},"denominator":{{from}} } }
        """;

    [Fact]
    public void SessionWrittenTwice_IsTheLaterRow_AndItsVolumeIsNotAdded()
    {
        var answer = Read(Row(17, "10") + Row(18, "11", "500") + Row(Opening(18) + 23_401, "12", "700") + Row(19, "13"));

        answer.Bars.Select(bar => (bar.Time.Day, bar.Close, bar.Volume)).ShouldBe([(17, 10m, 100m), (18, 12m, 700m), (19, 13m, 100m)]);
    }

    [Theory]
    [InlineData(3, 14)]
    [InlineData(4, 15)]
    public void SessionWrittenAnyNumberOfTimes_IsTheLastRow(int times, int close)
    {
        var rows = string.Concat(Enumerable.Range(0, times).Select(time => Row(Opening(18) + time * 60, (12 + time).ToString(CultureInfo.InvariantCulture))));

        Read(rows).Bars.ShouldHaveSingleItem().Close.ShouldBe(close);
    }

    [Fact]
    public void SecondRowOfASession_WithoutPrices_LeavesTheFirst() =>
        Read(Row(18, "11") + Row(Opening(18) + 60, "null", "null")).Bars.ShouldHaveSingleItem().Close.ShouldBe(11m);

    [Fact]
    public void RowsOfOneTime_AreTheLaterOne_AlsoOfMinutes() =>
        Read(Row(18, "11") + Row(18, "12"), request: Days with { Interval = BarInterval.OneMinute }).Bars.ShouldHaveSingleItem().Close.ShouldBe(12m);

    [Fact]
    public void SplitThatTheHistoryIsNotDividedBy_MovesThatDayByMinus3Point509Percent()
    {
        var answer = Read(Row(16, "0.020") + Row(17, "0.019") + Row(18, "2.75") + Row(19, "2.61"), Split(18, "150", "1"));

        answer.Bars.Select(bar => bar.Close).ShouldBe([0.020m, 0.019m, 2.75m, 2.61m]);
        Adjusted(answer).ShouldBe(-3.509, 0.0005);
    }

    [Theory]
    [InlineData("150", "1", "3", "2.85", "2.75", -3.509)]     // divided by Yahoo: the same day
    [InlineData("1", "4", "130", "124.8", "129", 3.365)]
    [InlineData("1", "4", "520", "499.2", "129", 3.365)]      // 4:1, not divided
    [InlineData("1", "10", "1000", "1010", "98", -2.970)]
    [InlineData("2", "3", "60", "60", "41", 2.5)]             // 3:2, not divided
    [InlineData("2", "3", "40", "40", "41", 2.5)]
    [InlineData("20", "21", "42", "42", "41", -2.381)]        // 5 % of shares: within a day's move, Yahoo's rule holds
    public void HistoryDividedByItsSplitOrNot_GivesTheSameMove(string from, string to, string first, string before, string after, double move) =>
        Adjusted(Read(Row(16, first) + Row(17, before) + Row(18, after) + Row(19, after), Split(18, from, to))).ShouldBe(move, 0.001);

    [Fact]
    public void HistoryDividedOnlyFromSomeSessionOn_IsTakenBackFromThere()
    {
        var answer = Read(Row(12, "400") + Row(13, "404") + Row(16, "102") + Row(17, "100") + Row(18, "101"), Split(18, "1", "4"));

        answer.Bars.Select(bar => bar.Close).ShouldBe([400m, 404m, 408m, 400m, 101m]);
    }

    [Fact]
    public void OfTwoSplits_OnlyTheOneThatWasDividedBy_IsUndone()
    {
        var splits = $$"""
            "splits":{"1":{"date":{{Opening(16)}},"numerator":2,"denominator":1},"2":{"date":{{Opening(18)}},"numerator":10,"denominator":1} }
            """;

        // the 2:1 of the 16th is in the rows before it, the 10:1 of the 18th is not
        var answer = Read(Row(13, "500") + Row(16, "510") + Row(17, "505") + Row(18, "51"), splits);

        answer.Bars.Select(bar => bar.Close).ShouldBe([1000m, 510m, 505m, 51m]);
    }

    [Fact]
    public void CapitalGains_ArePaidInCash_BesideADividendOfTheDay()
    {
        var events = $$"""
            "dividends":{"1":{"date":{{Opening(17)}},"amount":0.25},"2":{"date":{{Opening(18)}},"amount":0.5} },
            "capitalGains":{"1":{"date":{{Opening(18)}},"amount":1.5},"2":{"date":{{Opening(19)}},"amount":2} }
            """;

        Read(Row(16, "20") + Row(17, "20") + Row(18, "18") + Row(19, "16"), events).Actions.ShouldBe([
            new(new(2026, 11, 17), CorporateActionKind.Dividend, 0.25m),
            new(new(2026, 11, 18), CorporateActionKind.Dividend, 0.5m),
            new(new(2026, 11, 18), CorporateActionKind.CapitalGain, 1.5m),
            new(new(2026, 11, 19), CorporateActionKind.CapitalGain, 2m),
        ]);
    }

    [Theory]
    [InlineData("\"112\u0022", "100", "$.indicators.quote[0].open[1]")]
    [InlineData("1e39", "100", "$.indicators.quote[0].open[1]")]
    [InlineData("12", "\"many\u0022", "$.indicators.quote[0].volume[1]")]
    public void RowThatCannotBeRead_IsNamedAndDropped(string close, string volume, string place)
    {
        var answer = Read(Row(17, "10") + Row(18, close, volume) + Row(19, "13"));

        answer.Bars.Select(bar => bar.Close).ShouldBe([10m, 13m]);
        (answer.DroppedCount, answer.Dropped.Length).ShouldBe((1, 1));
        answer.Dropped[0].ShouldContain(place);
    }

    [Fact]
    public void DividendThatCannotBeRead_IsDropped_AndTheBarsStay()
    {
        var answer = Read(Row(17, "10") + Row(18, "11"), $$"""
            "dividends":{"1":{"date":{{Opening(18)}},"amount":-0.25} }
            """);

        (answer.Bars.Length, answer.Actions.Length, answer.DroppedCount).ShouldBe((2, 0, 1));
    }

    /// <summary>The move of the 18th in percent, splits taken out.</summary>
    static double Adjusted(BarAnswer answer)
    {
        var closes = PriceAdjustment.FromActions(answer.Actions, [.. answer.Bars]).Apply(answer.Bars)
            .ToDictionary(bar => bar.Raw.Time.Day, bar => (double)bar.Adjusted.Close);
        return 100 * ((closes[18] / closes[17]) - 1);
    }
}

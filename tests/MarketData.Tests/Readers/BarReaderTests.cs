using System.Text;

namespace Trading.MarketData.Tests;

public sealed class BarReaderTests
{
    const string Header = "time,open,high,low,close,volume\n";
    static readonly DateTimeOffset Day = new(2024, 3, 1, 0, 0, 0, TimeSpan.Zero);

    static async Task<(List<BarRow> Rows, BarReader Reader)> ReadAsync(string text, BarFormat? format = null, bool ignoreUnknown = false) =>
        await ReadAsync(Encoding.UTF8.GetBytes(text), format, ignoreUnknown);

    static async Task<(List<BarRow> Rows, BarReader Reader)> ReadAsync(byte[] input, BarFormat? format = null, bool ignoreUnknown = false)
    {
        var reader = new BarReader(new MemoryStream(input), format, "a.csv", ignoreUnknown);
        List<BarRow> rows = [];
        await foreach (var batch in reader.ReadAsync()) rows.AddRange(batch.Span);
        reader.GoodRows.ShouldBe(rows.Count);
        return (rows, reader);
    }

    static async Task ShouldFindAsync(string text, params (long? Line, string Field, string Rule)[] findings)
    {
        var (_, reader) = await ReadAsync(text);
        reader.Errors.Select(error => (error.Line, error.Field, error.Rule)).ShouldBe(findings);
        if (findings.Length > 0) Should.Throw<MarketDataFormatException>(reader.ThrowIfBad).Message.ShouldContain($"line {findings[0].Line}, ");
    }

    [Fact]
    public async Task Csv_IsReadByTheNamesOfItsColumns()
    {
        var (rows, reader) = await ReadAsync("Symbol,CLOSE,open,High,low,Date\nspy,3,1.50,4,0.5,2024-03-01\r\nBRK.B,30,15,40,5,2024-03-02");

        rows.ShouldBe(
        [
            new(2, "SPY", new(Day, 1.5m, 4, 0.5m, 3, null)),
            new(3, "BRK.B", new(Day.AddDays(1), 15, 40, 5, 30, null)),
        ]);
        reader.Faults.ShouldBe(0);
        reader.ThrowIfBad();
    }

    [Theory]
    [InlineData("2024-03-01", 0)]
    [InlineData("2024-03-01T00:00", 0)]
    [InlineData("2024-03-01 00:00:30", 30)]
    [InlineData("2024-03-01T00:00:30Z", 30)]
    [InlineData("2024-03-01T00:00:30.250Z", 30.25)]
    [InlineData("2024-03-01T00:00:30.250000999+00:00", 30.25)]
    [InlineData("2024-03-01T01:30:00+01:30", 0)]
    [InlineData("2024-02-29T19:00:00-05:00", 0)]
    [InlineData("2024-02-29T19:00:00-0500", 0)]
    [InlineData("1709251230500", 30.5)]
    [InlineData("1709251230500250", 30.50025)]
    public async Task Times_AreUniversalUnlessTheySayOtherwise(string text, double seconds)
    {
        var (rows, _) = await ReadAsync($"{Header}{text},1,1,1,1,1\n");

        (rows.ShouldHaveSingleItem().Bar.Time - Day).TotalMilliseconds.ShouldBe(1_000 * seconds, 0.001);
    }

    [Theory]
    [InlineData("2024-02-30", "date")]
    [InlineData("2024-13-01", "date")]
    [InlineData("2024-3-01", "date")]
    [InlineData("01.03.2024", "date")]
    [InlineData("20240301", "date")]
    [InlineData("1709251230", "date")]
    [InlineData("2024-03-01T24:00:00", "date")]
    [InlineData("2024-03-01T00:00:60", "date")]
    [InlineData("2024-03-01T00:00:00.", "date")]
    [InlineData("2024-03-01T00:00:00+15:00", "date")]
    [InlineData("2024-03-01T00:00:00X", "date")]
    [InlineData("today", "date")]
    [InlineData("1024-03-01", "range")]
    [InlineData("99999999999999", "range")]
    [InlineData("7258118400000", "range")]
    [InlineData("1709251230500250000", "range")]
    [InlineData("99999999999999999999", "range")]
    [InlineData("", "empty")]
    public Task ABadTime_IsFound(string text, string rule) => ShouldFindAsync($"{Header}{text},1,1,1,1,1\n", (2, "time", rule));

    [Theory]
    [InlineData("abc", "number")]
    [InlineData("1,5", "cells")]
    [InlineData("1.2.3", "number")]
    [InlineData("--1", "number")]
    [InlineData(" 1", "number")]
    [InlineData("1_000", "number")]
    [InlineData("0x10", "number")]
    [InlineData("-", "number")]
    [InlineData(".", "number")]
    [InlineData("١", "number")]
    [InlineData("NaN", "nan")]
    [InlineData("-Infinity", "nan")]
    [InlineData("1e", "number")]
    [InlineData("e5", "number")]
    [InlineData("1e5.0", "number")]
    [InlineData("1e+", "number")]
    [InlineData("1e15", "range")]
    [InlineData("1e-29", "range")]
    [InlineData("1e999999999999", "range")]
    [InlineData("", "empty")]
    [InlineData("1000000000000000", "range")]
    [InlineData("99999999999999999999999999999999", "range")]
    [InlineData("0.00000000000000000000000000001", "range")]
    [InlineData("1.0000000000000000000000000000", "range")]
    public Task ABadNumber_IsFound(string text, string rule) =>
        ShouldFindAsync($"{Header}2024-03-01,1,{text},1,1,1\n", (2, rule == "cells" ? "row" : "high", rule));

    [Theory]
    [InlineData("2024-03-01,1,1,1\n", "cells")]
    [InlineData("2024-03-01,1,1,1,1,1,1\n", "cells")]
    [InlineData("2024-03-01,1,1,1,1", "truncated")]
    [InlineData("2024-03-01,\"1,1,1,1,1\n", "quote")]
    [InlineData("2024-03-01,\"1\"2,1,1,1,1\n", "quote")]
    [InlineData("2024-03-01,1\"2,1,1,1,1\n", "quote")]
    public Task ABadLine_IsFound(string line, string rule) => ShouldFindAsync($"{Header}\n{line}", (3, "row", rule));

    [Fact]
    public async Task EveryFaultOfARow_IsFound_AndTheOtherRowsComeOut()
    {
        var (rows, reader) = await ReadAsync($"{Header}2024-03-01,1,1,1,1,1\nyesterday,,x,NaN,1e,-\n2024-03-02,2,2,2,2,\n");

        rows.Select(row => (row.Line, row.Bar.Close, row.Bar.Volume)).ShouldBe([(2, 1m, 1m), (4, 2m, null)]);
        reader.Errors.Select(error => (error.Line, error.Field, error.Rule)).ShouldBe(
            [(3, "time", "date"), (3, "open", "empty"), (3, "high", "number"), (3, "low", "nan"), (3, "close", "number"), (3, "volume", "number")]);
        (reader.GoodRows, reader.BadRows, reader.Faults).ShouldBe((2, 1, 6));
        reader.FaultsByRule["number"].ShouldBe(3);
    }

    [Theory]
    [InlineData("8.5e-06", 0.0000085)]
    [InlineData("8.5E-6", 0.0000085)]
    [InlineData("1e2", 100)]
    [InlineData("1.25e+1", 12.5)]
    [InlineData("12500e-3", 12.5)]
    [InlineData("0e99", 0)]
    [InlineData("-2.50e1", -25)]
    public async Task ANumberWithAnExponent_IsReadExactly_InEveryForm(string text, double expected)
    {
        foreach (var input in new[]
        {
            $"{Header}2024-03-01,1,1,1,{text},1\n",
            $$"""{"time":"2024-03-01","open":1,"high":1,"low":1,"close":{{text}}}""",
            $$"""[{"time":"2024-03-01","open":1,"high":1,"low":1,"close":"{{text}}"}]""",
        })
            (await ReadAsync(input)).Rows.ShouldHaveSingleItem().Bar.Close.ShouldBe((decimal)expected);
    }

    [Fact]
    public async Task ManyDigitsBeforeAnExponent_AreNotRounded() =>
        (await ReadAsync($"{Header}2024-03-01,1,1,1,1234567890123456789012345678e-20,1\n")).Rows.ShouldHaveSingleItem()
            .Bar.Close.ShouldBe(12345678.90123456789012345678m);

    [Theory]
    [InlineData("1735603200000,93576,94509,92888,93400.5,100,1735603259999,9,1,1,1,0", "2024-12-31T00:00:00", 93400.5)]
    [InlineData("1735689600000000,93576,94509,92888,93400.5,100,1735689659999999,9,1,1,1,0", "2025-01-01T00:00:00", 93400.5)]
    public async Task AnArchiveOfBinance_HasNoHeader_AndItsTimesAreToldBySize(string row, string time, double close)
    {
        var (rows, reader) = await ReadAsync($"{row}\n{row.Replace("0000,", "X000,", StringComparison.Ordinal)}\n");

        rows.ShouldHaveSingleItem().Bar.ShouldBe(
            new(DateTimeOffset.Parse(time + "Z", System.Globalization.CultureInfo.InvariantCulture), 93576, 94509, 92888, (decimal)close, 100));
        reader.Errors.ShouldHaveSingleItem().ShouldSatisfyAllConditions(error => error.Line.ShouldBe(2), error => error.Rule.ShouldBe("date"));
    }

    [Fact]
    public async Task AnArchiveWithAHeader_IsReadByItsNames() => (await ReadAsync(
        "open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,taker_buy_quote_volume,ignore\n"
            + "1735603200000,1,4,0.5,3,7,1735603259999,9,1,1,1,0\n", ignoreUnknown: true)).Rows.ShouldHaveSingleItem().Bar.Close.ShouldBe(3);

    [Theory]
    [InlineData("1735603200,1,1,1,1,1,2,9,1,1,1,0", "date")]                  // seconds
    [InlineData("1735603200000000000,1,1,1,1,1,2,9,1,1,1,0", "range")]        // nanoseconds
    [InlineData("17356032000000,1,1,1,1,1,2,9,1,1,1,0", "range")]             // neither
    public async Task ATimeOfAnotherUnit_IsAnError_AndNever1970(string row, string rule)
    {
        var (rows, reader) = await ReadAsync(row + "\n");

        rows.ShouldBeEmpty();
        reader.Errors.ShouldHaveSingleItem().ShouldSatisfyAllConditions(error => error.Field.ShouldBe("time"), error => error.Rule.ShouldBe(rule));
    }

    [Fact]
    public async Task FaultsOfAnArrayOnOneLine_NameTheirElement()
    {
        const string Good = """{"time":"2024-03-01","open":1,"high":1,"low":1,"close":1}""";

        var (rows, reader) = await ReadAsync($$"""[{{Good}},{"time":"2024-03-02","open":1,"high":"x","low":1},{{Good}},{}]""");

        rows.Select(row => (row.Line, row.Index)).ShouldBe([(1, 0L), (1, 2L)]);
        reader.Errors.Select(error => (error.Place, error.Field)).Take(3).ShouldBe(
            [("line 1, element [1]", "high"), ("line 1, element [1]", "close"), ("line 1, element [3]", "time")]);
        Should.Throw<MarketDataFormatException>(reader.ThrowIfBad).Message.ShouldContain("line 1, element [1], high, number");
    }

    [Fact]
    public async Task QuotedCells_AreTheirContent()
    {
        var (rows, _) = await ReadAsync("\"time\",\"open\",high,low,close,\"note, \"\"of the\"\" day\"\n\"2024-03-01\",\"1\",2,\"0.5\",1,\"a, \"\"b\"\"\"\n", ignoreUnknown: true);

        rows.ShouldHaveSingleItem().Bar.ShouldBe(new(Day, 1, 2, 0.5m, 1, null));
    }

    [Fact]
    public Task AHeaderWithoutItsColumns_EndsTheReading() => ShouldFindAsync(
        "date,time,open,close,volume\n2024-03-01,1,1,1,1\n", (1, "time", "duplicate_column"), (1, "high", "missing_column"), (1, "low", "missing_column"));

    [Fact]
    public async Task AnUnknownColumn_IsReportedOnceOrPassedOver()
    {
        const string Text = "time,open,high,low,close,vwap\n2024-03-01,1,1,1,1,x\n";

        await ShouldFindAsync(Text, (1, "vwap", "unknown_column"));
        (await ReadAsync(Text)).Rows.ShouldHaveSingleItem();
        (await ReadAsync(Text, ignoreUnknown: true)).Reader.Faults.ShouldBe(0);
    }

    [Fact]
    public async Task BytesThatAreNotUtf8_SpoilTheirLineOnly()
    {
        byte[] input = [0xef, 0xbb, 0xbf, .. Encoding.UTF8.GetBytes(Header), .. "2024-03-01,1,1,1,1,"u8, 0xff, (byte)'\n', .. "2024-03-02,1,1,1,1,1\n"u8];

        var (rows, reader) = await ReadAsync(input);

        rows.ShouldHaveSingleItem().Line.ShouldBe(3);
        reader.Errors.ShouldHaveSingleItem().ShouldBe(new("row", "utf8", "the line is not UTF-8", 2));
    }

    [Theory]
    [InlineData(5_000)]
    [InlineData(1_000_000)]
    public async Task AnEndlessLine_IsPassedOverInBoundedMemory(int length)
    {
        var (rows, reader) = await ReadAsync($"{Header}{new string('x', length)}\n2024-03-02,1,1,1,1,1\n");

        rows.ShouldHaveSingleItem().Line.ShouldBe(3);
        reader.Errors.ShouldHaveSingleItem().ShouldSatisfyAllConditions(error => error.Rule.ShouldBe("line_length"), error => error.Line.ShouldBe(2));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n\n")]
    [InlineData(Header)]
    [InlineData("[]")]
    public async Task AnInputWithoutRows_IsFaulty(string text) => (await ReadAsync(text)).Reader.Faults.ShouldBeGreaterThan(0);

    [Fact]
    public async Task OnlyTheFirstFaultsAreKept_AndAllAreCounted()
    {
        var (_, reader) = await ReadAsync(Header + string.Concat(Enumerable.Repeat("x,1,1,1,1,1\n", 250)));

        (reader.Errors.Length, reader.Faults, reader.BadRows).ShouldBe((100, 250, 250));
    }

    [Theory]
    [InlineData("""{"time":"2024-03-01","open":1,"high":"4.0","low":0.5,"close":3,"volume":null,"symbol":"spy"}""", nameof(BarFormat.NdJson))]
    [InlineData("""[{"TIMESTAMP":1709251200000,"Open":1,"high":4,"low":0.5,"close":3,"symbol":"\u0053PY"}]""", nameof(BarFormat.JsonArray))]
    public async Task Json_IsReadByTheNamesOfItsProperties(string text, string format)
    {
        foreach (var given in (BarFormat?[])[null, Enum.Parse<BarFormat>(format)])
        {
            var (rows, reader) = await ReadAsync(text, given);
            reader.Errors.ShouldBeEmpty();
            rows.ShouldBe([new(1, "SPY", new(Day, 1, 4, 0.5m, 3, null), reader.Errors.IsEmpty && text[0] == '[' ? 0 : null)]);
        }
    }

    [Fact]
    public async Task AnArrayOverManyLines_KeepsItsLineNumbers()
    {
        var (rows, reader) = await ReadAsync("""
            [
              { "time": "2024-03-01", "open": 1, "high": 1, "low": 1, "close": 1 },
              {
                "time": "2024-03-02", "open": 1, "high": 1, "low": 1, "close": "}{"
              },
              { "time": "2024-03-03", "open": 1, "high": 1, "low": 1, "close": 3 }
            ]
            """);

        rows.Select(row => row.Line).ShouldBe([2, 6]);
        reader.Errors.ShouldHaveSingleItem().ShouldSatisfyAllConditions(error => error.Line.ShouldBe(3), error => error.Field.ShouldBe("close"));
    }

    [Theory]
    [InlineData("""{"time":"2024-03-01","open":1,"high":1,"low":1}""", "close", "missing_column")]
    [InlineData("""{"time":"2024-03-01","open":1,"high":1,"low":1,"close":1,"close":1}""", "close", "duplicate_column")]
    [InlineData("""{"time":"2024-03-01","open":1,"high":1,"low":1,"close":1,"vwap":[1,{"a":2}]}""", "vwap", "unknown_column")]
    [InlineData("""{"time":"2024-03-01","open":true,"high":1,"low":1,"close":1}""", "open", "number")]
    [InlineData("""{"time":"2024-03-01","open":1,"high":{"a":1},"low":1,"close":1}""", "high", "number")]
    [InlineData("""{"time":"2024-03-01","open":1,"high":1,"low":null,"close":1}""", "low", "empty")]
    [InlineData("""{"time":"2024-03-01","open":1,"high":1,"low":1,"close":1e}""", "row", "json")]
    [InlineData("""{"time":"2024-03-01","open":1,"high":1,"low":1,"close":"NaN"}""", "close", "nan")]
    [InlineData("""{"time":"2024-03-01","open":1,"high":1,"low":1,"close":1,"symbol":"a b"}""", "symbol", "symbol")]
    [InlineData("""{"time":"2024-03-01","open":1,"high":1,"low":1,"close":1,"symbol":"\ud800"}""", "row", "json")]
    [InlineData("""{"time":"2024-03-01","open":1 1}""", "row", "json")]
    [InlineData("""{"time":"2024-03-01","open":1,"hi""", "row", "truncated")]
    public Task ABadRecord_IsFound(string record, string field, string rule) => ShouldFindAsync(record, (1, field, rule));

    [Theory]
    [InlineData("[1]", "json")]
    [InlineData("[{} {}]", "json")]
    [InlineData("[,]", "json")]
    [InlineData("[{},]", "json")]
    [InlineData("[] x", "json")]
    [InlineData("[{}", "truncated")]
    [InlineData("[{\"a\":\"}", "truncated")]
    public async Task ABrokenArray_EndsTheReading(string text, string rule)
    {
        var (_, reader) = await ReadAsync(text);

        reader.Errors.ShouldAllBe(error => error.Line == 1);
        reader.Errors[^1].Rule.ShouldBe(rule);
    }
}

using System.Text;

namespace Trading.MarketData.Tests;

public sealed class FredPayloadTests
{
    static readonly DateTimeOffset Now = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    static MacroObservation[] Json(string body) => [.. FredPayload.ParseJson("fred", Bytes(body), Now)];

    static MacroObservation[] Csv(string body) => [.. FredPayload.ParseCsv("fred", "DGS10", Bytes(body), Now)];

    static string Refused(Action read)
    {
        var refused = Should.Throw<SourceException>(read);
        refused.Failure.ShouldBe(SourceFailure.Nonsense);
        return refused.Message;
    }

    [Fact]
    public void Json_IsRead_AndADotIsMissing_NotZero() => Json("""
        {"realtime_start":"2026-01-05","realtime_end":"2026-01-05","observation_start":"1600-01-01","observation_end":"9999-12-31","units":"lin",
        "output_type":1,"file_type":"json","order_by":"observation_date","sort_order":"asc","count":3,"offset":0,"limit":100000,"observations":[
        {"realtime_start":"2026-01-05","realtime_end":"2026-01-05","date":"2024-01-01","value":"."},
        {"realtime_start":"2026-01-05","realtime_end":"2026-01-05","date":"2024-01-02","value":"3.95"},
        {"realtime_start":"2026-01-05","realtime_end":"2026-01-05","date":"2024-01-03","value":"-0.5"}]}
        """).ShouldBe([new(new(2024, 1, 1), null, Now), new(new(2024, 1, 2), 3.95m, Now), new(new(2024, 1, 3), -0.5m, Now)]);

    [Fact]
    public void Vintages_AreKnownFromTheEndOfTheirDay() => Json("""
        {"observations":[{"realtime_start":"2020-03-26","date":"2019-10-01","value":"2.1"},{"realtime_start":"2020-01-30","date":"2019-10-01","value":"2.0"}]}
        """).ShouldBe(
        [
            new(new(2019, 10, 1), 2.0m, new(2020, 1, 31, 0, 0, 0, TimeSpan.Zero)),
            new(new(2019, 10, 1), 2.1m, new(2020, 3, 27, 0, 0, 0, TimeSpan.Zero)),
        ]);

    [Theory]
    [InlineData("DATE,DGS10\n2024-01-01,.\n2024-01-02,3.95\n")]
    [InlineData("observation_date,DGS10\n2024-01-01,\n2024-01-02,3.95\n")]
    [InlineData("observation_date,dgs10\r\n2024-01-02,3.95\r\n2024-01-01,.")]
    public void Csv_IsReadInBothForms(string body) => Csv(body).ShouldBe([new(new(2024, 1, 1), null, Now), new(new(2024, 1, 2), 3.95m, Now)]);

    [Theory]
    [InlineData("{\"observations\":{}}", "no array")]
    [InlineData("[]", "no array")]
    [InlineData("{\"count\":2,\"observations\":[{\"date\":\"2024-01-02\",\"value\":\"1\"}]}", "1 of 2")]
    [InlineData("{\"observations\":[{\"date\":\"2024-13-02\",\"value\":\"1\"}]}", "observations[0].date")]
    [InlineData("{\"observations\":[{\"date\":\"2024-01-02\",\"value\":\"NaN\"}]}", "observations[0].value")]
    [InlineData("{\"observations\":[{\"date\":\"2024-01-02\",\"value\":1}]}", "observations[0].value")]
    [InlineData("{\"observations\":[7]}", "observations[0].date")]
    [InlineData("{\"observations\":[{\"date\":\"2024-01-02\",\"value\":\"1\"},{\"date\":\"2024-01-02\",\"value\":\"2\"}]}", "given twice")]
    [InlineData("{\"observations\":[{\"date\":\"2024", "not the JSON")]
    [InlineData("<html>", "not the JSON")]
    public void OtherJson_IsRefusedWhole(string body, string why) => Refused(() => Json(body)).ShouldContain(why);

    [Theory]
    [InlineData("DATE,GDP\n2024-01-01,1\n", "the columns are not a date and DGS10")]
    [InlineData("<!DOCTYPE html>\n<html>", "the columns are not")]
    [InlineData("DATE,DGS10\n01/02/2024,1\n2024-01-02,x\n", "line 3, DGS10, number")]
    [InlineData("DATE,DGS10\n2024-01-01,1\n2024-01-01,1\n", "given twice")]
    [InlineData("", "empty")]
    public void OtherCsv_IsRefusedWhole(string body, string why) => Refused(() => Csv(body)).ShouldContain(why);

    [Fact]
    public void UnknownSeries_IsToldFromOtherRefusals()
    {
        FredPayload.SaysUnknown(Bytes("{\"error_code\":400,\"error_message\":\"Bad Request.  The series does not exist.\"}")).ShouldBeTrue();
        FredPayload.SaysUnknown(Bytes("{\"error_code\":400,\"error_message\":\"Bad Request.  The value for variable api_key is not registered.\"}")).ShouldBeFalse();
        FredPayload.SaysUnknown(Bytes("<html>")).ShouldBeFalse();
    }
}

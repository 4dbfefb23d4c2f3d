using NSubstitute;
using Trading.MarketData;
using Trading.Portfolios;

namespace Trading.Api.Tests;

public sealed class CorrectionsTests(ApiHost api) : IClassFixture<ApiHost>
{
    static readonly DateTimeOffset Noon = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    static readonly CorrectedPrice Corrected = new(
        new PriceCorrection("IBM", new DateOnly(1996, 1, 2), 22.58m, 22.85m, Noon.AddHours(-1), Noon), true, true, false, 120.5m, null, Noon.AddSeconds(5));

    const string Json = """
        {"price":{"symbol":"IBM","session":"1996-01-02","before":22.58,"after":22.85,"wrong_since":"2026-01-05T11:00:00+00:00","at":"2026-01-05T12:00:00+00:00"},
        "held":true,"in_window":true,"is_last":false,"value_at_risk_before":120.5,"value_at_risk_after":null,"taken_at":"2026-01-05T12:00:05+00:00"}
        """;

    static string OneLine(string json) => json.ReplaceLineEndings("");

    [Fact]
    public async Task Decision_NamesThePricesInItThatWerePutRightLater()
    {
        var explanation = Samples.Replay.Explanation with { Corrections = [Corrected] };
        api.Book.ReplayAsync("default:7").Returns(Outcome.Done(Samples.Replay with { Explanation = explanation }));

        var reply = await api.GetAsync("/api/risk/decisions/default:7");

        reply.Json.GetProperty("corrections").GetRawText().ShouldBe($"[{OneLine(Json)}]");
    }

    [Fact]
    public async Task Report_SaysWhatCorrectionsMeantForItsFigures()
    {
        api.Risk.GetReportAsync().Returns(Outcome.Done(Samples.Report with { Corrections = [new(Corrected, "value_at_risk used it.")] }));

        var reply = await api.GetAsync("/api/risk/report");

        reply.Json.GetProperty("corrections").GetRawText().ShouldBe($$"""[{"correction":{{OneLine(Json)}},"message":"value_at_risk used it."}]""");
    }
}

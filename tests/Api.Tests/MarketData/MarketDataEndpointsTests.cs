using NSubstitute;
using Trading.MarketData;

namespace Trading.Api.Tests;

public sealed class MarketDataEndpointsTests(ApiHost api) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task Quality_IsReadByTheTickerInAnyCase()
    {
        api.Grain(Substitute.For<ISymbolDataGrain>(), "IBM").GetQualityAsync().Returns(Samples.Quality);

        var reply = await api.GetAsync("/api/data/quality/ibm");

        reply.Text.ShouldBe("""
            {"symbol":"IBM","status":"updated","sector":"Technology","observations":2,"first_session":"2026-01-01","last_session":"2026-01-02",
            "last_price":182.5,"completeness":1,"consistency":1,"freshness":1,"age_seconds":60,
            "provenance":{"source":"replay","as_of":"2026-01-05T12:00:00+00:00","received_at":"2026-01-05T12:00:00+00:00"},"version":3,
            "anomalies":[{"date":"2026-01-02","rule":"jump","observed":0.31,"limit":0.25,"message":"The close moved by 31 %."}]}
            """.ReplaceLineEndings(""));
    }

    [Fact]
    public async Task Symbol_ThatNoSourceKnows_IsNotFound()
    {
        api.Grain(Substitute.For<ISymbolDataGrain>(), "NONE").GetQualityAsync().Returns(Samples.Quality with { Symbol = "NONE", Status = SeriesStatus.Unknown });

        var reply = await api.GetAsync("/api/data/quality/NONE");

        reply.Status.ShouldBe(404);
        reply.Errors.ShouldBe(["symbol unknown"]);
    }

    [Fact]
    public async Task Symbol_ThatIsMalformed_IsRefused() => (await api.GetAsync("/api/data/quality/A%20B")).Errors.ShouldBe(["symbol form"]);
}

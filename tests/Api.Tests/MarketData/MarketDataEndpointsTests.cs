using NSubstitute;
using Trading.MarketData;

namespace Trading.Api.Tests;

public sealed class MarketDataEndpointsTests(ApiHost api) : IClassFixture<ApiHost>
{
    ISymbolDataGrain Symbol(string symbol) => api.Grain(Substitute.For<ISymbolDataGrain>(), symbol);

    ISymbolDataGrain SymbolWithBars(string symbol)
    {
        var grain = Symbol(symbol);
        grain.GetBarsAsync(default!).ReturnsForAnyArgs(Outcome.Done(new BarPage(
            symbol, BarInterval.OneDay, null, [Samples.Accepted, Samples.Held], [new(new(2026, 1, 6), CorporateActionKind.Split, 2)], true)));
        return grain;
    }

    [Fact]
    public async Task Quality_IsReadByTheTickerInAnyCase()
    {
        Symbol("IBM").GetQualityAsync().Returns(Samples.Quality);

        var reply = await api.GetAsync("/api/data/quality/ibm");

        reply.Text.ShouldBe("""
            {"symbol":"IBM","status":"updated","sector":"Technology","observations":2,"first_session":"2026-01-01","last_session":"2026-01-02",
            "last_price":182.5,"age_seconds":60,"provenance":{"source":"replay","as_of":"2026-01-05T12:00:00+00:00","received_at":"2026-01-05T12:00:00+00:00"},
            "version":3,"quality":{"symbol":"IBM","interval":"1d","mode":"reduce_only","reasons":["the newest bar was not accepted"],
            "scores":{"completeness":1,"consistency":0.5,"accuracy":null,"freshness":1},"first":"2026-01-01T12:00:00+00:00","last":"2026-01-02T12:00:00+00:00",
            "age_seconds":60,"accepted":2,"quarantined":1,"rejected":0,"rules":[{"rule":"jump","verdict":"quarantine","count":1}],
            "latest":[{"time":"2026-01-05T12:00:00+00:00","rule":"jump","verdict":"quarantine","observed":0.31,"limit":0.25,"evidence":"The close moved by 31 %."}]}}
            """.ReplaceLineEndings(""));
    }

    [Fact]
    public async Task Symbol_ThatNoSourceKnows_IsNotFound()
    {
        Symbol("NONE").GetQualityAsync().Returns(DataQuality.Nothing("NONE", SeriesStatus.Unknown));

        var reply = await api.GetAsync("/api/data/quality/NONE");

        reply.Status.ShouldBe(404);
        reply.Errors.ShouldBe(["symbol unknown"]);
    }

    [Fact]
    public async Task Bars_OfASymbolThatNoSourceKnows_AreNotFound_LikeItsQuality()
    {
        Symbol("NOWHERE").GetBarsAsync(default!).ReturnsForAnyArgs(Outcome.NotFound<BarPage>("symbol", "No source knows the symbol 'NOWHERE'."));

        var reply = await api.GetAsync("/api/data/bars/NOWHERE");

        (reply.Status, reply.Errors.ShouldHaveSingleItem()).ShouldBe((404, "symbol unknown"));
    }

    [Fact]
    public async Task Symbol_ThatIsMalformed_IsRefused() => (await api.GetAsync("/api/data/quality/A%20B")).Errors.ShouldBe(["symbol form"]);

    [Fact]
    public async Task Sources_AreReportedWithStateBudgetAndShare()
    {
        api.Grain(Substitute.For<IMarketOverviewGrain>(), GrainKeys.MarketOverview).GetSourcesAsync().Returns([Samples.Source]);

        (await api.GetAsync("/api/data/sources")).Text.ShouldBe("""
            [{"source":"yahoo","serves":[{"class":"equity","place":1}],"state":"probation","breaker":"half_open","good_answers":2,"good_answers_needed":3,
            "last_success":"2026-01-05T12:00:00+00:00","last_failure":"2026-01-05T12:00:00+00:00","last_reason":"yahoo: 500","latency_p50":12.5,"latency_p95":80,
            "served":9,"share":0.75,"failures":3,"nonsense":1,"budget_left":1200,"budget_per_minute":2000,"retry_at":null,"dropped_rows":0,"last_dropped_row":null}]
            """.ReplaceLineEndings(""));
    }

    [Fact]
    public async Task Bars_AreGivenAsTheSourceGaveThem_WithTheAdjustedOnesBeside()
    {
        SymbolWithBars("RAW");

        (await api.GetAsync("/api/data/bars/raw")).Text.ShouldBe("""
            {"symbol":"RAW","interval":"1d","as_of":null,"adjusted":false,"bars":[
            {"time":"2026-01-05T12:00:00+00:00","open":180,"high":186,"low":179.5,"close":182.5,"volume":1000,
            "adjusted":{"open":90,"high":93,"low":89.75,"close":91.25,"volume":2000},"verdict":"accept","rule":null,"note":null,
            "source":"yahoo","event_time":"2026-01-06T12:00:00+00:00","known_at":"2026-01-07T12:00:00+00:00","revision":7},
            {"time":"2026-01-05T12:00:00+00:00","open":180,"high":186,"low":179.5,"close":182.5,"volume":1000,
            "adjusted":null,"verdict":"quarantine","rule":"jump","note":"The close moved by 31 %.",
            "source":"yahoo","event_time":"2026-01-06T12:00:00+00:00","known_at":"2026-01-07T12:00:00+00:00","revision":8}],
            "actions":[{"ex_date":"2026-01-06","kind":"split","value":2}],"more":true}
            """.ReplaceLineEndings(""));
    }

    [Fact]
    public async Task AdjustedBars_AreOnlyTheOnesThatCount()
    {
        SymbolWithBars("ADJ");

        var answer = (await api.GetAsync("/api/data/bars/ADJ?adjusted=true")).Json;

        answer.GetProperty("adjusted").GetBoolean().ShouldBeTrue();
        var bar = answer.GetProperty("bars").EnumerateArray().ShouldHaveSingleItem();
        (bar.GetProperty("close").GetDecimal(), bar.GetProperty("volume").GetDecimal()).ShouldBe((91.25m, 2_000m));
    }

    [Fact]
    public async Task BarQuery_ReachesTheGrain()
    {
        var grain = SymbolWithBars("ASK");

        (await api.GetAsync("/api/data/bars/ASK?interval=15m&from=2026-01-05&to=2026-01-06T00:00:00Z&as_of=2026-01-07T13:00:00%2B01:00&limit=7")).Status.ShouldBe(200);

        await grain.Received().GetBarsAsync(new(BarInterval.FifteenMinutes, At(5), At(6), At(7).AddHours(12), 7));
    }

    [Fact]
    public async Task BarQuery_ThatBreaksRules_NamesThemAll()
    {
        (await api.GetAsync("/api/data/bars/IBM?interval=2m&from=yesterday&adjusted=yes&limit=10001&colour=red")).Errors
            .ShouldBe(["interval form", "from form", "adjusted form", "limit form", "colour unknown_parameter"], ignoreOrder: true);
        (await api.GetAsync("/api/data/bars/IBM?interval=1m&adjusted=true&from=2026-01-06&to=2026-01-05")).Errors.ShouldBe(["to after_from", "adjusted daily"]);
    }

    static DateTimeOffset At(int day) => new(2026, 1, day, 0, 0, 0, TimeSpan.Zero);
}

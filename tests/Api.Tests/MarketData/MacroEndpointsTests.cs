using NSubstitute;
using Trading.MarketData;

namespace Trading.Api.Tests;

public sealed class MacroEndpointsTests(ApiHost api) : IClassFixture<ApiHost>
{
    static readonly DateTimeOffset Noon = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    IMacroSeriesGrain Series(string name, MacroStatus status)
    {
        var grain = api.Grain(Substitute.For<IMacroSeriesGrain>(), name);
        grain.GetAsync(default!).ReturnsForAnyArgs(new MacroSeries(
            name, status, "fred", [new(new(2024, 1, 1), null, Noon), new(new(2024, 1, 2), 3.95m, Noon)], null, Noon, 1, status == MacroStatus.Fresh ? null : "fred: no answer"));
        return grain;
    }

    [Fact]
    public async Task Series_IsWritten_WithNullForWhatIsMissing()
    {
        Series("DGS10", MacroStatus.Fresh);

        (await api.GetAsync("/api/data/macro/dgs10")).Text.ShouldBe("""
            {"series":"DGS10","status":"fresh","source":"fred","observations":[{"date":"2024-01-01","value":null,"known_at":"2026-01-05T12:00:00+00:00"},
            {"date":"2024-01-02","value":3.95,"known_at":"2026-01-05T12:00:00+00:00"}],"as_of":null,"received_at":"2026-01-05T12:00:00+00:00","revisions":1,"problem":null}
            """.ReplaceLineEndings(""));
    }

    [Fact]
    public async Task Query_ReachesTheGrain()
    {
        var grain = Series("GDP", MacroStatus.Stale);

        (await api.GetAsync("/api/data/macro/GDP?from=2024-01-01&to=2024-02-01&as_of=2026-01-05T13:00:00%2B01:00")).Status.ShouldBe(200);

        await grain.Received().GetAsync(new(new(2024, 1, 1), new(2024, 2, 1), Noon));
    }

    [Fact]
    public async Task EveryBrokenParameter_IsNamedAtOnce()
    {
        (await api.GetAsync("/api/data/macro/a%20b?from=yesterday&to=2024-13-01&as_of=1")).Errors.ShouldBe(["series form", "from form", "to form", "as_of form"], ignoreOrder: true);
        (await api.GetAsync("/api/data/macro/GDP?from=2024-02-01&to=2024-01-01")).Errors.ShouldBe(["to after_from"]);
    }

    [Fact]
    public async Task SeriesThatIsUnknown_IsNotFound_AndOneThatCannotBeHad_IsUnavailable()
    {
        Series("NONE", MacroStatus.Unknown);
        Series("DOWN", MacroStatus.Unavailable);

        (await api.GetAsync("/api/data/macro/NONE")).Errors.ShouldBe(["series unknown"]);
        var down = await api.GetAsync("/api/data/macro/DOWN");
        (down.Status, down.Json.GetProperty("detail").GetString()).ShouldBe((503, "Nothing is known of 'DOWN': fred: no answer."));
    }
}

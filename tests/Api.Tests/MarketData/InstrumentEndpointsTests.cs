using NSubstitute;
using Trading.MarketData;

namespace Trading.Api.Tests;

public sealed class InstrumentEndpointsTests(ApiHost api) : IClassFixture<ApiHost>
{
    static readonly InstrumentReport Report = new(
        "ACME", "Acme Corp.", "Tools", new(LotSize: 0.5m), [new(1, new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero), "ada", "new listing", "Acme Corp.", "Tools", new(LotSize: 0.5m))]);

    [Fact]
    public async Task Instrument_IsAnsweredWithEveryVersion_ItsPersonAndReason()
    {
        api.Grain(Substitute.For<ISymbolDataGrain>(), "ACME").GetInstrumentAsync().Returns(Report);

        (await api.GetAsync("/api/data/instruments/acme")).Text.ShouldBe("""
            {"symbol":"ACME","company":"Acme Corp.","sector":"Tools","terms":{"tradable":true,"lot_size":0.5,"tick_size":null,"min_notional":null,"average_daily_volume":null,"currency":null},
            "versions":[{"version":1,"at":"2026-01-05T12:00:00+00:00","by":"ada","reason":"new listing","company":"Acme Corp.","sector":"Tools",
            "terms":{"tradable":true,"lot_size":0.5,"tick_size":null,"min_notional":null,"average_daily_volume":null,"currency":null}}]}
            """.ReplaceLineEndings(""));
    }

    [Fact]
    public async Task Change_ReachesTheGrain_AndOneThatCameTooLateIsAConflict()
    {
        var grain = api.Grain(Substitute.For<ISymbolDataGrain>(), "NEW");
        grain.ChangeInstrumentAsync(default!).ReturnsForAnyArgs(
            Outcome.Done(Report), Outcome.Conflict<InstrumentReport>("expected_version", "version", "Version 0 is not the one in force."));
        const string Body = """{"sector":"Tools","lot_size":0.5,"currency":"EUR","by":"ada","reason":"new listing","expected_version":0}""";

        (await api.PostAsync("/api/data/instruments/new", Body)).Status.ShouldBe(200);
        var late = await api.PostAsync("/api/data/instruments/new", Body);

        (late.Status, late.Errors.ShouldHaveSingleItem()).ShouldBe((409, "expected_version version"));
        await grain.Received().ChangeInstrumentAsync(new(null, "Tools", new(LotSize: 0.5m) { Currency = "EUR" }, "ada", "new listing", 0));
    }

    [Fact]
    public async Task Change_NamesEveryBrokenRule() =>
        (await api.PostAsync("/api/data/instruments/ACME", """{"sector":" ","lot_size":"1","price":3}""")).Errors
            .ShouldBe(["sector form", "lot_size type", "price unknown_member", "by required", "reason required"], ignoreOrder: true);
}

using NSubstitute;
using Trading.MarketData;

namespace Trading.Api.Tests;

public sealed class QuarantineEndpointsTests(ApiHost api) : IClassFixture<ApiHost>
{
    const string Release = """{"time":"2026-01-05","interval":"1h","by":"ada","reason":"seen on the tape"}""";

    [Fact]
    public async Task List_IsOfASymbolOrOfAll()
    {
        var desk = api.Grain(Substitute.For<IMarketOverviewGrain>(), GrainKeys.MarketOverview);
        desk.GetQuarantineAsync("IBM", 7).Returns([new QuarantinedBar("IBM", BarInterval.OneDay, Samples.Held)]);
        desk.GetQuarantineAsync(null, 100).Returns([]);

        var held = (await api.GetAsync("/api/data/quarantine?symbol=ibm&limit=7")).Json.EnumerateArray().ShouldHaveSingleItem();
        (held.GetProperty("symbol").GetString(), held.GetProperty("interval").GetString(), held.GetProperty("bar").GetProperty("rule").GetString()).ShouldBe(("IBM", "1d", "jump"));
        (await api.GetAsync("/api/data/quarantine")).Text.ShouldBe("[]");
    }

    [Fact]
    public async Task Release_ReachesTheGrain_AndAnswersTheBar()
    {
        var grain = api.Grain(Substitute.For<ISymbolDataGrain>(), "IBM");
        grain.ReleaseAsync(default!).ReturnsForAnyArgs(Outcome.Done(Samples.Accepted));

        var reply = await api.PostAsync("/api/data/quarantine/ibm/release", Release);

        reply.Json.GetProperty("verdict").GetString().ShouldBe("accept");
        await grain.Received().ReleaseAsync(new(BarInterval.OneHour, new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero), "ada", "seen on the tape"));
    }

    [Fact]
    public async Task Release_OfABarThatIsNotThere_OrNotHeld_IsAProblem()
    {
        var grain = api.Grain(Substitute.For<ISymbolDataGrain>(), "GE");
        grain.ReleaseAsync(default!).ReturnsForAnyArgs(
            Outcome.NotFound<BarVersion>("time", "There is no bar."), Outcome.Conflict<BarVersion>("time", "not_quarantined", "It is accepted."));

        var (missing, accepted) = (await api.PostAsync("/api/data/quarantine/GE/release", Release), await api.PostAsync("/api/data/quarantine/GE/release", Release));

        (missing.Status, missing.Errors[0], accepted.Status, accepted.Errors[0]).ShouldBe((404, "time unknown", 409, "time not_quarantined"));
    }

    [Fact]
    public async Task Release_NamesEveryBrokenRule() =>
        (await api.PostAsync("/api/data/quarantine/IBM/release", """{"time":"noon","interval":"2d","by":" ","why":"?"}""")).Errors
            .ShouldBe(["time form", "interval form", "by form", "why unknown_member", "reason required"], ignoreOrder: true);
}

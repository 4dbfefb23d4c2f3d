using NSubstitute;
using Trading.Risk;

namespace Trading.Api.Tests;

public sealed class EmergencyTests(ApiHost api) : IClassFixture<ApiHost>
{
    static readonly DateTimeOffset Noon = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);
    static readonly GuardReport Stopped = new(
        "default", TradingMode.Halted, TradingMode.Active, [new(StopScope.Portfolio, "ada", "runaway", Noon)],
        new("flatten-9", [new("IBM", FlattenState.Flat, 1, Noon)], Noon, Noon), 0, 0,
        [new(new(BreakerName.DailyLoss, BreakerState.Tripped, Noon, 0.06, 0.05, "system", null, "over"), 0.06, Breakers.Default.DailyLoss)], 9);

    [Fact]
    public async Task Stop_OfABook_GoesToTheBookItself()
    {
        api.Book.StopAsync(new("ada", "runaway", true)).Returns(Outcome.Done(Stopped));
        var reply = await api.PostAsync("/api/risk/emergency-stop", """{"by":"ada","reason":"runaway","flatten":true}""");
        reply.Status.ShouldBe(200, reply.Text);
        reply.Json.GetProperty("scope").GetString().ShouldBe("portfolio");
        var book = reply.Json.GetProperty("portfolio");
        book.GetProperty("mode").GetString().ShouldBe("halted");
        book.GetProperty("plan").GetProperty("steps")[0].GetProperty("state").GetString().ShouldBe("flat");
        book.GetProperty("breakers")[0].GetProperty("breaker").GetProperty("state").GetString().ShouldBe("tripped");
    }

    [Fact]
    public async Task Stop_AndResumption_OfTheFirm_GoToTheFirm()
    {
        var firm = api.Grain(Substitute.For<IFirmGrain>(), GrainKeys.Firm);
        FirmOrder order = new(1, true, "ada", null, "runaway", false, Noon);
        firm.StopAsync(new("ada", "runaway", false)).Returns(Outcome.Done(new FirmReport(true, order, ["a"], ["b"])));
        firm.ResumeAsync(new("ada", "over", "bob")).Returns(Outcome.Conflict<FirmReport>("scope", "not_stopped", "The firm is not stopped."));
        var reply = await api.PostAsync("/api/risk/emergency-stop", """{"scope":"firm","by":"ada","reason":"runaway"}""");
        reply.Json.GetProperty("firm").GetProperty("pending")[0].GetString().ShouldBe("b");
        var refused = await api.PostAsync("/api/risk/resume", """{"scope":"firm","by":"ada","reason":"over","second_person":"bob"}""");
        refused.Status.ShouldBe(409);
        refused.Errors.ShouldBe(["scope not_stopped"]);
    }

    [Theory]
    [InlineData("emergency-stop", """{}""", "by required|reason required")]
    [InlineData("emergency-stop", """{"scope":"world","by":"a","reason":1,"flatten":"yes"}""", "scope one_of|reason type|flatten type")]
    [InlineData("emergency-stop", """{"scope":"firm","portfolio":"default","by":"a","reason":"b"}""", "portfolio absent")]
    [InlineData("emergency-stop?portfolio=default", """{"scope":"firm","by":"a","reason":"b"}""", "portfolio absent")]
    [InlineData("resume", """{"by":"a","because":"b"}""", "because unknown_member|reason required")]
    [InlineData("mode", """{"mode":"off","by":"a"}""", "mode one_of|reason required")]
    [InlineData("breakers/fuse/reset", """{"by":"a","reason":"b"}""", "name form")]
    [InlineData("breakers/drawdown/reset", """{"second_person":7}""", "second_person type|by required|reason required")]
    public async Task Request_OfTheWrongShape_NamesEveryError(string path, string body, string errors)
    {
        var reply = await api.PostAsync("/api/risk/" + path, body);
        reply.Status.ShouldBe(400, reply.Text);
        reply.Errors.ShouldBe(errors.Split('|'));
    }

    [Fact]
    public async Task Reset_Mode_AndGuards_ReachTheirGrains()
    {
        api.Risk.ResetBreakerAsync(BreakerName.ValueAtRisk, new("ada", "hedged", "bob")).Returns(Outcome.Done(Stopped));
        api.Book.SetModeAsync(new(TradingMode.Reducing, "ada", "earnings")).Returns(Outcome.Done(Stopped));
        api.Risk.GetGuardsAsync().Returns(Outcome.Done(Stopped));
        (await api.PostAsync("/api/risk/breakers/value_at_risk/reset", """{"by":"ada","reason":"hedged","second_person":"bob"}""")).Status.ShouldBe(200);
        (await api.PostAsync("/api/risk/mode", """{"mode":"reducing","by":"ada","reason":"earnings"}""")).Status.ShouldBe(200);
        (await api.GetAsync("/api/risk/breakers")).Json.GetProperty("stops")[0].GetProperty("by").GetString().ShouldBe("ada");
    }

    [Fact]
    public async Task Breakers_AreSetWithTheLimits_OneByOne()
    {
        var expected = RiskLimits.Default with
        {
            Breakers = Breakers.Default with { Drawdown = new(0.2, 0.1, 60, 30, 0.5, BreakerReset.TwoPersons), Volatility = null, SecondPersonToResume = true },
        };
        api.Risk.UpdateLimitsAsync(new(expected, "desk", "review", 1)).Returns(Outcome.Done(Samples.FirstLimits with { Version = 2, Limits = expected }));
        var reply = await api.PostAsync("/api/risk/update-limits", """
            {"changed_by":"desk","reason":"review","limits":{"breakers":{"drawdown":{"trip":0.2,"clear":0.1,"cooling_seconds":60,"half_open_seconds":30,
            "half_open_cap":0.5,"reset":"two_persons"},"volatility":null,"second_person_to_resume":true}}}
            """);
        reply.Status.ShouldBe(200, reply.Text);
        reply.Json.GetProperty("limits").GetProperty("breakers").GetProperty("drawdown").GetProperty("reset").GetString().ShouldBe("two_persons");
    }
}

using NSubstitute;
using Trading.Risk;

namespace Trading.Api.Tests;

public sealed class OverridesAndBudgetsTests(ApiHost api) : IClassFixture<ApiHost>
{
    static readonly DateTimeOffset Noon = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    static readonly LimitOverride Begun = new(
        "1", [new("max_gross_exposure", 2m)], "ada", "grace", "Rebalancing", Noon, Noon.AddMinutes(90), OverrideStatus.Active, null, null);

    [Fact]
    public async Task Override_ReplacesWhatIsGiven_OfTheLimitsAsSet()
    {
        var limits = RiskLimits.Default with { MaxGrossExposure = 2 };
        api.Risk.OverrideAsync(new(limits, "ada", "grace", "Rebalancing", 90, 1)).Returns(Outcome.Done(Begun));

        var reply = await api.PostAsync("/api/risk/overrides",
            """{"owner":"ada","approver":"grace","reason":"Rebalancing","minutes":90,"limits":{"max_gross_exposure":2.0}}""");

        reply.Status.ShouldBe(200, reply.Text);
        reply.Text.ShouldStartWith("""{"id":"1","limits":[{"limit":"max_gross_exposure","value":2}],"owner":"ada","approver":"grace",""");
        reply.Json.GetProperty("status").GetString().ShouldBe("active");
    }

    [Fact]
    public async Task Override_OfTheWrongForm_NamesEveryMember()
    {
        var reply = await api.PostAsync("/api/risk/overrides", """{"owner":"ada","minutes":"90","limits":{"max_gross":2}}""");

        reply.Status.ShouldBe(400);
        reply.Errors.ShouldBe(["minutes type", "limits.max_gross unknown_member", "reason required"]);
    }

    [Fact]
    public async Task Cancelling_NamesTheOverride()
    {
        api.Risk.CancelOverrideAsync(new("1", "ada", "Done")).Returns(Outcome.Done(Begun with { Status = OverrideStatus.Cancelled, EndedBy = "ada" }));

        var reply = await api.PostAsync("/api/risk/overrides/1/cancel", """{"by":"ada","reason":"Done"}""");

        reply.Json.GetProperty("status").GetString().ShouldBe("cancelled");
    }

    [Fact]
    public async Task DynamicRules_AreSetAsAWhole_AndTakenAway()
    {
        var rules = new DynamicLimits(new(0.15, 0.5, 1.25), null, new(120, 0.5));
        var scaled = RiskLimits.Default with { Dynamic = rules };
        api.Risk.UpdateLimitsAsync(new(scaled, "desk", "review", 1)).Returns(Outcome.Done(Samples.FirstLimits with { Version = 2, Limits = scaled }));

        var reply = await api.PostAsync("/api/risk/update-limits", """
            {"changed_by":"desk","reason":"review","limits":{"dynamic":{"volatility":{"target":0.15,"least":0.5,"most":1.25},
            "data_quality":{"max_age_seconds":120,"factor":0.5}}}}
            """);

        reply.Status.ShouldBe(200, reply.Text);
        reply.Json.GetProperty("limits").GetProperty("dynamic").GetProperty("volatility").GetProperty("most").GetDouble().ShouldBe(1.25);
    }

    [Fact]
    public async Task Budgets_AreATree()
    {
        var firm = api.Grain(Substitute.For<IRiskBudgetGrain>(), "firm");
        var desk = api.Grain(Substitute.For<IRiskBudgetGrain>(), "desk/a");
        firm.GetReportAsync().Returns(Report("firm", 100, new BudgetChild("desk/a", new(60, null, null), 1, new(20, 0, 0), new(60, 0, 0))));
        desk.GetReportAsync().Returns(Report("desk/a", 60, new BudgetChild("alpha", new(30, null, null), 1, new(20, 0, 0), new(30, 0, 0))));

        var tree = (await api.GetAsync("/api/risk/budgets")).Json;

        tree.GetProperty("limit").GetProperty("gross_exposure").GetDecimal().ShouldBe(100);
        var alpha = tree.GetProperty("children")[0].GetProperty("children")[0];
        alpha.GetProperty("node").GetString().ShouldBe("alpha");
        alpha.GetProperty("free").GetProperty("gross_exposure").GetDecimal().ShouldBe(10);
    }

    [Fact]
    public async Task DesksLimits_AndABooksPlace_ArePassedOn()
    {
        var desk = api.Grain(Substitute.For<IRiskBudgetGrain>(), "desk/b");
        desk.SetLimitsAsync(new(50, null, 2), "risk", "Annual").Returns(Outcome.Done(Report("desk/b", 50)));
        api.Risk.AssignAsync(new("desk/b", "risk", "New desk")).Returns(Outcome.Done(new BudgetPlace("default", "desk/b", null, BudgetAmounts.Zero)));

        var set = await api.PostAsync("/api/risk/budgets/desk/b", """{"changed_by":"risk","reason":"Annual","gross_exposure":50,"expected_shortfall_97_5":2}""");
        var place = await api.PostAsync("/api/risk/hierarchy", """{"parent":"desk/b","changed_by":"risk","reason":"New desk"}""");

        set.Json.GetProperty("node").GetString().ShouldBe("desk/b");
        place.Json.GetProperty("parent").GetString().ShouldBe("desk/b");
    }

    static BudgetReport Report(string node, decimal gross, params BudgetChild[] children) => new(
        node, "USD", new(gross, null, null), new(gross, null, null), new(0, null, null), BudgetAmounts.Zero, new(gross, null, null), [.. children], []);
}

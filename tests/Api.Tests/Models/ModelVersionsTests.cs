using NSubstitute;
using Trading.Models;

namespace Trading.Api.Tests;

public sealed class ModelVersionsTests : IClassFixture<ApiHost>
{
    static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    static readonly ModelEvidence Evidence = new(
        ModelVerdict.Hold, "In shadow <so far>.", [new("pbo", 0.1, 0.2, true, ""), new("shadow_p_value", null, 0.05, false, "Too short.")],
        new("ab12", "1.0", 1, "label=next_return(1)", new(2016, 1, 4), new(2026, 1, 1), 2_500), "penalty=10", "platt",
        0.68, 0.70, 0.5, 0.6, 0.04, new(1.2, 0.99, 0.96, 12, 0.1, 0.5, 300, 0.01, 8, 3), 0.02, 0.7,
        [new(new(2025, 1, 2), new(2026, 1, 1), 2_000, 3, "logistic", "penalty=10", 0.67, 0.71, 0.66, 50)],
        [new("return_1", 0.01, 0.9, 1, 0.2, 0.003)], ["leaky is refused."], [new(0.45, 0.44, 200), new(0.55, 0.56, 200)],
        [new(500, 0.66, 0.70), new(1_000, 0.67, 0.69)], [new(0, 0, null), new(100, 0.05, null)]);

    static readonly ModelVersions Versions = new(
        "IBM", [new(2, ModelRole.Challenger, "logistic", Noon, new(2026, 1, 1), Evidence)],
        [new(Noon, 2, ModelEventKind.Held, "gate", "In shadow.")], null, new(2, 1, 12, null, null), Samples.Training("IBM"));

    readonly ApiHost _api;
    readonly IModelGrain _model;

    public ModelVersionsTests(ApiHost api)
    {
        _api = api;
        _model = api.Grain(Substitute.For<IModelGrain>(), "IBM");
        _model.GetVersionsAsync().Returns(Versions);
        _model.GetPerformanceAsync().Returns(Samples.Performance("IBM") with { Evidence = Evidence });
        _model.GetTrialsAsync().Returns(new ModelTrials("IBM", 3, 60, 0.001, [new(3, Noon, "logistic", "penalty=10", "ab12", 0.69, 0.02, 20)]));
        _model.CancelAsync().Returns(Samples.Training("IBM"));
        _model.PromoteAsync(Arg.Any<ModelCommand>()).Returns(Outcome.Done(Versions));
        _model.RollBackAsync(Arg.Any<ModelCommand>()).Returns(Outcome.NotFound<ModelVersions>("version", "No version was in use before."));
    }

    [Fact]
    public async Task Versions_ComeWithTheirEvidenceAndLineage()
    {
        var version = (await _api.GetAsync("/api/ml/models?symbol=IBM")).Json[0].GetProperty("versions")[0];
        version.GetProperty("role").GetString().ShouldBe("challenger");
        var evidence = version.GetProperty("evidence");
        evidence.GetProperty("verdict").GetString().ShouldBe("hold");
        evidence.GetProperty("lineage").GetProperty("data_hash").GetString().ShouldBe("ab12");
        evidence.GetProperty("gate")[1].GetRawText().ShouldBe(
            """{"code":"shadow_p_value","observed":null,"limit":0.05,"passed":false,"meaning":"Too short."}""");
        evidence.GetProperty("overfitting").GetProperty("deflated_sharpe").GetDouble().ShouldBe(0.96);
    }

    [Fact]
    public async Task Features_HaveImportanceAndStability()
    {
        var features = (await _api.GetAsync("/api/ml/features?symbol=IBM")).Json[0];
        (features.GetProperty("version").GetInt32(), features.GetProperty("selection_stability").GetDouble()).ShouldBe((2, 0.7));
        features.GetProperty("features")[0].GetProperty("permutation").GetDouble().ShouldBe(0.003);
        features.GetProperty("refused")[0].GetString().ShouldBe("leaky is refused.");
    }

    [Fact]
    public async Task Trials_AreTheWholeLedgersNumber()
    {
        var trials = (await _api.GetAsync("/api/ml/trials?symbol=IBM")).Json[0];
        (trials.GetProperty("count").GetInt64(), trials.GetProperty("newest")[0].GetProperty("sharpe").GetDouble()).ShouldBe((3, 0.02));
    }

    [Fact]
    public async Task Performance_HasTheVerdictBesideTheScores() =>
        (await _api.GetAsync("/api/ml/performance?symbol=IBM")).Json[0].GetProperty("evidence").GetProperty("loss_high").GetDouble().ShouldBe(0.70);

    [Fact]
    public async Task APromotion_GoesToTheModel_WithBothPersons()
    {
        var reply = await _api.PostAsync("/api/ml/promote", """{"symbol":"ibm","version":2,"by":"quant","reason":"better","second_person":"head"}""");
        reply.Status.ShouldBe(200);
        await _model.Received().PromoteAsync(new ModelCommand(2, "quant", "better", "head"));
        (await _api.PostAsync("/api/ml/promote", "{}")).Errors.ShouldBe(["symbol required", "by required", "reason required"]);
        (await _api.PostAsync("/api/ml/promote", """{"symbol":"IBM","by":"quant","reason":"better","version":0}""")).Errors
            .ShouldBe(["version range"]);
    }

    [Fact]
    public async Task ARollbackToNothing_IsNotFound() =>
        (await _api.PostAsync("/api/ml/rollback", """{"symbol":"IBM","by":"quant","reason":"worse"}""")).Status.ShouldBe(404);

    [Fact]
    public async Task ATraining_CanBeEnded() =>
        (await _api.PostAsync("/api/ml/cancel", """{"symbol":"IBM"}""")).Json.GetProperty("state").GetString().ShouldBe("trained");

    [Fact]
    public void TheCard_SaysTheVerdict_DrawsTheCurves_AndEscapesTexts()
    {
        var page = ModelCard.Html(Versions, Samples.Performance("IBM") with { Evidence = Evidence });
        page.ShouldContain("<strong>hold</strong>: <span>In shadow &lt;so far&gt;.</span>");
        page.ShouldContain("No version is in use: the model says nothing.");
        page.Split("<svg").Length.ShouldBe(4);
        page.ShouldContain("not known");
        page.ShouldNotContain("NaN");
        ModelCard.Html(Versions with { Versions = [] }, Samples.Performance("IBM")).ShouldContain("Nothing has been trained yet.");
    }
}

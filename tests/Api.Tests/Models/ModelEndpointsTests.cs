using NSubstitute;
using Trading.Models;

namespace Trading.Api.Tests;

public sealed class ModelEndpointsTests : IClassFixture<ApiHost>
{
    readonly ApiHost _api;
    readonly Dictionary<string, IModelGrain> _models = [];

    public ModelEndpointsTests(ApiHost api)
    {
        _api = api;
        foreach (var symbol in new[] { "IBM", "AAPL", "MSFT" })
        {
            var model = _models[symbol] = api.Grain(Substitute.For<IModelGrain>(), symbol);
            model.GetPredictionAsync().Returns(Samples.Prediction(symbol));
            model.GetPerformanceAsync().Returns(Samples.Performance(symbol));
            model.TrainAsync(Arg.Any<TrainingRequest>()).Returns(call => call.Arg<TrainingRequest>().Label!.Horizon == 0
                ? Outcome.Invalid<TrainingStatus>(new FieldError("horizon", "range", "horizon is 0."))
                : Outcome.Done(Samples.Training(symbol, TrainingState.Running)));
            model.RetrainAsync(Arg.Any<string>()).Returns(call => Samples.Training(symbol, TrainingState.Running) with { Reason = call.Arg<string>() });
        }
    }

    [Theory]
    [InlineData("", "IBM,AAPL")]
    [InlineData("?symbol=msft", "MSFT")]
    public async Task Predictions_AreOfOneSymbolOrAllThatHaveAModel(string query, string symbols)
    {
        var predictions = (await _api.GetAsync("/api/ml/predictions" + query)).Json;

        string.Join(',', predictions.EnumerateArray().Select(each => each.GetProperty("symbol").GetString())).ShouldBe(symbols);
        predictions[0].GetProperty("probability_up").GetDouble().ShouldBe(0.53);
        predictions[0].GetProperty("training").GetProperty("state").GetString().ShouldBe("trained");
        predictions[0].GetProperty("features")[0].GetRawText().ShouldBe("""{"name":"momentum_5","value":0.2,"coefficient":null,"effect":null}""");
    }

    [Fact]
    public async Task Performance_ShowsEveryFold()
    {
        var performance = (await _api.GetAsync("/api/ml/performance?symbol=IBM")).Json[0];

        performance.GetProperty("area_under_curve").GetDouble().ShouldBe(0.54);
        performance.GetProperty("folds")[0].GetRawText().ShouldBe(
            """{"train_from":"2025-01-02","train_to":"2025-06-30","test_from":"2025-07-01","test_to":"2026-01-02","observations":125,"accuracy":0.53,"log_loss":0.69,"baseline_log_loss":0.693,"area_under_curve":null}""");
    }

    [Theory]
    [InlineData("""{"symbol":"msft","reason":"new data"}""", 1, "new data")]
    [InlineData("""{}""", 2, "asked for through the API")]
    public async Task Retraining_BeginsAtOnceAndIsAccepted(string body, int count, string reason)
    {
        var reply = await _api.PostAsync("/api/ml/retrain", body);

        reply.Status.ShouldBe(202);
        reply.Json.GetArrayLength().ShouldBe(count);
        reply.Json[0].GetProperty("state").GetString().ShouldBe("running");
        reply.Json[0].GetProperty("reason").GetString().ShouldBe(reason);
    }

    [Fact]
    public async Task ARetraining_MayNameALabel_WithItsParameters()
    {
        var reply = await _api.PostAsync("/api/ml/retrain",
            """{"symbol":"msft","reason":"swing","label":"triple_barrier","horizon":10,"barrier_above":1.5,"barrier_below":1}""");
        reply.Status.ShouldBe(202);
        reply.Json[0].GetProperty("state").GetString().ShouldBe("running");
        await _models["MSFT"].Received().TrainAsync(new TrainingRequest("swing", new(LabelChoice.TripleBarrier, 10, 1.5, 1)));
        (await _api.PostAsync("/api/ml/retrain", """{"symbol":"msft","label":"scaled_return","horizon":0}""")).Errors.ShouldBe(["horizon range"]);
        (await _api.PostAsync("/api/ml/retrain", """{"symbol":"msft","label":"oracle"}""")).Errors.ShouldBe(["label form"]);
        (await _api.PostAsync("/api/ml/retrain", """{"symbol":"msft","horizon":5}""")).Errors.ShouldBe(["label required"]);
        (await _api.PostAsync("/api/ml/retrain", """{"label":"next_return"}""")).Errors.ShouldBe(["symbol required"]);
    }

    [Fact]
    public async Task Symbol_ThatIsMalformed_IsRefused()
    {
        (await _api.PostAsync("/api/ml/retrain", """{"symbol":"A B"}""")).Errors.ShouldBe(["symbol form"]);
        (await _api.GetAsync("/api/ml/predictions?symbol=")).Errors.ShouldBe(["symbol form"]);
        (await _api.GetAsync("/api/ml/performance?symbols=IBM")).Errors.ShouldBe(["symbols unknown_parameter"]);
    }
}

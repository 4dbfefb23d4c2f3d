using NSubstitute;
using Trading.Risk;

namespace Trading.Api.Tests;

public sealed class DecisionsTests(ApiHost api) : IClassFixture<ApiHost>
{
    const string Id = "default:7";

    [Fact]
    public async Task Decision_IsExplained_WithEveryCheckAndTheLimitsThenInForce()
    {
        api.Book.ReplayAsync(Id).Returns(Outcome.Done(Samples.Replay));

        var reply = await api.GetAsync("/api/risk/decisions/default:7");

        reply.Status.ShouldBe(200);
        reply.Json.GetProperty("decision").GetProperty("decision_id").GetString().ShouldBe(Id);
        reply.Json.GetProperty("sequence").GetInt64().ShouldBe(7);
        reply.Json.GetProperty("hash").GetString().ShouldBe("00ff");
        reply.Json.GetProperty("limits").GetProperty("version").GetInt64().ShouldBe(1);
        reply.Json.GetProperty("checks").GetRawText().ShouldBe(
            """[{"code":"value_at_risk_95","passed":true,"observed":0.011,"limit":0.03,"unit":"fraction"}]""");
    }

    [Fact]
    public async Task Replay_ShowsBothDecisions_AndWhetherTheyAreTheSame()
    {
        api.Book.ReplayAsync(Id).Returns(Outcome.Done(Samples.Replay));

        var reply = await api.GetAsync("/api/risk/decisions/default:7/replay");

        reply.Json.GetProperty("identical").GetBoolean().ShouldBeTrue();
        reply.Json.GetProperty("recomputed").GetRawText().ShouldBe(reply.Json.GetProperty("explanation").GetProperty("decision").GetRawText());
    }

    [Theory]
    [InlineData("default", 400, "decision_id form")]
    [InlineData("default:0", 400, "decision_id form")]
    [InlineData("Default:7", 400, "decision_id form")]
    [InlineData("default:8", 404, "decision_id unknown")]
    public async Task Decision_ThatIsUnknownOrMalformed_IsRefused(string id, int status, string error)
    {
        api.Book.ReplayAsync("default:8").Returns(Outcome.NotFound<DecisionReplay>("decision_id", "There is none."));

        var reply = await api.GetAsync($"/api/risk/decisions/{id}");

        reply.Status.ShouldBe(status);
        reply.Errors.ShouldBe([error]);
    }

    [Theory]
    [InlineData("/api/risk/decisions/default:9")]
    [InlineData("/api/risk/decisions/default:9/replay")]
    public async Task Explanation_ThatHasToWait_IsAskedForAgainLater(string path)
    {
        api.Book.ReplayAsync("default:9").Returns(Outcome.Busy<DecisionReplay>("decision_id", "Ask again."));

        using var response = await api.Http.GetAsync(new Uri(path, UriKind.Relative));

        response.StatusCode.ShouldBe(System.Net.HttpStatusCode.ServiceUnavailable);
        response.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        (await response.Content.ReadAsStringAsync()).ShouldContain("\"rule\":\"busy\"");
    }
}

using System.Collections.Immutable;
using NSubstitute;
using Trading.Alerts;

namespace Trading.Api.Tests;

public sealed class AlertEndpointsTests : IClassFixture<ApiHost>
{
    readonly ApiHost _api;
    readonly IAlertGrain _alerts;

    public AlertEndpointsTests(ApiHost api) =>
        (_api, _alerts) = (api, api.Grain(Substitute.For<IAlertGrain>(), GrainKeys.Alerts));

    [Fact]
    public async Task AlertmanagersMessage_IsRead_WithItsSeverityAndLabels_AndWhateverElseIsInIt()
    {
        ImmutableArray<AlertSignal> raised = [];
        _alerts.RaiseAsync(default).ReturnsForAnyArgs(call =>
        {
            raised = call.Arg<ImmutableArray<AlertSignal>>();
            return Outcome.Done(new AlertReceipt(raised.Length, 0, 0, 0));
        });

        var answer = await _api.PostAsync("/api/alerts/alertmanager", """
            {"receiver":"trading","status":"firing","version":"4","groupKey":"{}:{alertname=\"Down\"}","truncatedAlerts":0,"alerts":[
             {"status":"firing","labels":{"alertname":"Down","severity":"critical","instance":"a:1"},"annotations":{"summary":"a is down"},
              "startsAt":"2026-01-05T12:00:00Z","endsAt":"0001-01-01T00:00:00Z","generatorURL":"http://p/graph","fingerprint":"77"},
             {"status":"resolved","labels":{"alertname":"Slow"},"annotations":{}}],"commonLabels":{},"externalURL":"http://am"}
            """);

        answer.Status.ShouldBe(200, answer.Text);
        answer.Json.GetProperty("fired").GetInt32().ShouldBe(2);
        raised[0].ShouldSatisfyAllConditions(
            signal => (signal.Name, signal.Severity, signal.Summary, signal.State)
                .ShouldBe(("Down", AlertSeverity.Critical, "a is down", AlertState.Firing)),
            signal => signal.Labels.ShouldBe([new("instance", "a:1")]));
        (raised[1].Name, raised[1].Severity, raised[1].State).ShouldBe(
            ("Slow", AlertSeverity.Warning, AlertState.Resolved));
    }

    [Theory]
    [InlineData("{}", "$ required")]
    [InlineData("""{"alerts":[{"status":"on","labels":{}}]}""", "alerts[0] one_of", "alerts[0] required")]
    [InlineData("""{"alerts":[{"status":"firing","labels":{"alertname":7}}]}""", "alerts[0].labels form", "alerts[0] required")]
    public async Task MessageOfAnotherForm_IsRefused_WithEveryPlace(string body, params string[] errors) =>
        (await _api.PostAsync("/api/alerts/alertmanager", body)).Errors.ShouldBe(errors);

    [Fact]
    public async Task Silence_NeedsLabelsATimeAndAPerson()
    {
        (await _api.PostAsync("/api/alerts/silences", """{"matchers":{},"minutes":0,"by":"ada","reason":"why"}""")).Errors
            .ShouldBe(["minutes range", "matchers required"]);
        (await _api.PostAsync("/api/alerts/silences", """{"matchers":{"x":1}}""")).Errors
            .ShouldBe(["matchers form", "minutes required", "by required", "reason required"]);
        await _alerts.DidNotReceiveWithAnyArgs().SilenceAsync(default!);
    }

    [Fact]
    public async Task Acknowledgement_GoesToTheAlert_ThatThePathNames()
    {
        _alerts.AcknowledgeAsync("0123456789abcdef", "ada", "mine")
            .Returns(Outcome.NotFound<Alert>("fingerprint", "There is no such alert."));

        (await _api.PostAsync("/api/alerts/0123456789abcdef/acknowledge", """{"by":"ada","reason":"mine"}""")).Status.ShouldBe(404);
        (await _api.PostAsync("/api/alerts/nonsense/acknowledge", """{"by":"ada","reason":"mine"}""")).Errors.ShouldBe(["fingerprint form"]);
        (await _api.GetAsync("/api/alerts?state=pending")).Errors.ShouldBe(["state form"]);
    }
}

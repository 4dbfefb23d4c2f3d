using NSubstitute;
using Trading.Risk;

namespace Trading.Api.Tests;

public sealed class RequestBudgetTests : IAsyncLifetime
{
    const string Signal = """{"symbol":"IBM","action":"BUY","position_size":1,"confidence":0.9}""";

    readonly ApiHost _api = new(new() { ["api:max_concurrent_requests"] = "2", ["api:max_queued_requests"] = "1" });

    public ValueTask InitializeAsync() => _api.InitializeAsync();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task A_flood_is_told_to_come_back_while_the_emergency_stop_and_the_health_check_answer()
    {
        var (entered, gate) = (new SemaphoreSlim(0), new TaskCompletionSource<Outcome<RecordedDecision>>());
        _api.Risk.ValidateAsync(default!).ReturnsForAnyArgs(_ =>
        {
            entered.Release();
            return gate.Task;
        });
        _api.Book.StopAsync(default!).ReturnsForAnyArgs(Outcome.Conflict<GuardReport>("portfolio", "seen", "The stop reached the book."));

        List<Task<Reply>> flood = [];
        for (var i = 0; i < 2; i++)
        {
            flood.Add(_api.PostAsync("/api/risk/validate-signal", Signal));
            await entered.WaitAsync();
        }

        // Two are worked on and hold their places: of two more, one waits and one is turned away.
        flood.AddRange([_api.PostAsync("/api/risk/validate-signal", Signal), _api.PostAsync("/api/risk/validate-signal", Signal)]);
        var refused = await await Task.WhenAny(flood);
        refused.Status.ShouldBe(429);
        refused.Json.GetProperty("detail").GetString().ShouldBe("More requests are waiting than the API takes; nothing was changed.");

        (await _api.PostAsync("/api/risk/emergency-stop", """{"by":"ada","reason":"flood"}""")).Text.ShouldContain("The stop reached the book.");
        (await _api.GetAsync("/health")).Status.ShouldBe(200);

        gate.SetResult(Outcome.Conflict<RecordedDecision>("portfolio", "test", "Answered."));
        (await Task.WhenAll(flood)).Count(reply => reply.Status == 409).ShouldBe(3);
    }

    [Fact]
    public void Every_broken_rule_of_the_settings_is_named() =>
        new RequestBudgetOptions().Validate(null, new() { MaxConcurrentRequests = 0, MaxQueuedRequests = -1 }).Failures!.ShouldBe(
        [
            "api:max_concurrent_requests is 0; it must be from 1 to 1000000.",
            "api:max_queued_requests is -1; it must be from 0 to 1000000.",
        ]);
}

using System.Text;
using NSubstitute;
using Trading.Backtests;

namespace Trading.Api.Tests;

public sealed class BacktestEndpointsTests(ApiHost api) : IClassFixture<ApiHost>
{
    static readonly DateTimeOffset At = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    static BacktestJob Job(string id, BacktestState state) =>
        new(id, state, 0.25, At, At, null, null, 12, state == BacktestState.Done ? "abc" : null, 0.1, 1.5);

    IBacktestGrain Backtest(string id, BacktestState state)
    {
        var grain = api.Grain(Substitute.For<IBacktestGrain>(), id);
        grain.GetAsync().Returns(Outcome.Done(Job(id, state)));
        grain.CancelAsync().Returns(Outcome.Done(Job(id, BacktestState.Cancelled)));
        grain.SubmitAsync(Arg.Any<BacktestRequest>()).Returns(Outcome.Done(Job(id, BacktestState.Queued)));
        return grain;
    }

    [Fact]
    public async Task ATest_IsAccepted_AsItWasWritten()
    {
        var grain = Backtest("mine", BacktestState.Queued);
        var reply = await api.PostAsync("/api/backtests", """{"id":"mine","test":{"cash": 5,   "symbols":["IBM"]}}""");
        reply.Status.ShouldBe(202);
        reply.Json.GetProperty("state").GetString().ShouldBe("queued");
        await grain.Received().SubmitAsync(new BacktestRequest("""{"cash":5,"symbols":["IBM"]}""", null));
    }

    [Theory]
    [InlineData("""{}""", "test one")]
    [InlineData("""{"test":{},"sweep":{}}""", "test one")]
    [InlineData("""{"test":5}""", "test type")]
    [InlineData("""{"tests":{}}""", "tests unknown_member")]
    [InlineData("""{"id":"A B","test":{}}""", "id form")]
    public async Task WhatIsNoBacktest_IsRefused(string body, string error) =>
        (await api.PostAsync("/api/backtests", body)).Errors.ShouldContain(error);

    [Fact]
    public async Task AJob_IsShownAndTakenBack()
    {
        Backtest("running", BacktestState.Running);
        var job = (await api.GetAsync("/api/backtests/running")).Json;
        job.GetProperty("progress").GetDouble().ShouldBe(0.25);
        job.TryGetProperty("is_open", out _).ShouldBeFalse();
        (await api.PostAsync("/api/backtests/running/cancel", "")).Json.GetProperty("state").GetString().ShouldBe("cancelled");
    }

    [Fact]
    public async Task TwoResults_AreComparedMemberByMember()
    {
        byte[] Result(double sharpe, string hash, string cash) => Encoding.UTF8.GetBytes(
            $$$"""{"hash":"{{{hash}}}","performance":{"sharpe":{{{sharpe}}},"cagr":null,"months":[]},"profit":{"paper":10,"costs":{"fees":{{{sharpe}}}}},"spec":{"cash":{{{cash}}},"seed":1}}""");
        Backtest("one", BacktestState.Done).GetPartAsync(BacktestPart.Result).Returns(Outcome.Done(Result(1, "a", "5")));
        Backtest("two", BacktestState.Done).GetPartAsync(BacktestPart.Result).Returns(Outcome.Done(Result(1.5, "b", "6")));
        var comparison = (await api.GetAsync("/api/backtests/compare?first=one&second=two")).Json;
        comparison.GetProperty("is_same").GetBoolean().ShouldBeFalse();
        comparison.GetProperty("differing").EnumerateArray().Select(one => one.GetString()).ShouldBe(["cash"]);
        comparison.GetProperty("measures").EnumerateArray().Select(one => one.GetProperty("name").GetString())
            .ShouldBe(["performance.sharpe", "performance.cagr", "profit.paper", "profit.costs.fees"]);
        comparison.GetProperty("measures")[0].GetProperty("difference").GetDouble().ShouldBe(0.5);
        (await api.GetAsync("/api/backtests/compare?first=one")).Errors.ShouldBe(["second required"]);
    }

    [Fact]
    public async Task AReport_RunsItsScripts_ButSeesNothingOfTheCaller()
    {
        Backtest("drawn", BacktestState.Done).GetPartAsync(BacktestPart.Report).Returns(Outcome.Done(Encoding.UTF8.GetBytes("<p>drawn</p>")));
        using var reply = await api.Http.GetAsync(new Uri("/api/backtests/drawn/report", UriKind.Relative));
        reply.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        var policy = string.Join(' ', reply.Headers.GetValues("Content-Security-Policy"));
        policy.ShouldStartWith("sandbox allow-scripts");
        policy.ShouldNotContain("allow-same-origin");
        policy.ShouldContain("default-src 'none'");
        (await api.Http.GetAsync(new Uri("/api/backtests/drawn", UriKind.Relative))).Headers.GetValues("Content-Security-Policy")
            .ShouldNotContain(other => other.Contains("unsafe-inline", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AResultThatIsNotThereYet_IsAConflict()
    {
        Backtest("open", BacktestState.Running).GetPartAsync(BacktestPart.Result)
            .Returns(Outcome.Conflict<byte[]>("id", "not_done", "The backtest 'open' is running."));
        (await api.GetAsync("/api/backtests/open/result")).Status.ShouldBe(409);
    }
}

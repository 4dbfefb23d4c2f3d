using System.Collections.Immutable;
using NSubstitute;
using Trading.Operations;
using Trading.Portfolios;
using Trading.Testing;

namespace Trading.Api.Tests;

public sealed class SystemEndpointsTests(ApiHost api) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task Status_SaysWhatRunsAndWhereItStands()
    {
        api.Clock.Advance(TimeSpan.FromSeconds(90));
        var uptime = (api.Clock.GetUtcNow() - new ManualTimeProvider().GetUtcNow()).TotalSeconds; // other tests of this host move its clock too

        (await api.GetAsync("/api/system/status")).Text.ShouldBe($$"""
            {"version":"1.2.3","engine":"Orleans","store":"sqlite","started_at":"2026-01-05T12:00:00+00:00","uptime_seconds":{{uptime}},
            "portfolios":["default"],"default_portfolio":"default","sequence":42,"limits_version":1}
            """.ReplaceLineEndings(""));
    }

    [Fact]
    public async Task StartPage_SaysWhatRuns_AndLeadsToTheExplorer()
    {
        var page = await api.GetAsync("/");

        (page.Status, page.ContentType).ShouldBe((200, "text/html; charset=utf-8"));
        page.Text.ShouldContain("Version 1.2.3, store sqlite, running since 2026-01-05 12:00 UTC.");
        page.Text.ShouldContain("href=\"/swagger\"");
        page.Text.ShouldNotContain("/orleans"); // the host of these tests has no dashboard
        (await api.GetAsync("/swagger/index.html")).Text.ShouldContain("swagger-ui");
    }

    [Fact]
    public async Task Health_NamesEveryPart_AndIsUnavailableWhereOneIsNotReady()
    {
        var healthy = await api.GetAsync("/health");
        api.Grain(Substitute.For<IPortfolioDirectoryGrain>(), GrainKeys.Directory).ListAsync()
            .Returns<ImmutableArray<string>>(_ => throw new InvalidOperationException("secret inside"));
        api.Clock.Advance(TimeSpan.FromSeconds(2)); // answers are a second old at most
        var broken = await api.GetAsync("/health/ready");
        api.Grain(api.Directory, GrainKeys.Directory);

        healthy.Status.ShouldBe(200);
        healthy.Json.GetProperty("status").GetString().ShouldBe("healthy");
        healthy.Json.GetProperty("ready").GetBoolean().ShouldBeTrue();
        healthy.Json.GetProperty("parts")[0].GetProperty("name").GetString().ShouldBe("grains");
        broken.Status.ShouldBe(503);
        broken.Json.GetProperty("status").GetString().ShouldBe("unhealthy");
        broken.Json.GetProperty("live").GetBoolean().ShouldBeTrue();
        broken.Json.GetProperty("ready").GetBoolean().ShouldBeFalse();
        broken.Text.ShouldNotContain("secret");
    }

    [Fact]
    public async Task Live_AnswersWithoutLookingAtAnyPart() => (await api.GetAsync("/health/live")).Text.ShouldBe(
        """{"status":"healthy","live":true,"ready":null,"parts":[]}""");

    [Fact]
    public async Task Metrics_AreAskedForTheHours_AndUnknownIsNull()
    {
        var monitor = api.Grain(Substitute.For<IMonitorGrain>(), GrainKeys.Monitor);
        var performance = new PerformanceNow(null, null, null, null, null, null, null, null, null, null, null, null, 0.01, null, null);
        monitor.GetMetricsAsync(48).Returns(new SystemMetrics(48, api.Clock.GetUtcNow(), 900, performance,
            new(0.5, 0.999, 43.2, 1, 0.9, null), [api.Clock.GetUtcNow()], [new(ReadingNames.CpuUsage, [null], [0.5])]));

        var metrics = await api.GetAsync("/api/system/metrics?hours=48");

        metrics.Status.ShouldBe(200, metrics.Text);
        var now = metrics.Json.GetProperty("performance");
        now.GetProperty("portfolio_var_95").GetDouble().ShouldBe(0.01);
        now.GetProperty("api_response_time").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        metrics.Json.GetProperty("series")[0].GetProperty("name").GetString().ShouldBe("system_cpu_usage");
        (await api.GetAsync("/api/system/metrics?hours=721")).Errors.ShouldBe(["hours form"]);
    }

    [Fact]
    public async Task LogLevel_IsChangedByArea_AndFollowsTheRestAgain()
    {
        const string By = "\"by\":\"ada\",\"reason\":\"looking\"";
        var set = await api.PostAsync("/api/system/log-level", $$"""{"level":"debug","area":"risk",{{By}}}""");
        var cleared = await api.PostAsync("/api/system/log-level", $$"""{"area":"risk",{{By}}}""");
        var wrong = await api.PostAsync("/api/system/log-level", $$"""{"level":"loud","area":"nowhere",{{By}}}""");

        set.Json.GetProperty("areas").GetProperty("risk").GetString().ShouldBe("debug");
        cleared.Json.GetProperty("areas").EnumerateObject().ShouldBeEmpty();
        wrong.Errors.ShouldBe(["level one_of", "area one_of"]);
    }

    [Theory]
    [InlineData("desk-7.order:1", "desk-7.order:1")]
    [InlineData("line break\tand more", null)]
    public async Task CorrelationId_IsTheCallersWhereItIsWellFormed(string brought, string? answered)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health/live");
        request.Headers.TryAddWithoutValidation("X-Correlation-ID", brought);
        using var response = await api.Http.SendAsync(request);

        var id = response.Headers.GetValues("X-Correlation-ID").ShouldHaveSingleItem();
        if (answered is null) id.ShouldNotContain(' ');
        else id.ShouldBe(answered);
    }
}

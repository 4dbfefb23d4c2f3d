using System.Collections.Immutable;
using NSubstitute;
using Trading.Portfolios;

namespace Trading.Api.Tests;

public sealed class SystemEndpointsTests(ApiHost api) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task Status_SaysWhatRunsAndWhereItStands()
    {
        api.Clock.Advance(TimeSpan.FromSeconds(90));

        (await api.GetAsync("/api/system/status")).Text.ShouldBe("""
            {"version":"1.2.3","engine":"Orleans","store":"sqlite","started_at":"2026-01-05T12:00:00+00:00","uptime_seconds":90,
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
        var broken = await api.GetAsync("/health");
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
}

using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NSubstitute;
using Trading.Operations;
using Trading.Risk;

namespace Trading.Api.Tests;

/// <summary>Who did it comes from the token; a second person is another subject.</summary>
public sealed class WhoTests(SecurityHost host) : IClassFixture<SecurityHost>
{
    const string Resume = "/api/risk/resume";

    [Theory]
    [InlineData("update-limits", """{"changed_by":"grace","reason":"x","limits":{"min_cash":1}}""", "changed_by")]
    [InlineData("mode", """{"mode":"halted","by":"grace","reason":"x"}""", "by")]
    [InlineData("emergency-stop", """{"by":"grace","reason":"x"}""", "by")]
    [InlineData("overrides", """{"owner":"grace","reason":"x","minutes":5,"limits":{"min_cash":1}}""", "owner")]
    [InlineData("budgets/firm", """{"changed_by":"grace","reason":"x"}""", "changed_by")]
    [InlineData("hierarchy", """{"changed_by":"grace","reason":"x"}""", "changed_by")]
    [InlineData("../ml/promote", """{"symbol":"IBM","by":"grace","reason":"x"}""", "by")]
    public async Task BodyThatNamesSomebodyElse_IsRefused(string path, string body, string member)
    {
        var ada = await host.TokenAsync(SecurityHost.Subject("ada", Roles.Anyone));

        var (status, _, text) = await host.SendAsync("POST", $"/api/risk/{path}", $"Bearer {ada}", body);

        status.ShouldBe(400);
        text.ShouldContain($"\"field\":\"{member}\",\"rule\":\"other_subject\"");
    }

    [Theory]
    [InlineData("update-limits", "changed_by", "\"reason\":\"x\",\"limits\":{\"min_cash\":1}")]
    [InlineData("overrides", "owner", "\"reason\":\"x\",\"minutes\":5,\"limits\":{\"min_cash\":1}")]
    [InlineData("budgets/firm", "changed_by", "\"reason\":\"x\"")]
    [InlineData("budgets/desk/d", "changed_by", "\"reason\":\"x\"")]
    [InlineData("hierarchy", "changed_by", "\"reason\":\"x\"")]
    public async Task Who_IsByInEveryBody_UnderItsEarlierNameToo_AndSaidOnce(string path, string earlier, string rest)
    {
        var ada = await host.TokenAsync(SecurityHost.Subject("ada", Roles.Anyone));
        async Task<string> ErrorsAsync(string who) =>
            (await host.SendAsync("POST", $"/api/risk/{path}", $"Bearer {ada}", $"{{{who},{rest}}}")).Text;

        (await ErrorsAsync("\"by\":\"grace\"")).ShouldContain("\"field\":\"by\",\"rule\":\"other_subject\"");
        (await ErrorsAsync($"\"{earlier}\":\"grace\"")).ShouldContain($"\"field\":\"{earlier}\",\"rule\":\"other_subject\"");
        (await ErrorsAsync($"\"by\":\"ada\",\"{earlier}\":\"ada\"")).ShouldContain($"\"field\":\"{earlier}\",\"rule\":\"duplicate_member\"");
    }

    [Theory]
    [InlineData("/api/risk/resume", """{"reason":"x","second_person":"grace"}""")]
    [InlineData("/api/risk/overrides", """{"reason":"x","minutes":5,"limits":{"max_gross_exposure":2},"second_person":"grace"}""")]
    [InlineData("/api/ml/promote", """{"symbol":"IBM","reason":"x","second_person":"grace"}""")]
    [InlineData("/api/ml/rollback", """{"symbol":"IBM","reason":"x","second_person":"grace"}""")]
    public async Task SecondPersonWhoIsOnlyAText_IsRefusedEverywhere(string path, string body)
    {
        var ada = await host.TokenAsync(SecurityHost.Subject("ada", Roles.Anyone));

        var (status, _, text) = await host.SendAsync("POST", path, $"Bearer {ada}", body);

        (status, text.Contains("\"field\":\"second_person\",\"rule\":\"not_approved\"", StringComparison.Ordinal)).ShouldBe((400, true), text);
    }

    [Fact]
    public async Task Signal_IsOfWhoAsks_AsTheirTokenSays()
    {
        var ada = await host.TokenAsync(SecurityHost.Subject("ada", Roles.Trader));
        const string Signal = """{"symbol":"IBM","action":"BUY","position_size":7}""";

        await host.SendAsync("POST", "/api/risk/validate-signal", $"Bearer {ada}", Signal);
        await host.SendAsync("POST", "/api/risk/validate-signals", $"Bearer {ada}", $"[{Signal}]");
        await host.SendAsync("POST", "/api/risk/validate-signal", $"Bearer {ada}", Signal.Replace("7", "7,\"by\":\"grace\"", StringComparison.Ordinal));

        await host.Api.Risk.Received(1).ValidateEachAsync(Arg.Is<ImmutableArray<Order>>(orders => orders.Length == 1 && orders[0].By == "ada" && orders[0].Quantity == 7));
        await host.Api.Risk.Received(1).ValidateManyAsync(Arg.Is<ImmutableArray<Order>>(orders => orders.Length == 1 && orders[0].By == "ada"));
    }

    [Fact]
    public async Task BodyThatNamesNobody_IsOfWhoAsks()
    {
        var ada = await host.TokenAsync(SecurityHost.Subject("ada", Roles.RiskOfficer));

        await host.SendAsync("POST", "/api/risk/mode", $"Bearer {ada}", """{"mode":"halted","reason":"x"}""");

        await host.Api.Book.Received().SetModeAsync(new ModeChange(TradingMode.Halted, "ada", "x"));
    }

    [Fact]
    public async Task ServiceThatNamesOthers_MustSayWhom()
    {
        var gateway = SecurityHost.Subject("gateway", Roles.RiskOfficer) with { IsService = true, Rights = new(Roles.RiskOfficer, [], NamesOthers: true) };
        var token = await host.TokenAsync(gateway);

        var (status, _, text) = await host.SendAsync("POST", "/api/risk/mode", $"Bearer {token}", """{"mode":"halted","reason":"x"}""");
        await host.SendAsync("POST", "/api/risk/mode", $"Bearer {token}", """{"mode":"halted","by":"grace","reason":"y"}""");

        (status, text.Contains("\"by\",\"rule\":\"required\"", StringComparison.Ordinal)).ShouldBe((400, true));
        await host.Api.Book.Received().SetModeAsync(new ModeChange(TradingMode.Halted, "grace", "y"));
    }

    [Fact]
    public async Task SecondPerson_AgreesToOneRequestAlone()
    {
        host.Api.Risk.ResumeAsync(default!).ReturnsForAnyArgs(Outcome.Conflict<GuardReport>("scope", "not_stopped", "It is not stopped."));
        var ada = await host.TokenAsync(SecurityHost.Subject("ada", Roles.RiskOfficer));
        var grace = await host.TokenAsync(SecurityHost.Subject("grace", Roles.RiskOfficer));
        const string Body = """{"reason":"mended","second_person":"grace"}""";
        var approval = await ApproveAsync(grace, $"POST {Resume}", Body);
        async Task<int> SendAsync(string who, string body, string? with, string path = Resume) => (await host.SendAsync("POST", path, $"Bearer {who}", body, with)).Status;

        (await SendAsync(ada, Body, null)).ShouldBe(400, "nobody agreed");
        (await SendAsync(ada, Body.Replace("mended", "other", StringComparison.Ordinal), approval)).ShouldBe(400, "another body");
        (await SendAsync(ada, Body, approval, Resume + "?portfolio=default")).ShouldBe(400, "another call");
        (await SendAsync(ada, Body.Replace("grace", "linus", StringComparison.Ordinal), await ApproveAsync(grace, $"POST {Resume}", Body.Replace("grace", "linus", StringComparison.Ordinal)))).ShouldBe(400, "another person");
        (await SendAsync(ada, Body, await ApproveAsync(ada, $"POST {Resume}", Body))).ShouldBe(400, "oneself");
        (await SendAsync(ada, Body, grace)).ShouldBe(400, "a token is no approval");
        await host.Api.Risk.DidNotReceiveWithAnyArgs().ResumeAsync(default!);
        (await SendAsync(ada, Body, approval)).ShouldBe(409, "the grain was asked");
        await host.Api.Risk.Received(1).ResumeAsync(new Sanction("ada", "mended", "grace"));
        host.Api.Clock.Advance(TimeSpan.FromMinutes(6));
        (await SendAsync(ada, Body, approval)).ShouldBe(400, "it has expired");
    }

    async Task<string> ApproveAsync(string token, string request, string body)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
        var (status, _, text) = await host.SendAsync("POST", "/api/auth/approvals", $"Bearer {token}", $$"""{"request":"{{request}}","body_sha256":"{{hash}}"}""");
        status.ShouldBe(200, text);
        return JsonDocument.Parse(text).RootElement.GetProperty("approval").GetString()!;
    }
}

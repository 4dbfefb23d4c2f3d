using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using NSubstitute;
using Trading.Operations;

namespace Trading.Api.Tests;

/// <summary>The door itself: addresses, rates, headers, what it tells of itself, and what it leaves behind.</summary>
public sealed class GateTests
{
    static async Task<SecurityHostOf> StartAsync(params (string Key, string Value)[] settings)
    {
        var host = new SecurityHostOf(settings);
        await host.Api.InitializeAsync();
        return host;
    }

    [Fact]
    public async Task SixtyAMinute_AndTenAtOnce_IsTheDefault_AndTheWaitIsTold()
    {
        await using var host = await StartAsync(("edge:requests_per_minute", "60"), ("edge:burst", "10"));

        var answers = await host.ManyAsync(11, "/api/auth/me");
        answers.Count(answer => answer.StatusCode == HttpStatusCode.OK).ShouldBe(10);
        var refused = answers.Single(answer => answer.StatusCode == HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        host.Api.Clock.Advance(TimeSpan.FromSeconds(1));
        (await host.ManyAsync(2, "/api/auth/me")).Count(answer => answer.StatusCode == HttpStatusCode.OK).ShouldBe(1);
    }

    [Fact]
    public async Task AllowanceOfStopsAndOfSignals_IsNotTouchedByQuestions()
    {
        await using var host = await StartAsync(("edge:requests_per_minute", "60"), ("edge:burst", "5"));
        await host.ManyAsync(50, "/api/auth/me");

        (await host.Api.GetAsync("/api/auth/me")).Status.ShouldBe(429);
        (await host.Api.PostAsync("/api/risk/emergency-stop", """{"by":"a","reason":"x"}""")).Status.ShouldNotBe(429);
        (await host.Api.PostAsync("/api/risk/validate-signal", """{"symbol":"?","action":"BUY","position_size":1}""")).Status.ShouldNotBe(429);
    }

    [Fact]
    public async Task CallersWithoutAToken_CountToTheirAddress_WhateverTheyAskFor()
    {
        await using var host = await StartAsync(("edge:requests_per_minute", "60"), ("edge:burst", "5"));
        host.Api.Http.DefaultRequestHeaders.Authorization = null;

        var answers = await host.ManyAsync(10, "/api/risk/breakers");

        answers.Count(answer => answer.StatusCode == HttpStatusCode.Unauthorized).ShouldBe(5);
        answers.Count(answer => answer.StatusCode == HttpStatusCode.TooManyRequests).ShouldBe(5);
        (await host.Api.GetAsync("/health")).Status.ShouldBe(200, "health is free");
    }

    [Theory]
    [InlineData("10.0.0.0/8", 403)]
    [InlineData("127.0.0.0/8", 200)]
    public async Task AddressBeyondTheAllowedNetworks_IsShutOut(string network, int status)
    {
        await using var host = await StartAsync(("edge:allow:0", network));

        (await host.Api.GetAsync("/api/auth/me")).Status.ShouldBe(status);
        (await host.Api.GetAsync("/health")).Status.ShouldBe(status);
    }

    [Fact]
    public async Task ForwardedAddress_IsBelievedOfATrustedProxyAlone()
    {
        await using var open = await StartAsync(("edge:allow:0", "127.0.0.0/8"));
        await using var behind = await StartAsync(("edge:allow:0", "127.0.0.0/8"), ("edge:trusted_proxies:0", "127.0.0.1/32"));
        foreach (var host in new[] { open, behind }) host.Api.Http.DefaultRequestHeaders.Add("X-Forwarded-For", "192.0.2.7");

        (await open.Api.GetAsync("/api/auth/me")).Status.ShouldBe(200);
        (await behind.Api.GetAsync("/api/auth/me")).Status.ShouldBe(403);
    }

    [Fact]
    public async Task Answers_CarryWhatBrowsersMustKnow_AndNothingOfTheServer()
    {
        await using var host = await StartAsync();

        using var answer = await host.Api.Http.GetAsync(new Uri("/", UriKind.Relative));

        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        answer.Headers.GetValues("X-Frame-Options").ShouldBe(["DENY"]);
        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldNotContain("unsafe");
        answer.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
        (await answer.Content.ReadAsStringAsync()).ShouldNotContain("style=");
    }

    [Fact]
    public async Task Browser_IsSentToSignIn_AndItsCookieServesPagesButNoOtherSite()
    {
        await using var host = await StartAsync();
        var token = host.Api.Http.DefaultRequestHeaders.Authorization!.Parameter;
        using var handler = new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false };
        using var browser = new HttpClient(handler) { BaseAddress = host.Api.Http.BaseAddress };
        using var page = new HttpRequestMessage(HttpMethod.Get, "/");
        page.Headers.Accept.ParseAdd("text/html");

        using (var sent = await browser.SendAsync(page)) sent.Headers.Location!.OriginalString.ShouldBe("/sign-in?next=%2F");
        using (var wrong = await browser.PostAsync("/sign-in", Json("""{"token":"x.y.z"}"""))) wrong.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using (var signedIn = await browser.PostAsync("/sign-in", Json($$"""{"token":"{{token}}"}""")))
        {
            signedIn.StatusCode.ShouldBe(HttpStatusCode.NoContent, await signedIn.Content.ReadAsStringAsync());
            var cookie = signedIn.Headers.GetValues("Set-Cookie").Single();
            cookie.ShouldContain("httponly", Case.Insensitive);
            cookie.ShouldContain("samesite=strict", Case.Insensitive);
            browser.DefaultRequestHeaders.Add("Cookie", cookie.Split(';')[0]);
        }

        using (var inside = await browser.GetAsync("/api/auth/me")) inside.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var foreign = new HttpRequestMessage(HttpMethod.Post, "/api/auth/logout") { Headers = { { "Origin", "https://evil.example" } } };
        using (var refused = await browser.SendAsync(foreign)) refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        static StringContent Json(string text) => new(text, System.Text.Encoding.UTF8, "application/json");
    }

    [Fact]
    public async Task HealthTellsStrangersNothingButItself()
    {
        await using var host = await StartAsync();
        (await host.Api.GetAsync("/health")).Text.ShouldContain("portfolios");
        host.Api.Http.DefaultRequestHeaders.Authorization = null;

        (await host.Api.GetAsync("/health")).Text.ShouldNotContain("portfolios");
    }

    [Fact]
    public async Task ApiKey_DoesWhatItMay_UntilItIsRevokedOrExpires()
    {
        await using var host = await StartAsync();
        var (id, secret) = (ApiKeys.NewId(), ApiKeys.NewSecret());
        var key = new ApiKey(id, "gateway", ApiKeys.Hash(secret), new(Roles.Trader, ["default"], false), host.Api.Clock.GetUtcNow(), host.Api.Clock.GetUtcNow().AddDays(1), false);
        var gateway = SecurityHost.Subject("gateway", Roles.Trader | Roles.Viewer) with { IsService = true };
        await KnowAsync(key);
        host.Api.Http.DefaultRequestHeaders.Authorization = null;
        host.Api.Http.DefaultRequestHeaders.Add("X-Api-Key", ApiKeys.Text(id, secret));

        (await host.Api.GetAsync("/api/auth/me")).Json.GetProperty("roles").ToString().ShouldBe("""["trader"]""");
        (await host.Api.GetAsync("/api/risk/limits?portfolio=other")).Status.ShouldBe(403);
        await KnowAsync(key with { Revoked = true });
        (await host.Api.GetAsync("/api/auth/me")).Status.ShouldBe(401);
        await KnowAsync(key);
        (await host.Api.GetAsync("/api/auth/me")).Status.ShouldBe(200);
        host.Api.Clock.Advance(TimeSpan.FromDays(1));
        (await host.Api.GetAsync("/api/auth/me")).Status.ShouldBe(401);

        Task KnowAsync(ApiKey known)
        {
            host.Api.Known = new(host.Api.Known.Version + 1, [gateway], [known], []);
            return host.Api.Services.GetRequiredService<Identities>().RefreshAsync();
        }
    }

    [Fact]
    public async Task Rotation_LeavesTokensOfTheKeyBeforeGood_UntilTheyEnd()
    {
        await using var host = await StartAsync();
        var keys = host.Api.Services.GetRequiredService<SigningKeys>();
        var tokens = host.Api.Services.GetRequiredService<Tokens>();
        var ada = SecurityHost.Subject("ada", Roles.Viewer);
        host.Api.Known = new(1, [ada], [], []);
        await host.Api.Services.GetRequiredService<Identities>().RefreshAsync();
        var before = tokens.ForAccount(ada, "s").Text;
        var id = keys.CurrentId;

        keys.Rotate();
        var after = tokens.ForAccount(ada, "s").Text;

        keys.CurrentId.ShouldNotBe(id);
        foreach (var token in new[] { before, after })
        {
            host.Api.Http.DefaultRequestHeaders.Authorization = new("Bearer", token);
            (await host.Api.GetAsync("/api/auth/me")).Status.ShouldBe(200);
        }

        host.Api.Clock.Advance(TimeSpan.FromHours(2));
        keys.Rotate();
        keys.Find(id).ShouldBeEmpty("its last token has ended");
    }

    [Fact]
    public async Task ChangeAndDenial_AreOnRecord_WithWhoWhereWhatAndWhatCameOfIt()
    {
        await using var host = await StartAsync();
        host.Api.Book.SetModeAsync(default!).ReturnsForAnyArgs(Outcome.Conflict<Risk.GuardReport>("mode", "same", "x"));

        await host.Api.PostAsync("/api/risk/mode", """{"mode":"halted","by":"ada","reason":"x"}""");
        host.Api.Http.DefaultRequestHeaders.Authorization = null;
        await host.Api.GetAsync("/api/risk/limits");
        await host.Api.Services.GetRequiredService<AuditTrail>().PassAsync();

        var change = host.Api.Recorded.Single(entry => entry.Kind == AuditKinds.Change);
        (change.Subject, change.Address, change.What, change.Status).ShouldBe(("tester", "127.0.0.1", "POST /api/risk/mode", 409));
        change.Request.ShouldBe("""{"mode":"halted","by":"ada","reason":"x"}""");
        change.Trace.ShouldNotBeNullOrEmpty();
        var denial = host.Api.Recorded.Single(entry => entry.Kind == AuditKinds.Denied);
        (denial.Subject, denial.What, denial.Status).ShouldBe((null, "GET /api/risk/limits", 401));
    }

    [Fact]
    public async Task DenialThatCannotBeRecorded_IsKept_AndRecordedOnceTheAuditIsBack()
    {
        await using var host = await StartAsync();
        var (isAway, recorded) = (true, new List<AuditEntry>());
        host.Api.Audit.RecordAsync([]).ReturnsForAnyArgs(call =>
        {
            if (isAway) return Task.FromException(new TimeoutException());
            recorded.AddRange(call.Arg<ImmutableArray<AuditEntry>>());
            return Task.CompletedTask;
        });
        var trail = host.Api.Services.GetRequiredService<AuditTrail>();
        host.Api.Http.DefaultRequestHeaders.Authorization = null;

        await host.Api.GetAsync("/api/risk/limits");
        await trail.PassAsync();
        await host.Api.GetAsync("/api/risk/mode");
        await trail.PassAsync();
        isAway = false;
        await trail.PassAsync();

        recorded.Select(entry => entry.What).ShouldBe(["GET /api/risk/limits", "GET /api/risk/mode"]);
    }

    [Fact]
    public async Task Passwords_AreInNoEntryOfTheAudit_AndInNoAnswer()
    {
        const string Marker = "marker-password-1";
        await using var host = await StartAsync();
        host.Api.Identity.AddAsync(default!).ReturnsForAnyArgs(Outcome.Done(SecurityHost.Subject("ada", Roles.Viewer)));

        var added = await host.Api.PostAsync("/api/security/users", $$"""{"name":"ada","roles":["viewer"],"password":"{{Marker}}"}""");
        var tooShort = await host.Api.PostAsync("/api/security/users", """{"name":"ada","roles":["viewer"],"password":"marker"}""");

        added.Status.ShouldBe(201, added.Text);
        tooShort.Errors.ShouldBe(["password form"]);
        (added.Text + tooShort.Text + string.Concat(host.Api.Recorded.Select(entry => entry.ToString()))).ShouldNotContain("marker");
    }

    internal sealed class SecurityHostOf((string Key, string Value)[] settings) : IAsyncDisposable
    {
        public ApiHost Api { get; } = new(settings.ToDictionary(pair => pair.Key, pair => (string?)pair.Value));

        public async Task<HttpResponseMessage[]> ManyAsync(int count, string path)
        {
            var answers = new HttpResponseMessage[count];
            for (var n = 0; n < count; n++) answers[n] = await Api.Http.GetAsync(new Uri(path, UriKind.Relative));
            return answers;
        }

        public ValueTask DisposeAsync() => Api.DisposeAsync();
    }
}

using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Trading.Operations;
using Trading.Testing;

namespace Trading.Api.Tests;

/// <summary>Tokens of an external authority, which really is one: it serves its documents over HTTP and signs by itself.</summary>
public sealed class AuthorityTests : IAsyncLifetime
{
    OpenIdAuthority _authority = null!;
    ApiHost _api = null!;

    public async ValueTask InitializeAsync()
    {
        _authority = await OpenIdAuthority.StartAsync(() => _api.Clock.GetUtcNow());
        _api = new(new()
        {
            ["security:authority"] = _authority.Address, ["security:role_claim"] = "groups", ["security:role_map:desk-traders"] = "trader",
            ["security:role_map:desk-risk"] = "risk_officer",
        });
        await _api.InitializeAsync();
    }

    [Fact]
    public async Task Caller_MayDoWhatTheirGroupsAreMappedTo_InTheBooksThatTheirTokenNames()
    {
        var token = _authority.Token(new { sub = "ada@desk", groups = new[] { "desk-traders", "canteen" }, books = new[] { "default" } });

        var me = await GetAsync(token, "/api/auth/me");

        me.Status.ShouldBe(200, me.Text);
        (me.Json.GetProperty("subject").GetString(), me.Json.GetProperty("by").GetString()).ShouldBe(("ada@desk", "authority"));
        me.Json.GetProperty("roles").ToString().ShouldBe("""["trader"]""");
        me.Json.GetProperty("books").ToString().ShouldBe("""["default"]""");
        (await GetAsync(token, "/api/risk/limits")).Status.ShouldBe(200);
        (await GetAsync(token, "/api/risk/limits?portfolio=other")).Status.ShouldBe(403);
        (await _api.PostAsync("/api/risk/mode", """{"mode":"halted","reason":"x"}""")).Status.ShouldBe(403, "a trader sets no mode");
    }

    [Fact]
    public async Task ClaimsWithoutAMapping_OpenNothing_AndTheAnswerSaysSo()
    {
        // a name of ours is no role of theirs: only the table of the settings gives any
        var token = _authority.Token(new { sub = "eve", groups = new[] { "canteen", "administrator" }, roles = new[] { "administrator" }, books = "*" });

        var refused = await GetAsync(token, "/api/auth/me");

        refused.Status.ShouldBe(403);
        refused.Json.GetProperty("detail").GetString()!.ShouldStartWith("eve has no role here");
    }

    [Fact]
    public async Task TokenThatNamesNoBook_ReachesNone()
    {
        var token = _authority.Token(new { sub = "ada", groups = "desk-risk" });

        (await GetAsync(token, "/api/auth/me")).Status.ShouldBe(200);
        (await GetAsync(token, "/api/risk/limits")).Status.ShouldBe(403);
        (await GetAsync(token, "/api/risk/firm")).Status.ShouldBe(403, "nor what is about all");
    }

    [Fact]
    public async Task TokenThatIsNoGood_OpensNothing()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = _api.Clock.GetUtcNow().ToUnixTimeSeconds();
        (string Name, string Token)[] bad =
        [
            ("unknown key", _authority.Token(Ada(), "key-9", other)),
            ("another key under the known id", _authority.Token(Ada(), key: other)),
            ("the public key as a secret", _authority.TokenOfThePublicKey("ada")),
            ("other audience", _authority.Token(new { sub = "ada", groups = "desk-risk", books = "*", aud = "mail" })),
            ("other issuer", _authority.Token(new { sub = "ada", groups = "desk-risk", books = "*", iss = "https://elsewhere.example" })),
            ("our issuer", _authority.Token(new { sub = "ada", groups = "desk-risk", books = "*", iss = "trading" })),
            ("expired", _authority.Token(new { sub = "ada", groups = "desk-risk", books = "*", exp = now - 60 })),
            ("not yet", _authority.Token(new { sub = "ada", groups = "desk-risk", books = "*", nbf = now + 60 })),
            ("nobody", _authority.Token(new { groups = "desk-risk", books = "*" })),
            ("a name with a line break", _authority.Token(new { sub = "ada\nroot", groups = "desk-risk", books = "*" })),
            ("a name without end", _authority.Token(new { sub = new string('a', 201), groups = "desk-risk", books = "*" })),
        ];

        foreach (var (name, token) in bad) (await GetAsync(token, "/api/auth/me")).Status.ShouldBe(401, name);
        (await GetAsync(_authority.Token(Ada()), "/api/auth/me")).Status.ShouldBe(200, "the maker of these tokens makes good ones");
    }

    [Fact]
    public async Task KeyThatTheAuthorityBringsIn_IsAskedFor_AndOneThatItTakesAwaySignsNoMore()
    {
        (await GetAsync(_authority.Token(Ada()), "/api/auth/me")).Status.ShouldBe(200);
        _authority.Rotate();

        await Wait.UntilAsync(async () => (await GetAsync(_authority.Token(Ada()), "/api/auth/me")).Status == 200);

        using var before = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        (await GetAsync(_authority.Token(Ada(), "key-1", before), "/api/auth/me")).Status.ShouldBe(401);
    }

    [Fact]
    public async Task AuthorityThatIsAway_OpensNothing_AndSaysWhy_AndOurOwnTokensStayGood()
    {
        var ours = _api.Http.DefaultRequestHeaders.Authorization!.Parameter!;
        _authority.IsAway = true;

        var refused = await GetAsync(_authority.Token(Ada()), "/api/auth/me");

        refused.Status.ShouldBe(503);
        refused.Json.GetProperty("detail").GetString()!.ShouldContain("security:authority");
        (await GetAsync(ours, "/api/auth/me")).Status.ShouldBe(200);
        await _api.Services.GetRequiredService<AuditTrail>().PassAsync();
        _api.Recorded.Single(entry => entry.Kind == AuditKinds.Denied).Status.ShouldBe(503);
        _authority.IsAway = false;
        await Wait.UntilAsync(async () => (await GetAsync(_authority.Token(Ada()), "/api/auth/me")).Status == 200);
        _authority.IsAway = true;
        (await GetAsync(_authority.Token(Ada()), "/api/auth/me")).Status.ShouldBe(200, "its keys are known by now");
    }

    static object Ada() => new { sub = "ada", groups = "desk-risk", books = "*" };

    Task<Reply> GetAsync(string token, string path)
    {
        _api.Http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return _api.GetAsync(path);
    }

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        await _authority.DisposeAsync();
    }
}

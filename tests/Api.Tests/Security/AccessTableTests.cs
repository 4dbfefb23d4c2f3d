using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Trading.Operations;

namespace Trading.Api.Tests;

/// <summary>Endpoint by endpoint: who comes in, and whose token does not.</summary>
public sealed class AccessTableTests(SecurityHost host) : IClassFixture<SecurityHost>
{
    static readonly Roles[] Each = [Roles.Viewer, Roles.Trader, Roles.RiskOfficer, Roles.Administrator];

    [Fact]
    public void EveryEndpoint_SaysWhoMayUseIt()
    {
        var missing = host.Endpoints.Where(each => each.Access is null).Select(each => AccessTable.Missing(AccessTable.NameOf(each.Endpoint)));

        string.Join('\n', missing).ShouldBeEmpty();
    }

    [Fact]
    public void EveryLineOfTheTable_IsAnEndpoint()
    {
        var mapped = host.Endpoints.Select(each => AccessTable.NameOf(each.Endpoint)).ToArray();

        AccessTable.All.Keys.Except(mapped).ShouldBeEmpty("lines of AccessTable (Api/Security/EndpointAccess.cs) that no endpoint has");
    }

    [Fact]
    public async Task EveryRole_ComesInWhereTheTableSays_AndNowhereElse()
    {
        foreach (var role in Each)
        {
            var token = await host.TokenAsync(SecurityHost.Subject($"all-{RoleNames.Words(role)}", role));
            foreach (var (endpoint, access) in host.Endpoints)
            {
                var (method, path) = SecurityHost.Request(endpoint, access!, SecurityHost.Book);
                if (method == "POST" && path == "/api/auth/logout") continue; // it would end the token
                var (status, _, text) = await host.SendAsync(method, path, $"Bearer {token}");
                if (access!.Roles is { } roles && (roles & role) == 0) status.ShouldBe(403, $"{role} {method} {path}");
                else if (access.Roles is not null) status.ShouldNotBeOneOf([401, 403, 429], $"{role} {method} {path} {text}");
            }
        }
    }

    [Fact]
    public async Task SubjectOfOneBook_ReachesNoOther_AndNothingThatIsAboutAll()
    {
        var token = await host.TokenAsync(SecurityHost.Subject("scoped", Roles.Anyone, SecurityHost.Book));
        var tried = 0;
        foreach (var (endpoint, access) in host.Endpoints.Where(each => each.Access!.Book != BookOf.None))
        {
            var (method, path) = SecurityHost.Request(endpoint, access!, SecurityHost.OtherBook);
            (await host.SendAsync(method, path, $"Bearer {token}")).Status.ShouldBe(403, $"{method} {path}");
            tried++;
            if (access!.Book == BookOf.Every) continue;
            var (_, own) = SecurityHost.Request(endpoint, access, SecurityHost.Book);
            (await host.SendAsync(method, own, $"Bearer {token}")).Status.ShouldNotBeOneOf([401, 403], $"{method} {own}");
        }

        tried.ShouldBeGreaterThan(30);
    }

    [Theory]
    [InlineData("/api/risk/validate-signal", """{"symbol":"IBM","action":"BUY","position_size":1,"portfolio":"other"}""")]
    [InlineData("/api/risk/validate-signals", """[{"symbol":"IBM","action":"BUY","position_size":1},{"symbol":"IBM","action":"BUY","position_size":1,"portfolio":"other"}]""")]
    [InlineData("/api/risk/emergency-stop", """{"reason":"x","portfolio":"other"}""")]
    [InlineData("/api/risk/emergency-stop", """{"reason":"x","scope":"firm"}""")]
    [InlineData("/api/risk/resume", """{"reason":"x","scope":"firm"}""")]
    [InlineData("/api/risk/update-limits", """{"reason":"x","limits":{"min_cash":1},"portfolio":"other"}""")]
    public async Task BookInABody_IsHeldAgainstTheTokenToo(string path, string body)
    {
        var token = await host.TokenAsync(SecurityHost.Subject("scoped", Roles.Anyone, SecurityHost.Book));

        (await host.SendAsync("POST", path, $"Bearer {token}", body)).Status.ShouldBe(403);
    }

    [Fact]
    public void EveryBodyThatTellsTheBook_HasAMemberForIt()
    {
        foreach (var (endpoint, access) in host.Endpoints.Where(each => each.Access!.Book == BookOf.Body))
        {
            var schema = endpoint.Metadata.GetMetadata<RequestBodyMetadata>().ShouldNotBeNull(AccessTable.NameOf(endpoint)).Describe();
            (schema.Items ?? schema).Properties.ShouldNotBeNull().Keys.ShouldContain("portfolio", AccessTable.NameOf(endpoint));
        }
    }

    [Theory]
    [InlineData("""{"symbol":"IBM","action":"BUY","position_size":1,"portfolio":null}""")]
    [InlineData("""{"portfolio":null,"symbol":"IBM","action":"BUY","position_size":1}""")]
    public async Task BookThatIsNull_IsTheDefaultOne(string body)
    {
        var token = await host.TokenAsync(SecurityHost.Subject("elsewhere", Roles.Anyone, SecurityHost.OtherBook));

        (await host.SendAsync("POST", "/api/risk/validate-signal", $"Bearer {token}", body)).Status.ShouldBe(403);
    }

    [Fact]
    public async Task DefaultBook_IsMeantByABodyThatNamesNone()
    {
        var token = await host.TokenAsync(SecurityHost.Subject("elsewhere", Roles.Anyone, SecurityHost.OtherBook));
        const string Signal = """{"symbol":"IBM","action":"BUY","position_size":1}""";

        (await host.SendAsync("POST", "/api/risk/validate-signal", $"Bearer {token}", Signal)).Status.ShouldBe(403);
        (await host.SendAsync("GET", "/api/risk/limits", $"Bearer {token}")).Status.ShouldBe(403);
    }

    [Fact]
    public async Task TokenThatIsNoGood_OpensNothing()
    {
        var good = SecurityHost.Subject("good", Roles.Anyone);
        var text = await host.TokenAsync(good);
        var revoked = await host.TokenAsync(good);
        await host.KnowAsync(known => known with { Revoked = [new(new JsonWebToken(revoked).Id, DateTimeOffset.MaxValue)] });
        var disabled = await host.TokenAsync(SecurityHost.Subject("disabled", Roles.Anyone) with { Disabled = true });
        var outdated = await host.TokenAsync(SecurityHost.Subject("outdated", Roles.Anyone) with { NotBefore = host.Api.Clock.GetUtcNow().AddMinutes(1) });
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var (issuer, audience) = ("trading", "trading-api");
        var kid = new JsonWebToken(text).Kid;
        (string Name, string? Header)[] bad =
        [
            ("none", null),
            ("no scheme of ours", "Basic YTpi"),
            ("nonsense", "Bearer x"),
            ("three parts of nonsense", "Bearer a.b.c"),
            ("expired", $"Bearer {Signed(key: null, issuer, audience, expires: -120)}"),
            ("not yet", $"Bearer {Signed(key: null, issuer, audience, notBefore: 120)}"),
            ("wrong key", $"Bearer {Signed(new ECDsaSecurityKey(other) { KeyId = kid }, issuer, audience)}"),
            ("unknown key", $"Bearer {Signed(new ECDsaSecurityKey(other) { KeyId = "x" }, issuer, audience)}"),
            ("wrong audience", $"Bearer {Signed(null, issuer, "others")}"),
            ("approval as a token", $"Bearer {host.Tokens.ForApproval("good", "POST /", new('0', 64)).Text}"),
            ("wrong issuer", $"Bearer {Signed(null, "others", audience)}"),
            ("alg none", $"Bearer {Unsigned(text)}"),
            ("HMAC with the id of the key", $"Bearer {Hmac(kid, issuer, audience)}"),
            ("tampered", $"Bearer {Tampered(text)}"),
            ("cut", $"Bearer {text[..^10]}"),
            ("revoked", $"Bearer {revoked}"),
            ("disabled", $"Bearer {disabled}"),
            ("from before a change", $"Bearer {outdated}"),
            ("unknown subject", $"Bearer {Signed(null, issuer, audience, subject: "nobody")}"),
            ("unknown API key", "Bearer tk_0123456789abcdef_00"),
        ];

        foreach (var (endpoint, access) in host.Endpoints.Where(each => each.Access!.Roles is not null))
        {
            var (method, path) = SecurityHost.Request(endpoint, access!, SecurityHost.Book);
            foreach (var (name, header) in bad)
                (await host.SendAsync(method, path, header)).Status.ShouldBe(401, $"{name}: {method} {path}");
        }

        (await host.SendAsync("GET", "/api/auth/me", $"Bearer {Signed(null, issuer, audience, subject: "good")}")).Status.ShouldBe(200, "the maker of these tokens makes good ones");
    }

    string Signed(SecurityKey? key, string issuer, string audience, int notBefore = -10, int expires = 600, string subject = "good")
    {
        var now = host.Api.Clock.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer, Audience = audience, IssuedAt = now, NotBefore = now.AddSeconds(notBefore), Expires = now.AddSeconds(expires),
            Claims = new Dictionary<string, object> { ["sub"] = subject, ["jti"] = "j", ["roles"] = new[] { "administrator" }, ["books"] = new[] { "*" } },
            SigningCredentials = key is null ? host.Service<SigningKeys>().Current : new(key, SecurityAlgorithms.EcdsaSha256),
        });
    }

    static string Hmac(string kid, string issuer, string audience) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        Issuer = issuer, Audience = audience, Claims = new Dictionary<string, object> { ["sub"] = "good", ["jti"] = "j" },
        SigningCredentials = new(new SymmetricSecurityKey(Encoding.ASCII.GetBytes(kid.PadRight(32))) { KeyId = kid }, SecurityAlgorithms.HmacSha256),
    });

    static string Unsigned(string token) => $"{Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""")}.{token.Split('.')[1]}.";

    static string Tampered(string token)
    {
        var parts = token.Split('.');
        parts[1] = Base64UrlEncoder.Encode(Base64UrlEncoder.Decode(parts[1]).Replace("\"good\"", "\"root\"", StringComparison.Ordinal));
        return string.Join('.', parts);
    }
}

file static class HostServices
{
    public static T Service<T>(this SecurityHost host) where T : notnull =>
        (T)host.Api.Services.GetService(typeof(T))!;
}

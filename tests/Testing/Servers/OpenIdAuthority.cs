using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Trading.Testing;

/// <summary>An authority of OpenID Connect on this machine: its discovery document, its keys, and tokens that it signs. What it sends
/// is put together here by the standards (RFC 7515, 7517, 7519), and not by the library that is to read it.</summary>
public sealed class OpenIdAuthority : IAsyncDisposable
{
    readonly LocalServer _server;
    readonly Func<DateTimeOffset> _now;
    ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    int _keyNumber = 1, _tokens;

    OpenIdAuthority(LocalServer server, Func<DateTimeOffset> now) => (_server, _now) = (server, now);

    public string Address => _server.Address;

    /// <summary>Whether it answers at all.</summary>
    public bool IsAway { get; set; }

    public static async Task<OpenIdAuthority> StartAsync(Func<DateTimeOffset> now)
    {
        var authority = new OpenIdAuthority(await LocalServer.StartAsync(), now);
        authority._server.Answer = authority.AnswerAsync;
        return authority;
    }

    /// <summary>Another key signs, and the one before is published no longer.</summary>
    public void Rotate() => (_key, _keyNumber) = (ECDsa.Create(ECCurve.NamedCurves.nistP256), _keyNumber + 1);

    /// <param name="claims">Beside issuer, audience and times, which they can replace.</param>
    /// <param name="key">Another one than that which is published.</param>
    public string Token(object claims, string? keyId = null, ECDsa? key = null)
    {
        var now = _now().ToUnixTimeSeconds();
        var payload = new Dictionary<string, object>
        {
            ["iss"] = Address, ["aud"] = "trading-api", ["iat"] = now, ["nbf"] = now - 5, ["exp"] = now + 600, ["jti"] = $"token-{++_tokens}",
        };
        foreach (var claim in JsonSerializer.SerializeToElement(claims).EnumerateObject()) payload[claim.Name] = claim.Value;
        var header = new { alg = "ES256", typ = "JWT", kid = keyId ?? KeyId };
        var signed = $"{Part(JsonSerializer.Serialize(header))}.{Part(JsonSerializer.Serialize(payload))}";
        return $"{signed}.{Encoded((key ?? _key).SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    /// <summary>The same signed by HMAC with what everybody can read: the published key.</summary>
    public string TokenOfThePublicKey(string subject)
    {
        var payload = Token(new { sub = subject }).Split('.')[1];
        var signed = $"{Part(JsonSerializer.Serialize(new { alg = "HS256", typ = "JWT", kid = KeyId }))}.{payload}";
        return $"{signed}.{Encoded(HMACSHA256.HashData(_key.ExportSubjectPublicKeyInfo(), Encoding.ASCII.GetBytes(signed)))}";
    }

    string KeyId => $"key-{_keyNumber}";

    Task AnswerAsync(HttpContext http)
    {
        if (IsAway) return LocalServer.Says("", 503)(http);
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        return http.Request.Path.Value switch
        {
            "/.well-known/openid-configuration" => Says(new
            {
                issuer = Address, jwks_uri = $"{Address}/keys", authorization_endpoint = $"{Address}/authorize", token_endpoint = $"{Address}/token",
                response_types_supported = new[] { "code" }, subject_types_supported = new[] { "public" },
                id_token_signing_alg_values_supported = new[] { "ES256" },
            }),
            "/keys" => Says(new
            {
                keys = new[] { new { kty = "EC", use = "sig", alg = "ES256", crv = "P-256", kid = KeyId, x = Encoded(point.X!), y = Encoded(point.Y!) } },
            }),
            _ => LocalServer.NotFound(http),
        };

        Task Says(object document) => LocalServer.Says(JsonSerializer.Serialize(document))(http);
    }

    static string Part(string json) => Encoded(Encoding.UTF8.GetBytes(json));

    static string Encoded(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _key.Dispose();
    }
}

using System.Security.Cryptography;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Trading.Benchmarks.Http;

/// <summary>The limit that the API is measured against: Kestrel that reads one signal as JSON and writes it back, nothing else.</summary>
public static partial class EchoServer
{
    /// <param name="isGuarded">Whether it takes a token that JwtBearer validates for each request.</param>
    public static async Task RunAsync(int port, bool isGuarded = false)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (isGuarded)
            builder.Services.AddAuthorization().AddAuthentication().AddJwtBearer(jwt => jwt.TokenValidationParameters = new()
            {
                ValidIssuer = Name, ValidAudience = Name, IssuerSigningKey = Key,
            });
        var app = builder.Build();
        app.Urls.Add($"http://127.0.0.1:{port}");
        var echo = app.MapPost("/echo", static async context =>
        {
            var signal = await context.Request.ReadFromJsonAsync(EchoJson.Default.EchoSignal);
            await context.Response.WriteAsJsonAsync(signal!, EchoJson.Default.EchoSignal);
        });
        if (isGuarded) echo.RequireAuthorization();
        await app.RunAsync();
    }

    const string Name = "echo";

    /// <summary>No secret: it guards an echo.</summary>
    static readonly ECDsaSecurityKey Key = MakeKey();

    static ECDsaSecurityKey MakeKey()
    {
        // The same in both processes: the private value is one, the public point the curve's base point.
        var key = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            D = [.. new byte[31], 1],
            Q = new()
            {
                X = Convert.FromHexString("6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296"),
                Y = Convert.FromHexString("4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5"),
            },
        });
        return new(key) { KeyId = Name };
    }

    public static string Token() => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        Issuer = Name, Audience = Name, SigningCredentials = new(Key, SecurityAlgorithms.EcdsaSha256),
    });

    internal sealed record EchoSignal(string Symbol, string Action, double PositionSize, double Confidence);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
    [JsonSerializable(typeof(EchoSignal))]
    internal sealed partial class EchoJson : JsonSerializerContext;
}

using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Trading.Benchmarks.Http;

/// <summary>The limit that the API is measured against: Kestrel that reads one signal as JSON and writes it back, nothing else.</summary>
public static partial class EchoServer
{
    public static async Task RunAsync(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add($"http://127.0.0.1:{port}");
        app.MapPost("/echo", static async context =>
        {
            var signal = await context.Request.ReadFromJsonAsync(EchoJson.Default.EchoSignal);
            await context.Response.WriteAsJsonAsync(signal!, EchoJson.Default.EchoSignal);
        });
        await app.RunAsync();
    }

    internal sealed record EchoSignal(string Symbol, string Action, double PositionSize, double Confidence);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
    [JsonSerializable(typeof(EchoSignal))]
    internal sealed partial class EchoJson : JsonSerializerContext;
}

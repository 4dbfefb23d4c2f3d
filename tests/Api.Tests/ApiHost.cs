using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NSubstitute;
using Trading.MarketData;
using Trading.Operations;
using Trading.Portfolios;
using Trading.Risk;
using Trading.Testing;

namespace Trading.Api.Tests;

/// <summary>The API on a free loopback port, over grains that a test scripts. The default book exists; no other does.</summary>
public sealed class ApiHost : IAsyncLifetime
{
    /// <summary>Who asks.</summary>
    public const string Caller = "tester";

    readonly WebApplication _app;
    readonly List<AuditEntry> _recorded = [];
    readonly IGrainFactory _grains = Substitute.For<IGrainFactory>();

    public ApiHost() : this([])
    {
    }

    /// <param name="settings">Configuration by key, for example <c>api:max_queued_requests</c>.</param>
    /// <param name="readiness">Whether it may be asked; null for a host that has nothing to prepare.</param>
    internal ApiHost(Dictionary<string, string?> settings, Readiness? readiness = null)
    {
        Clock = new();
        var builder = WebApplication.CreateSlimBuilder();
        string[] rates = ["edge:requests_per_minute", "edge:burst", "edge:emergency_per_minute", "edge:emergency_burst"];
        builder.Configuration.AddInMemoryCollection(rates.ToDictionary(rate => rate, _ => (string?)"1000000"))
            .AddInMemoryCollection(settings);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(Clock).AddSingleton(_grains).AddSingleton(Intake);
        builder.Services.AddSingleton(new SystemInfo("1.2.3", "sqlite", Clock.GetUtcNow()));
        builder.Services.AddSingleton(new ModelSymbols(["IBM", "AAPL"]));
        if (readiness is not null) builder.Services.AddSingleton(readiness);
        builder.Services.AddSingleton(new AccessMode(IsDevelopment: true));
        Grain(Identity, GrainKeys.Identity).GetAsync(0).ReturnsForAnyArgs(_ => Known);
        Grain(Audit, GrainKeys.Audit).RecordAsync(default).ReturnsForAnyArgs(call =>
        {
            lock (_recorded) _recorded.AddRange(call.Arg<ImmutableArray<AuditEntry>>());
            return Task.CompletedTask;
        });
        builder.Services.AddTradingApi();
        _app = builder.Build().MapTradingApi();

        Grain(Directory, GrainKeys.Directory).ListAsync().Returns([GrainKeys.DefaultPortfolio]);
        Grain(Book, GrainKeys.DefaultPortfolio).GetSnapshotAsync().Returns(Outcome.Done(Samples.Snapshot));
        Grain(Risk, GrainKeys.DefaultPortfolio).GetLimitsAsync().Returns(Samples.Limits);
        Alone(Risk);
        foreach (var unknown in new[] { "nowhere" })
        {
            var book = Grain(Substitute.For<IPortfolioGrain>(), unknown);
            book.GetSnapshotAsync().Returns(Outcome.NotFound<PortfolioSnapshot>("portfolio", $"There is no portfolio '{unknown}'."));
            var risk = Grain(Substitute.For<IRiskLimitGrain>(), unknown);
            Alone(risk);
            risk.ValidateAsync(default!).ReturnsForAnyArgs(Outcome.NotFound<RecordedDecision>("portfolio", $"There is no portfolio '{unknown}'."));
        }
    }

    /// <summary>Every signal is asked about alone, so that a test scripts one method.</summary>
    static void Alone(IRiskLimitGrain risk) => risk.ValidateEachAsync(default).ReturnsForAnyArgs(
        asked => [.. new Outcome<RecordedDecision>?[asked.Arg<ImmutableArray<Order>>().Length]]);

    public IServiceProvider Services => _app.Services;
    public IIdentityGrain Identity { get; } = Substitute.For<IIdentityGrain>();
    public IAuditGrain Audit { get; } = Substitute.For<IAuditGrain>();

    /// <summary>Whom the API knows, beside the developer.</summary>
    public IdentitySnapshot Known { get; set; } = IdentitySnapshot.Empty;

    /// <summary>What the audit was given.</summary>
    public AuditEntry[] Recorded
    {
        get
        {
            lock (_recorded) return [.. _recorded];
        }
    }

    public ManualTimeProvider Clock { get; }
    public IPortfolioDirectoryGrain Directory { get; } = Substitute.For<IPortfolioDirectoryGrain>();
    public IPortfolioGrain Book { get; } = Substitute.For<IPortfolioGrain>();
    public IRiskLimitGrain Risk { get; } = Substitute.For<IRiskLimitGrain>();
    public IBarIntake Intake { get; } = Substitute.For<IBarIntake>();
    public HttpClient Http { get; private set; } = new();

    /// <summary>Makes a scripted grain answer under a key.</summary>
    public TGrain Grain<TGrain>(TGrain grain, string key) where TGrain : class, IGrainWithStringKey
    {
        _grains.GetGrain<TGrain>(key).Returns(grain);
        return grain;
    }

    public async Task<Reply> GetAsync(string path) => await Reply.FromAsync(await Http.GetAsync(new Uri(path, UriKind.Relative)));

    public Task<Reply> PostAsync(string path, string body, string? contentType = "application/json") =>
        PostAsync(path, Encoding.UTF8.GetBytes(body), contentType);

    public async Task<Reply> PostAsync(string path, byte[] body, string? contentType = "application/json")
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        return await Reply.FromAsync(await Http.PostAsync(new Uri(path, UriKind.Relative), content));
    }

    public async ValueTask InitializeAsync()
    {
        await _app.StartAsync();
        Http.BaseAddress = new Uri(_app.Urls.Single());
        Http.DefaultRequestHeaders.Authorization = new("Bearer", Services.GetRequiredService<Tokens>().ForDevelopment(Caller).Text);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }
}

/// <summary>An answer of the API.</summary>
public sealed record Reply(int Status, string? ContentType, Uri? Location, string Text)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    /// <summary>Field and rule of every error, in order.</summary>
    public string[] Errors
    {
        get
        {
            ContentType.ShouldBe("application/problem+json", Text);
            return [.. Json.GetProperty("errors").EnumerateArray().Select(error => $"{error.GetProperty("field")} {error.GetProperty("rule")}")];
        }
    }

    public static async Task<Reply> FromAsync(HttpResponseMessage response)
    {
        using (response)
            return new((int)response.StatusCode, response.Content.Headers.ContentType?.ToString(), response.Headers.Location, await response.Content.ReadAsStringAsync());
    }
}

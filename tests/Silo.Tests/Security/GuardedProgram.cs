using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Trading.Api;
using Trading.Hosting;
using Trading.Journal;
using Trading.Operations;
using Trading.Testing;

namespace Trading.Silo.Tests;

/// <summary>The whole program within the test's process, on a store in memory, with a subject of each role.</summary>
sealed class GuardedProgram : IAsyncDisposable
{
    static readonly Roles[] Each = [Roles.Viewer, Roles.Trader, Roles.RiskOfficer, Roles.Administrator];
    readonly TemporaryFolder _folder;
    readonly WebApplication _app;

    GuardedProgram(TemporaryFolder folder, WebApplication app, CountingJournal journal) => (_folder, _app, Journal) = (folder, app, journal);

    public CountingJournal Journal { get; }
    public HttpClient Http { get; } = new() { Timeout = TimeSpan.FromSeconds(30) };
    public IServiceProvider Services => _app.Services;

    /// <summary>The tokens of subjects with one role each, by the role's name.</summary>
    public Dictionary<string, string> Tokens { get; } = [];

    public static async Task<GuardedProgram> StartAsync(params string[] settings)
    {
        var folder = new TemporaryFolder();
        CountingJournal? journal = null;
        var app = TradingHost.Build(
            [
                .. TradingProcess.Settings(folder.Path), "urls=http://127.0.0.1:0", "market_data:replay_interval=3600", "portfolios:calculation_frequency=3600",
                "portfolios:price_refresh=3600", .. settings,
            ],
            ProcessRole.Silo, isGuarded: true,
            services => services.AddSingleton<IJournal>(all => journal = new CountingJournal(all.GetRequiredService<EventJournal>())));
        await app.StartAsync();
        var program = new GuardedProgram(folder, app, journal!);
        program.Http.BaseAddress = new Uri(app.Urls.First());
        await program.SignInAsync();
        return program;
    }

    public async Task<(int Status, string Text)> SendAsync(HttpMethod method, string path, string? token, string? body = null, string contentType = "application/json")
    {
        using var request = new HttpRequestMessage(method, path);
        if (token is not null) request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8) { Headers = { ContentType = MediaTypeHeaderValue.Parse(contentType) } };
        using var response = await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if (response.Content.Headers.ContentType?.MediaType == "text/event-stream") return ((int)response.StatusCode, ""); // it never ends
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    async Task SignInAsync()
    {
        var tokens = Services.GetRequiredService<Tokens>();
        var identity = Services.GetRequiredService<IGrainFactory>().GetGrain<IIdentityGrain>(GrainKeys.Identity);
        foreach (var role in Each)
        {
            var added = await identity.AddAsync(new($"only-{role}", false, new(role, [], false), null, false));
            Tokens[role.ToString()] = tokens.ForAccount(added.Value!, "session").Text;
        }

        Tokens["Developer"] = tokens.ForDevelopment("developer").Text;
        await Services.GetRequiredService<Identities>().RefreshAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _folder.Dispose();
    }
}

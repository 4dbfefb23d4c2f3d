using System.Collections.Concurrent;
using Microsoft.Playwright;
using Trading.Testing;

namespace Trading.Dashboard.Tests;

/// <summary>The program on the bundled sample, replayed fast, and Debian's Chromium.</summary>
public sealed class Browser : IAsyncLifetime
{
    const string Chromium = "/usr/bin/chromium";

    readonly TemporaryFolder _folder = new();
    IPlaywright? _playwright;
    IBrowser? _browser;

    internal TradingProcess Program { get; private set; } = null!;

    /// <summary>What failed in pages.</summary>
    public ConcurrentQueue<string> Errors { get; } = [];

    public static bool IsInstalled => File.Exists(Chromium);

    public async ValueTask InitializeAsync()
    {
        if (!IsInstalled) return;
        Program = await TradingProcess.StartAsync(TradingProcess.Settings(
            _folder.Path, "market_data:replay_interval=2", "monitoring:sample_interval=1", "alerts:group_wait=0",
            "risk:default_limits:breakers:second_person_to_resume=true"));
        _playwright = await Playwright.CreateAsync();
        Assertions.SetDefaultExpectTimeout(20_000);
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium, Args = ["--no-sandbox"] });
    }

    /// <summary>A page of its own, with no memory of others.</summary>
    /// <param name="inspected">Lets a tool put its own script into the page, which the page's policy forbids.</param>
    public async Task<IPage> OpenAsync(
        string view, bool dark = false, bool phone = false, bool inspected = false, bool signedIn = true, Func<IPage, Task>? before = null)
    {
        var context = await _browser!.NewContextAsync(new()
        {
            BaseURL = Program.Client.BaseAddress!.ToString(),
            ViewportSize = phone ? new() { Width = 390, Height = 844 } : new() { Width = 1_440, Height = 900 },
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
            Locale = "en-GB",
            BypassCSP = inspected,
        });
        context.SetDefaultTimeout(20_000);
        var page = await context.NewPageAsync();
        page.PageError += (_, error) => Errors.Enqueue(error);
        if (signedIn)
            await context.APIRequest.PostAsync("/sign-in", new() { DataObject = new { token = Program.Token } });
        if (before is not null) await before(page);
        await page.GotoAsync($"/dashboard#{view}");
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
        if (IsInstalled) Program.Dispose();
        _folder.Dispose();
    }
}

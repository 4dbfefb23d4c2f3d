using System.Text.Json;
using System.Text.RegularExpressions;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Trading.Testing;
using static Microsoft.Playwright.Assertions;

namespace Trading.Dashboard.Tests;

/// <summary>What a trader does on the page, in a real browser against the real program.</summary>
public sealed partial class DashboardTests(Browser browser) : IClassFixture<Browser>, IDisposable
{
    static readonly string[] Views = ["overview", "decisions", "risk", "guards", "data", "models", "alerts", "system"];

    static readonly bool[] Themes = [false, true], Sizes = [false, true];

    public void Dispose() => browser.Errors.ShouldBeEmpty();

    [ProgramFact(["chromium"])]
    public async Task Numbers_AreLive_WhileTheReplayRuns()
    {
        var page = await browser.OpenAsync("overview");
        await Expect(page.Locator("#connection-text")).ToHaveTextAsync("Live");
        var equity = page.Locator(".kpi", new() { HasText = "Equity" }).Locator(".value").First;
        await Expect(equity).ToHaveTextAsync(Amount());
        var before = await equity.TextContentAsync();

        await Expect(equity).Not.ToHaveTextAsync(before!);
        await Expect(page.Locator("section", new() { HasText = "Positions" }).Locator("tbody tr").First)
            .ToBeVisibleAsync();
        (await page.Locator(".kpi .value").AllTextContentsAsync()).ShouldAllBe(text => !text.Contains("NaN"));
    }

    [ProgramFact(["chromium"])]
    public async Task Decisions_AppearAsTheyAreMade_WithTheirReasons_AndAreExplained()
    {
        var page = await browser.OpenAsync("decisions");
        await Expect(page.Locator("#connection-text")).ToHaveTextAsync("Live");
        await browser.Program.PostAsync("/api/risk/validate-signal",
            new { symbol = "GE", action = "BUY", position_size = 1e7 });

        var row = page.Locator("tbody tr", new() { HasText = "10,000,000" }).First;
        await Expect(row).ToContainTextAsync("refused", new() { Timeout = 3_000 });
        await Expect(row).ToContainTextAsync("Order notional");
        await row.GetByRole(AriaRole.Button).ClickAsync();
        var dialog = page.Locator("dialog");
        await Expect(dialog).ToContainTextAsync("Before and after the trade");
        await Expect(dialog.Locator("tbody tr", new() { HasText = "Order notional" }).First)
            .ToContainTextAsync("broken");
        await page.Keyboard.PressAsync("Escape");
        await Expect(dialog).Not.ToBeVisibleAsync();
    }

    [ProgramFact(["chromium"])]
    public async Task WhatIf_ShowsWhatAnOrderWouldDo_AndReservesNothing()
    {
        var page = await browser.OpenAsync("decisions");
        var before = (await browser.Program.GetAsync("/api/portfolios/default")).GetProperty("reservations")
            .GetArrayLength();
        await page.GetByLabel("Symbol").FillAsync("ibm");
        await page.GetByLabel("Quantity").FillAsync("100");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show what it would do" }).ClickAsync();

        await Expect(page.Locator("[aria-live=polite] .verdict")).ToContainTextAsync("BUY 100 IBM");
        await Expect(page.Locator("[aria-live=polite] tbody tr", new() { HasText = "VaR 95 %" })).ToBeVisibleAsync();
        (await browser.Program.GetAsync("/api/portfolios/default")).GetProperty("reservations").GetArrayLength()
            .ShouldBe(before);
        (await browser.Program.GetAsync("/api/risk/decisions")).EnumerateArray()
            .ShouldNotContain(decision => decision.GetProperty("symbol").GetString() == "IBM"
                && decision.GetProperty("quantity").GetDecimal() == 100);
    }

    [ProgramFact(["chromium"])]
    public async Task TrippedBreaker_IsSeenAlertedAndReset_AndTheAlertAcknowledged()
    {
        await Breaker("drawdown", """{"trip":0.0000001,"clear":0.00000005,"cooling_seconds":0,"half_open_seconds":0,"half_open_cap":1,"reset":"person"}""");
        var page = await browser.OpenAsync("guards");
        var row = page.Locator("tr", new() { HasText = "Drawdown" });
        await Expect(row).ToContainTextAsync("Tripped");

        await page.GetByRole(AriaRole.Link, new() { Name = "Alerts" }).ClickAsync();
        var alert = page.Locator("tr", new() { HasText = "the breaker drawdown tripped" }).First;
        await Expect(alert).ToContainTextAsync("critical");
        await alert.GetByRole(AriaRole.Button, new() { NameRegex = new("^Acknowledge") }).ClickAsync();
        await page.GetByLabel("Your name").FillAsync("ada");
        await page.GetByLabel("What you do about it").FillAsync("watching it");
        await page.Locator("dialog").GetByRole(AriaRole.Button, new() { Name = "Acknowledge" }).ClickAsync();
        await Expect(alert).ToContainTextAsync("ada: watching it");
        await SilenceAndEndAsync(page, alert);

        await Breaker("drawdown", """{"trip":0.9,"clear":0.8,"cooling_seconds":0,"half_open_seconds":0,"half_open_cap":1,"reset":"person"}""");
        await page.GetByRole(AriaRole.Link, new() { Name = "Guards" }).ClickAsync();
        await row.GetByRole(AriaRole.Button, new() { Name = "Reset" }).ClickAsync();
        await page.GetByLabel("Reason").FillAsync("seen");
        await page.Locator("dialog").GetByRole(AriaRole.Button, new() { Name = "Reset" }).ClickAsync();
        await Expect(row).ToContainTextAsync("Closed");
        await Expect(row).ToContainTextAsync("system"); // it closed by itself after the person's reset
    }

    static async Task SilenceAndEndAsync(IPage page, ILocator alert)
    {
        await alert.GetByRole(AriaRole.Button, new() { NameRegex = new("^Silence") }).ClickAsync();
        await page.GetByLabel("Minutes").FillAsync("5");
        await page.GetByLabel("Reason").FillAsync("known");
        await page.Locator("dialog").GetByRole(AriaRole.Button, new() { Name = "Silence" }).ClickAsync();
        await Expect(alert).ToContainTextAsync("silenced");
        var silence = page.GetByRole(AriaRole.Region, new() { Name = "Silences" }).Locator("tbody tr").First;
        await Expect(silence).ToContainTextAsync("ada: known");
        await silence.GetByRole(AriaRole.Button, new() { Name = "End" }).ClickAsync();
        await page.GetByLabel("Reason").FillAsync("over");
        await page.Locator("dialog").GetByRole(AriaRole.Button, new() { Name = "End" }).ClickAsync();
        await Expect(alert).Not.ToContainTextAsync("silenced");
    }

    [ProgramFact(["chromium"])]
    public async Task EmergencyStop_AsksFirst_StopsAndIsResumed()
    {
        var page = await browser.OpenAsync("guards");
        await Expect(page.Locator("#mode")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Emergency stop" }).ClickAsync();
        await page.Locator("dialog").GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Expect(page.Locator("#mode")).Not.ToHaveTextAsync("Halted");

        await page.GetByRole(AriaRole.Button, new() { Name = "Emergency stop" }).ClickAsync();
        await page.GetByLabel("Your name").FillAsync("ada");
        await page.GetByLabel("Reason").FillAsync("drill");
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop now" }).ClickAsync();
        await Expect(page.Locator("#mode")).ToHaveTextAsync("Halted");
        await page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await page.GetByLabel("Reason").FillAsync("drill over");
        await page.GetByLabel("Second person").FillAsync("grace");
        await page.Locator("dialog").GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await Expect(page.Locator("#mode")).Not.ToHaveTextAsync("Halted");
    }

    [ProgramFact(["chromium"])]
    public async Task LostLine_IsShownWithinFiveSeconds_AndComesBackByItself()
    {
        var isDown = false;
        var page = await browser.OpenAsync("overview", before: page =>
            page.RouteAsync("**/api/dashboard/stream**", route => isDown ? route.AbortAsync() : route.ContinueAsync()));
        await Expect(page.Locator("#connection-text")).ToHaveTextAsync("Live");
        isDown = true;
        await page.Context.SetOfflineAsync(true);
        await page.EvaluateAsync("() => import('/dashboard/assets/core.js').then(core => core.connect())"); // the line is cut

        await Expect(page.Locator("#connection-text")).ToContainTextAsync("No news for"); // three seconds
        await Expect(page.Locator("#connection-text")).ToContainTextAsync("Connection lost: the figures are of",
            new() { Timeout = 6_500 });
        (await page.Locator(".kpi .value").First.EvaluateAsync<string>("one => getComputedStyle(one).backgroundImage"))
            .ShouldContain("gradient", customMessage: "what is old is seen to be");
        isDown = false;
        await page.Context.SetOfflineAsync(false);
        await Expect(page.Locator("#connection-text")).ToHaveTextAsync("Live");
    }

    [ProgramFact(["chromium"])]
    public async Task WhoeverIsNotKnown_SignsIn_IsLedBack_AndNoScriptReadsTheToken()
    {
        var page = await browser.OpenAsync("guards", signedIn: false);
        await page.GetByLabel("Token").FillAsync("wrong");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(page.Locator("#said")).ToHaveTextAsync("The token is no good.");
        await page.GetByLabel("Token").FillAsync(browser.Program.Token);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Circuit breakers" })).ToBeVisibleAsync();
        (await page.EvaluateAsync<string>("() => JSON.stringify([localStorage, sessionStorage]) + document.cookie"))
            .ShouldNotContain(browser.Program.Token);
    }

    [ProgramFact(["chromium"])]
    public async Task Persons_ActUnderTheirOwnName_ASecondOneAgreesAtTheScreen_AndSigningOutEndsTheToken()
    {
        const string Password = "a long enough password";
        foreach (var name in new[] { "grace", "edsger" })
            await browser.Program.PostAsync(
                "/api/security/users", new { name, password = Password, roles = new[] { "viewer", "risk_officer" } });
        var page = await browser.OpenAsync("guards", signedIn: false);
        await page.GetByLabel("Name").FillAsync("grace");
        await page.GetByLabel("Password").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Emergency stop" }).ClickAsync();
        await Expect(page.GetByLabel("Your name")).ToHaveCountAsync(0);
        await page.GetByLabel("Reason").FillAsync("drill");
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop now" }).ClickAsync();
        await Expect(page.Locator("#mode")).ToHaveTextAsync("Halted");
        await page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await page.GetByLabel("Reason").FillAsync("drill over");
        await page.GetByLabel("Second person").FillAsync("edsger");
        await page.Locator("dialog").GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await Expect(page.Locator(".toast.bad")).ToContainTextAsync("second_person");
        await page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await page.GetByLabel("Reason").FillAsync("drill over");
        await page.GetByLabel("Second person").FillAsync("edsger");
        await page.GetByLabel("Their password").FillAsync(Password);
        await page.Locator("dialog").GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await Expect(page.Locator("#mode")).Not.ToHaveTextAsync("Halted");

        var cookie = (await page.Context.CookiesAsync()).Single(cookie => cookie.Name == "trading_session");
        cookie.HttpOnly.ShouldBeTrue();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(page.GetByLabel("Password")).ToBeVisibleAsync();
        await page.Context.AddCookiesAsync([new() { Name = cookie.Name, Value = cookie.Value, Url = browser.Program.Client.BaseAddress!.ToString() }]);
        (await page.Context.APIRequest.GetAsync("/api/auth/me")).Status.ShouldBe(401);
    }

    [ProgramFact(["chromium"])]
    public async Task EveryView_HasNoSeriousFinding_InBothThemes_AndAsksNobodyElse()
    {
        var others = new List<string>();
        foreach (var dark in Themes)
        {
            var page = await browser.OpenAsync(Views[0], dark, inspected: true, before: page =>
            {
                page.Request += (_, request) =>
                {
                    if (!request.Url.StartsWith(browser.Program.Client.BaseAddress!.ToString(), StringComparison.Ordinal))
                        others.Add(request.Url);
                };
                return Task.CompletedTask;
            });
            await Expect(page.Locator("#connection-text")).ToHaveTextAsync("Live");
            foreach (var view in Views)
            {
                await page.EvaluateAsync($"() => {{ location.hash = '{view}'; }}");
                await Expect(page.Locator("#tabs a[aria-current=page]")).ToHaveAttributeAsync("href", $"#{view}");
                await Expect(page.Locator("#view .panel").First).ToBeVisibleAsync();
                await SettledAsync(page);
                var result = await page.RunAxe();
                result.Violations.Where(finding => finding.Impact is "serious" or "critical")
                    .Select(finding => $"{view} {(dark ? "dark" : "light")}: {finding.Id}: {finding.Nodes[0].Html}")
                    .ShouldBeEmpty();
            }

            await page.Context.CloseAsync();
        }

        others.ShouldBeEmpty();
    }

    [ProgramFact(["chromium"])]
    public async Task Page_CanBeUsedByKeyboard_AndFitsAPhone()
    {
        var page = await browser.OpenAsync("overview", phone: true);
        await Expect(page.Locator("#connection-text")).ToHaveTextAsync("Live");
        await Expect(page.Locator("#view tbody tr").First).ToBeVisibleAsync();
        (await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth")).ShouldBeTrue();

        await page.Keyboard.PressAsync("Tab");
        (await page.EvaluateAsync<string>("() => document.activeElement.textContent")).ShouldBe("Skip to content");
        await page.GetByRole(AriaRole.Link, new() { Name = "Guards" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Circuit breakers" })).ToBeVisibleAsync();
        (await page.EvaluateAsync<string>("() => document.activeElement.id")).ShouldBe("main");
    }

    /// <summary>Writes the pictures of docs/, each view in both themes and sizes: DASHBOARD_PICTURES=docs/pictures. They are kept
    /// with a palette of 256 colours, which is a third of the bytes.</summary>
    [ProgramFact(["chromium"])]
    public async Task Pictures_AreTaken_WhereTheyAreAskedFor()
    {
        var folder = Environment.GetEnvironmentVariable("DASHBOARD_PICTURES");
        for (var i = 0; i < 6; i++)
            await browser.Program.PostAsync("/api/risk/validate-signal",
                new { symbol = i % 2 == 0 ? "IBM" : "KO", action = "BUY", position_size = i < 4 ? 50.0 + i : 1e6 });
        var pictures = from view in Views from dark in Themes from phone in Sizes select (View: view, Dark: dark, Phone: phone);
        foreach (var (view, dark, phone) in folder is null ? pictures.Take(1) : pictures)
        {
            var page = await browser.OpenAsync(view, dark, phone);
            await Expect(page.Locator("#connection-text")).ToHaveTextAsync("Live");
            await Expect(page.Locator("#kpis")).ToContainTextAsync("of equity"); // the first calculation came
            await SettledAsync(page);
            var picture = await page.ScreenshotAsync(new() { FullPage = phone });
            picture.Length.ShouldBeGreaterThan(20_000);
            if (folder is not null)
                await File.WriteAllBytesAsync(
                    Path.Combine(
                        RepositoryFiles.Root, folder,
                            $"dashboard-{view}-{(dark ? "dark" : "light")}{(phone ? "-phone" : "")}.png"), picture);
            await page.Context.CloseAsync();
        }
    }

    /// <summary>Until every panel has something to show, and charts are drawn.</summary>
    static async Task SettledAsync(IPage page)
    {
        await Expect(page.Locator("#view")).Not.ToContainTextAsync(Unsettled());
        foreach (var chart in await page.Locator("#view .chart").AllAsync()) await Expect(chart.Locator("canvas"))
            .ToBeVisibleAsync();
    }

    [GeneratedRegex("Waiting|under way")]
    private static partial Regex Unsettled();

    Task<JsonElement> Breaker(string name, string settings) => browser.Program.PostAsync("/api/risk/update-limits", new
    {
        changed_by = "test", reason = "test",
            limits = new { breakers = new Dictionary<string,
                JsonElement> { [name] = JsonDocument.Parse(settings).RootElement } },
    });

    [GeneratedRegex(@"^[\d,]+(\.\d+)?$")]
    private static partial Regex Amount();
}

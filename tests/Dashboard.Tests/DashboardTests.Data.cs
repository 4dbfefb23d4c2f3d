using System.Text;
using System.Text.Json;
using Microsoft.Playwright;
using Trading.Testing;
using static Microsoft.Playwright.Assertions;

namespace Trading.Dashboard.Tests;

/// <summary>Prices, quarantine, models and backtests, and what the page says where the server says nothing.</summary>
public sealed partial class DashboardTests
{
    [ProgramFact(["chromium"])]
    public async Task Prices_OfAPosition_AreDrawn()
    {
        var page = await browser.OpenAsync("overview");
        await page.GetByRole(AriaRole.Button, new() { Name = "Prices of IBM" }).ClickAsync();

        var dialog = page.Locator("dialog");
        await Expect(dialog.GetByRole(AriaRole.Heading, new() { Name = "IBM, daily" })).ToBeVisibleAsync();
        await Expect(dialog).ToContainTextAsync("from replay; 500 sessions");
        await Expect(dialog.Locator("canvas").First).ToBeVisibleAsync();
    }

    [ProgramFact(["chromium"])]
    public async Task BarInQuarantine_IsListed_AndReleasedByAPerson()
    {
        const string Symbol = "DOUBT";
        var first = new DateOnly(1996, 1, 1);
        string[] bars = [.. Enumerable.Range(0, 40).Select(day => // one far above all before it
            $"{first.AddDays(day):O},100,103,97,{100 + day * 5 % 7 * 0.3},{1000 + day * 3 % 11}"),
            $"{first.AddDays(40):O},160,161,159,160,1000"];
        using var csv = new StringContent(
            "date,open,high,low,close,volume\n" + string.Join('\n', bars), Encoding.UTF8, "text/csv");
        using var taken = await browser.Program.Client.PostAsync(
            new Uri($"/api/data/ingest?interval=1d&symbol={Symbol}&source=test", UriKind.Relative), csv);
        taken.IsSuccessStatusCode.ShouldBeTrue();
        var page = await browser.OpenAsync("data");
        var row = page.GetByRole(AriaRole.Region, new() { Name = "Quarantine" })
            .Locator("tbody tr", new() { HasText = Symbol }).Filter(new() { HasText = "160.00" });
        await Expect(row).ToContainTextAsync("10 Feb 1996");

        await row.GetByRole(AriaRole.Button, new() { Name = $"Release {Symbol}" }).ClickAsync();
        await page.GetByLabel("Your name").FillAsync("ada");
        await page.GetByLabel("Reason").FillAsync("seen elsewhere");
        await page.Locator("dialog").GetByRole(AriaRole.Button, new() { Name = "Release" }).ClickAsync();

        await Expect(row).ToHaveCountAsync(0);
        await Expect(page.Locator(".toast")).ToHaveTextAsync("Released.");
        var newest = (await browser.Program.GetAsync($"/api/data/bars/{Symbol}?limit=1")).GetProperty("bars")[0];
        newest.GetProperty("verdict").GetString().ShouldBe("accept");
    }

    [ProgramFact(["chromium"])]
    public async Task Backtests_ShowTheirProgress_TheirResult_AndWhyOneFailed_AndAreTakenBack()
    {
        var page = await browser.OpenAsync("models");
        await browser.Program.PostAsync("/api/backtests", new
        {
            id = "long",
            sweep = new
            {
                test = Test("KO", new { }),
                ranges = new
                {
                    fast = new { least = 2, most = 60, step = 1 },
                    slow = new { least = 61, most = 300, step = 1 },
                },
                blocks = 8,
            },
        });

        var running = Row("long");
        await Expect(running).ToContainTextAsync("Running");
        await Expect(running.GetByRole(AriaRole.Progressbar)).Not.ToHaveAttributeAsync("aria-valuenow", "0");
        await running.GetByRole(AriaRole.Button, new() { Name = "Cancel long" }).ClickAsync();
        await Expect(running).ToContainTextAsync("Cancelled");

        await SubmitAsync("good", "IBM");
        await SubmitAsync("bad", "NOSUCH");
        var good = Row("good");
        await Expect(good).ToContainTextAsync("Done");
        await Expect(good.GetByRole(AriaRole.Progressbar)).ToHaveAttributeAsync("aria-valuenow", "100");
        (await page.Context.APIRequest.GetAsync(await good.GetByRole(AriaRole.Link).GetAttributeAsync("href") ?? ""))
            .Headers["content-type"].ShouldStartWith("text/html");
        await Expect(Row("bad")).ToContainTextAsync("NOSUCH has no 1d bars.");

        ILocator Row(string id) => page.GetByRole(AriaRole.Region, new() { Name = "Backtests" }).Locator("tbody tr")
            .Filter(new() { HasTextRegex = new($"^{id}") });

        Task<JsonElement> SubmitAsync(string id, string symbol) => browser.Program.PostAsync(
            "/api/backtests", new { id, test = Test(symbol, new { fast = 5, slow = 20 }) });

        static object Test(string symbol, object parameters) => new
        {
            symbols = new[] { symbol },
            strategies = new[] { new { name = "moving_average_cross", parameters } },
            execution = new { assumed_daily_volume = 1_000_000 },
        };
    }

    [ProgramFact(["chromium"])]
    public async Task Models_SayWhyThereIsNoPrediction_AndAreTrainedWhenAsked()
    {
        var page = await browser.OpenAsync("models");
        var predictions = page.GetByRole(AriaRole.Region, new() { Name = "Predictions" }).Locator("tbody tr");
        await Expect(predictions).ToHaveCountAsync(
            (await browser.Program.GetAsync("/api/ml/predictions")).GetArrayLength());
        await Expect(predictions.First.Locator("td").Last).Not.ToBeEmptyAsync();

        var model = page.GetByRole(AriaRole.Region, new() { Name = "Models" }).Locator("tbody tr").First;
        await Expect(model).ToContainTextAsync("Untrained");
        await model.GetByRole(AriaRole.Button, new() { NameRegex = new("^Retrain") }).ClickAsync();
        await Expect(page.Locator(".toast")).ToContainTextAsync("is being trained");
        await Expect(model).Not.ToContainTextAsync("Untrained");
    }

    [ProgramFact(["chromium"])]
    public async Task Panels_SayThatTheyWait_ThatNothingIsThere_AndWhatFailed()
    {
        var page = await browser.OpenAsync("risk", before: async page =>
        {
            await page.RouteAsync("**/api/dashboard/stream**", _ => Task.CompletedTask); // never answered
            await page.RouteAsync("**/api/data/sources", route => route.FulfillAsync(new()
            {
                Status = 503, ContentType = "application/problem+json",
                Body = """{"status":503,"title":"Unavailable","detail":"The sources are away.","errors":[]}""",
            }));
            await page.RouteAsync("**/api/backtests", route => route.FulfillAsync(new()
            {
                ContentType = "application/json", Body = "[]",
            }));
        });
        await Expect(page.Locator("#connection-text")).ToHaveTextAsync("Connecting");
        await Expect(page.Locator("#view .panel").First).ToContainTextAsync("Waiting for the first calculation.");
        await Expect(page.Locator(".kpi .value").First).ToHaveTextAsync("–");

        await page.GetByRole(AriaRole.Link, new() { Name = "Data" }).ClickAsync();
        await Expect(page.Locator("#view .panel").First).ToContainTextAsync("The sources are away.");
        await page.GetByRole(AriaRole.Link, new() { Name = "Models" }).ClickAsync();
        await Expect(page.Locator("#view .panel").Last).ToContainTextAsync("No backtest was asked for.");
    }
}

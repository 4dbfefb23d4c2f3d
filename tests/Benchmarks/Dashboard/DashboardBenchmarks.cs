using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Trading.Benchmarks.Http;

namespace Trading.Benchmarks.Dashboard;

/// <summary>What the page costs the machine of who looks at it: the time to the first view, and how busy the main
/// thread of a real browser is while a large book changes ten times a second.</summary>
/// <remarks><c>-- dashboard [positions] [seconds]</c></remarks>
static class DashboardBenchmarks
{
    const int DefaultPositions = 1_000, DefaultSeconds = 20, FirstViews = 5, Traded = 10;
    static readonly TimeSpan UpdateEvery = TimeSpan.FromMilliseconds(100), Patience = TimeSpan.FromMinutes(2);

    /// <summary>Counts what arrives, beside the page that draws it.</summary>
    const string CountUpdates = """
        import('/dashboard/assets/core.js').then(core => {
          window.updates = 0;
          core.events.addEventListener('book', () => updates++);
        })
        """;

    /// <summary>The first view: the figures above it are known, and the table of positions has its rows.</summary>
    const string IsShown =
        "!['–', undefined].includes(document.querySelector('.kpi .value')?.textContent) "
        + "&& document.querySelectorAll('[aria-label=Positions] tbody tr').length > 20";

    public static async Task RunAsync(TextWriter output, string[] arguments)
    {
        if (!ChromiumTab.IsInstalled)
        {
            await output.WriteLineAsync("Chromium is not installed; there is nothing to measure with.");
            return;
        }

        int[] numbers = [.. arguments.Select(text => int.Parse(text, CultureInfo.InvariantCulture))];
        var positions = numbers is [var some, ..] ? some : DefaultPositions;
        var seconds = numbers is [_, var time] ? time : DefaultSeconds;
        var folder = Directory.CreateTempSubdirectory("trading-bench-").FullName;
        try
        {
            using var server = ServerProcess.Silo(folder,
            [
                .. BigBook.Write(folder, positions), "models:train_at_start=false", "models:symbols=",
                "market_data:replay_interval=1", "risk:default_limits:reservation_seconds=60",
            ]);
            await server.WaitAsync();
            await using var tab = await ChromiumTab.OpenAsync();
            await SignInAsync(tab, server);
            await output.WriteLineAsync(await FirstViewAsync(tab, server));
            await output.WriteLineAsync(await BusyAsync(tab, server, positions, TimeSpan.FromSeconds(seconds)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static async Task SignInAsync(ChromiumTab tab, ServerProcess server)
    {
        var token = JsonSerializer.Serialize(server.Authorization.Trim().Split(' ')[^1]);
        await tab.GoAsync(Address(server, "/sign-in"));
        await UntilAsync(tab, "document.readyState === 'complete'");
        await tab.EvaluateAsync($$"""
            fetch('/sign-in', {
              method: 'POST', headers: { 'Content-Type': 'application/json' },
              body: JSON.stringify({ token: {{token}} }),
            })
            """);
    }

    /// <summary>From the navigation to the book on the screen, each time from nothing.</summary>
    static async Task<string> FirstViewAsync(ChromiumTab tab, ServerProcess server)
    {
        List<double> times = [];
        for (var i = 0; i < FirstViews; i++)
        {
            await tab.GoAsync("about:blank");
            var began = Stopwatch.GetTimestamp();
            await tab.GoAsync(Address(server, "/dashboard?rate=10#overview"));
            await UntilAsync(tab, IsShown);
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        times.Sort();
        return string.Create(CultureInfo.InvariantCulture,
            $"First view: median {times[FirstViews / 2]:0} ms, at most {times[^1]:0} ms of {FirstViews}.");
    }

    /// <summary>Ten decisions a second change the book ten times a second, and all prices change every second.
    /// </summary>
    static async Task<string> BusyAsync(ChromiumTab tab, ServerProcess server, int positions, TimeSpan time)
    {
        using var stop = new CancellationTokenSource();
        var trading = TradeAsync(server, stop.Token);
        await tab.EvaluateAsync(CountUpdates);
        var (before, updates) = (await tab.MetricsAsync(), await UpdatesAsync(tab));
        var began = Stopwatch.GetTimestamp();
        await Task.Delay(time, CancellationToken.None);
        var (after, more) = (await tab.MetricsAsync(), await UpdatesAsync(tab));
        var passed = Stopwatch.GetElapsedTime(began).TotalSeconds;
        await stop.CancelAsync();
        var decisions = await trading;
        return string.Create(CultureInfo.InvariantCulture,
            $"""
            {positions:N0} positions, {(more - updates) / passed:0.0} updates a second, {decisions / passed:0.0} decisions:
            main thread {Share("TaskDuration"):P1} busy,
            of it scripts {Share("ScriptDuration"):P1}, layout {Share("LayoutDuration"):P1}, styles {Share("RecalcStyleDuration"):P1};
            heap {after["JSHeapUsedSize"] / 1e6:0} MB, {after["Nodes"]:N0} nodes.
            """);

        double Share(string metric) => (after[metric] - before[metric]) / passed;
    }

    static async Task<double> UpdatesAsync(ChromiumTab tab) =>
        (await tab.EvaluateAsync("window.updates ?? 0")).GetDouble();

    static async Task<int> TradeAsync(ServerProcess server, CancellationToken stop)
    {
        using var client = new HttpClient { BaseAddress = new Uri(Address(server, "/")) };
        client.DefaultRequestHeaders.Authorization =
            AuthenticationHeaderValue.Parse(server.Authorization.Trim()["Authorization: ".Length..]);
        using var timer = new PeriodicTimer(UpdateEvery);
        for (var made = 0; ; made++)
            try
            {
                await timer.WaitForNextTickAsync(stop);
                var signal = new { symbol = $"S{made % Traded:0000}", action = "SELL", position_size = 0.001 };
                using var answer = await client.PostAsJsonAsync("/api/risk/validate-signal", signal, stop);
                answer.EnsureSuccessStatusCode();
            }
            catch (OperationCanceledException)
            {
                return made;
            }
    }

    static async Task UntilAsync(ChromiumTab tab, string expression)
    {
        for (var began = Stopwatch.GetTimestamp(); ; await Task.Delay(20))
        {
            if ((await tab.EvaluateAsync(expression)) is { ValueKind: JsonValueKind.True }) return;
            if (Stopwatch.GetElapsedTime(began) > Patience)
                throw new TimeoutException($"It did not hold: {expression}");
        }
    }

    static string Address(ServerProcess server, string path) =>
        string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{server.Port}{path}");
}

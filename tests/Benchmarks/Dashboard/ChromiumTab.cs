using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using Trading.Testing;

namespace Trading.Benchmarks.Dashboard;

/// <summary>One tab of Debian's Chromium, asked by the protocol of its developer tools: what a profile shows a
/// person, as numbers.</summary>
sealed class ChromiumTab : IAsyncDisposable
{
    const string Chromium = "/usr/bin/chromium";
    static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    readonly string _folder = Directory.CreateTempSubdirectory("trading-bench-chromium-").FullName;
    readonly ClientWebSocket _line = new();
    readonly Process _process;
    int _asked;

    ChromiumTab(int port) => _process = Process.Start(new ProcessStartInfo(
        Chromium,
        [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1440,900", $"--user-data-dir={_folder}",
            $"--remote-debugging-port={port}", "about:blank",
        ]) { RedirectStandardError = true, RedirectStandardOutput = true })!;

    public static bool IsInstalled => File.Exists(Chromium);

    public static async Task<ChromiumTab> OpenAsync()
    {
        var port = Ports.Free();
        var tab = new ChromiumTab(port);
        tab._process.BeginErrorReadLine();
        tab._process.BeginOutputReadLine();
        await tab._line.ConnectAsync(await AddressAsync(port), CancellationToken.None);
        foreach (var domain in new[] { "Page", "Runtime" }) await tab.AskAsync($"{domain}.enable");
        await tab.AskAsync("Performance.enable", new { timeDomain = "threadTicks" });
        return tab;
    }

    public Task GoAsync(string url) => AskAsync("Page.navigate", new { url });

    /// <summary>What a script of the page comes to; it may be a promise.</summary>
    public async Task<JsonElement> EvaluateAsync(string expression)
    {
        var answer = await AskAsync("Runtime.evaluate", new { expression, awaitPromise = true, returnByValue = true });
        return answer.TryGetProperty("exceptionDetails", out var failure)
            ? throw new InvalidOperationException($"{expression}: {failure}")
            : answer.GetProperty("result").TryGetProperty("value", out var value) ? value : default;
    }

    /// <summary>Counters of the page's main thread since it began, by name: <c>TaskDuration</c> is what it worked, in
    /// seconds of processor time, so that what else the machine does is not counted.</summary>
    public async Task<Dictionary<string, double>> MetricsAsync() =>
        (await AskAsync("Performance.getMetrics")).GetProperty("metrics").EnumerateArray().ToDictionary(
            metric => metric.GetProperty("name").GetString()!, metric => metric.GetProperty("value").GetDouble());

    public async ValueTask DisposeAsync()
    {
        _line.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    static async Task<Uri> AddressAsync(int port)
    {
        using var client = new HttpClient();
        for (var began = Stopwatch.GetTimestamp(); ; await Task.Delay(100))
            try
            {
                var tabs = await client.GetFromJsonAsync<JsonElement>(
                    new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/json/list")));
                return new(tabs.EnumerateArray().First(tab => tab.GetProperty("type").GetString() == "page")
                    .GetProperty("webSocketDebuggerUrl").GetString()!);
            }
            catch (HttpRequestException) when (Stopwatch.GetElapsedTime(began) < StartLimit)
            {
                // not listening yet
            }
    }

    async Task<JsonElement> AskAsync(string method, object? parameters = null)
    {
        var id = ++_asked;
        var question = JsonSerializer.SerializeToUtf8Bytes(new { id, method, @params = parameters ?? new { } });
        await _line.SendAsync(question, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        while (true)
        {
            var answer = await HearAsync(); // or an event, which nobody waits for
            if (!answer.TryGetProperty("id", out var of) || of.GetInt32() != id) continue;
            return answer.TryGetProperty("error", out var error)
                ? throw new InvalidOperationException($"{method}: {error}") : answer.GetProperty("result");
        }
    }

    async Task<JsonElement> HearAsync()
    {
        var message = new ArrayBufferWriter<byte>();
        while (true)
        {
            var part = await _line.ReceiveAsync(message.GetMemory(64 * 1024), CancellationToken.None);
            message.Advance(part.Count);
            if (part.EndOfMessage) return JsonDocument.Parse(message.WrittenMemory).RootElement;
        }
    }
}

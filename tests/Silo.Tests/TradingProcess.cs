using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Trading.Testing;

namespace Trading.Silo.Tests;

/// <summary>The program as a user starts it: a process of its own on a free port, which can be killed.</summary>
sealed class TradingProcess : IDisposable
{
    static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    readonly Process _process;
    readonly StringWriter _output = new();
    readonly StringWriter _errors = new();

    public HttpClient Client { get; }

    /// <summary>What the program wrote to standard output; whole once it has ended.</summary>
    public string Output => _output.ToString();

    TradingProcess(Process process, int port)
    {
        _process = process;
        _process.OutputDataReceived += (_, line) => _output.WriteLine(line.Data);
        _process.ErrorDataReceived += (_, line) => _errors.WriteLine(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
    }

    /// <summary>Settings that keep everything of a run in one folder and read the bundled sample.</summary>
    public static string[] Settings(string folder, params string[] more) =>
    [
        $"store:path={Path.Combine(folder, "trading.db")}",
        "logging:file=",
        $"portfolio:sample={Path.Combine(RepositoryFiles.Sample, "portfolio.json")}",
        $"market_data:prices={Path.Combine(RepositoryFiles.Sample, "closes.csv")}",
        $"market_data:sectors={Path.Combine(RepositoryFiles.Sample, "sectors.csv")}",
        .. more,
    ];

    /// <summary>Starts the program and waits until it is ready.</summary>
    public static async Task<TradingProcess> StartAsync(params string[] settings)
    {
        var port = FreePort();
        var process = Launch(["run", "--set", $"urls=http://127.0.0.1:{port}", .. settings]);
        var trading = new TradingProcess(process, port);
        var started = Stopwatch.GetTimestamp();
        while (!await trading.IsReadyAsync())
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(started) > StartLimit)
                throw new InvalidOperationException($"The program did not become ready: {trading._errors}");
            process.WaitForExit(TimeSpan.FromMilliseconds(50));
        }

        var auth = await File.ReadAllTextAsync(AuthFile(settings));
        trading.Client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", auth.Split(':', 2)[1].Trim());
        Started[trading.Client.BaseAddress!.Authority] = auth.Split(' ')[^1].Trim();
        return trading;
    }

    /// <summary>The token of every program that was started here, by its address: a command that asks one finds it.</summary>
    static readonly ConcurrentDictionary<string, string> Started = new();

    /// <summary>Where the program leaves the token of development: beside its store.</summary>
    static string AuthFile(string[] settings)
    {
        const string Store = "store:path=";
        var store = settings.LastOrDefault(setting => setting.StartsWith(Store, StringComparison.Ordinal));
        return Path.Combine(Path.GetDirectoryName(store![Store.Length..])!, "development.auth");
    }

    /// <summary>Runs the program to its end.</summary>
    public static Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments) => RunAsync(null, arguments);

    /// <param name="input">What it reads from standard input; null for nothing.</param>
    /// <param name="variables">Of its environment, beside those of the tests.</param>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(
        string? input, string[] arguments, params (string Name, string Value)[] variables)
    {
        using var process = Launch(arguments, variables, readsInput: true);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }

    public async Task<JsonElement> GetAsync(string path) => await Client.GetFromJsonAsync<JsonElement>(path);

    public async Task<JsonElement> PostAsync(string path, object body, [CallerArgumentExpression(nameof(path))] string? what = null)
    {
        using var response = await Client.PostAsJsonAsync(path, body);
        response.IsSuccessStatusCode.ShouldBeTrue($"{what}: {await response.Content.ReadAsStringAsync()}");
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>SIGTERM: the program ends as it does by itself.</summary>
    public async Task StopAsync()
    {
        using (var signal = Process.Start("kill", ["-TERM", $"{_process.Id}"])) await signal.WaitForExitAsync();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited) Kill();
        _process.Dispose();
        Client.Dispose();
    }

    async Task<bool> IsReadyAsync()
    {
        try
        {
            using var response = await Client.GetAsync(new Uri("/health", UriKind.Relative));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    static Process Launch(string[] arguments, (string Name, string Value)[]? variables = null, bool readsInput = false)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "trading"), arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = readsInput,
        };
        if (Array.IndexOf(arguments, "--url") is >= 0 and var at && Uri.TryCreate(arguments[at + 1], UriKind.Absolute, out var url) && Started.TryGetValue(url.Authority, out var token))
            start.Environment["TRADING_TOKEN"] = token;
        foreach (var (name, value) in variables ?? []) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

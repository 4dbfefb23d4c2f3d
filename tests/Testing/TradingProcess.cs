using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Xunit;

namespace Trading.Testing;

/// <summary>The program as a user starts it: a process of its own on a free port, which can be killed.</summary>
public sealed class TradingProcess : IDisposable
{
    static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    readonly Process _process;
    readonly StringWriter _output = new();
    readonly StringWriter _errors = new();

    public HttpClient Client { get; }

    /// <summary>The token that the program left for whoever started it.</summary>
    public string Token => DevelopmentAuth.Read(AuthFiles[Client.BaseAddress!.Authority])!.Split(' ')[^1];

    /// <summary>What the program wrote to standard output; whole once it has ended.</summary>
    public string Output => _output.ToString();

    TradingProcess(Process process, int port, string authFile)
    {
        _process = process;
        _process.OutputDataReceived += (_, line) => _output.WriteLine(line.Data);
        _process.ErrorDataReceived += (_, line) => _errors.WriteLine(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Client = new HttpClient(new DevelopmentAuth(authFile)) { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        AuthFiles[Client.BaseAddress.Authority] = authFile;
    }

    /// <summary>Settings that keep everything of a run in one folder and read the bundled sample.</summary>
    public static string[] Settings(string folder, params string[] more) =>
    [
        $"store:path={Path.Combine(folder, "trading.db")}",
        "logging:file=",
        "monitoring:metrics_url=http://127.0.0.1:0",
        "models:train_at_start=false",
        $"portfolio:sample={Path.Combine(RepositoryFiles.Sample, "portfolio.json")}",
        $"market_data:prices={Path.Combine(RepositoryFiles.Sample, "closes.csv")}",
        $"market_data:sectors={Path.Combine(RepositoryFiles.Sample, "sectors.csv")}",
        .. more,
    ];

    /// <summary>Starts the program and waits until it is ready.</summary>
    public static async Task<TradingProcess> StartAsync(params string[] settings)
    {
        var trading = Start("run", Ports.Free(), settings);
        await trading.WaitUntilReadyAsync();
        return trading;
    }

    /// <summary>Starts the program as what a verb makes it, and waits for nothing.</summary>
    public static TradingProcess Start(string verb, int port, params string[] settings) =>
        Start([], verb, port, settings);

    /// <param name="launcher">A program that runs it, with its arguments; none where it is run by itself.</param>
    public static TradingProcess Start(string[] launcher, string verb, int port, params string[] settings) =>
        new(Launch([verb, "--set", $"urls=http://127.0.0.1:{port}", .. settings], launcher), port, AuthFile(settings));

    public async Task WaitUntilReadyAsync()
    {
        for (var started =
            Stopwatch.GetTimestamp(); !await IsReadyAsync(); _process.WaitForExit(TimeSpan.FromMilliseconds(50)))
            if (_process.HasExited || Stopwatch.GetElapsedTime(started) > StartLimit)
                throw new InvalidOperationException($"The program did not become ready: {_errors}");
    }

    /// <summary>The tokens of programs that were started here, by their addresses: a command that asks one finds it.</summary>
    static readonly ConcurrentDictionary<string, string> AuthFiles = new();

    /// <summary>Where the program leaves the token of development: beside its store.</summary>
    public static string AuthFile(params IReadOnlyList<string> settings)
    {
        const string Store = "store:path=";
        var store = settings.LastOrDefault(setting => setting.StartsWith(Store, StringComparison.Ordinal))?[Store.Length..] ?? "data/trading.db";
        return Path.Combine(Path.GetDirectoryName(store) ?? "", "development.auth");
    }

    /// <summary>Runs the program to its end.</summary>
    public static Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments) => RunAsync(null, arguments);

    /// <param name="input">What it reads from standard input; null for nothing.</param>
    /// <param name="variables">Of its environment, beside those of the tests.</param>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(
        string? input, string[] arguments, params (string Name, string Value)[] variables)
    {
        using var process = Launch(arguments, null, variables, readsInput: true);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }

    /// <summary>What a program said of itself: that the machine stood still or a turn was long is true of one that has other work.</summary>
    public static string WithoutMachineNotes(string errors) => string.Join('\n', errors.Split('\n')
        .Where(line => !MachineNotes.Any(note => line.Contains(note, StringComparison.Ordinal))));

    static readonly string[] MachineNotes =
    [
        "took elapsed time", "Platform stalled for", "execution stalled for", "local health is degraded",
        "in stage '", // of the start or the stop of a silo, with the time that it took
    ];

    public async Task<JsonElement> GetAsync(string path) => await Client.GetFromJsonAsync<JsonElement>(path);

    public async Task<JsonElement> PostAsync(
        string path, object body, [CallerArgumentExpression(nameof(path))] string? what = null)
    {
        using var response = await Client.PostAsJsonAsync(path, body);
        Assert.True(response.IsSuccessStatusCode, $"{what}: {await response.Content.ReadAsStringAsync()}");
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>SIGSTOP: it stands still, and neither knows of it nor says anything.</summary>
    public void Freeze() => Signal("STOP");

    /// <summary>SIGCONT.</summary>
    public void Thaw() => Signal("CONT");

    void Signal(string name)
    {
        using var signal = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        signal.WaitForExit();
    }

    public bool HasExited => _process.HasExited;

    /// <summary>Once it has exited.</summary>
    public int ExitCode => _process.ExitCode;

    public int Id => _process.Id;

    /// <summary>What the program wrote to standard error; whole once it has ended.</summary>
    public string Errors => _errors.ToString();

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

    public async Task<bool> IsReadyAsync()
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

    static Process Launch(
        string[] arguments, string[]? launcher = null, (string Name, string Value)[]? variables = null, bool readsInput = false)
    {
        string[] all = [.. launcher ?? [], Path.Combine(AppContext.BaseDirectory, "trading"), .. arguments];
        var start = new ProcessStartInfo(all[0], all[1..])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = readsInput,
        };
        if (Array.IndexOf(arguments, "--url") is >= 0 and var at && Uri.TryCreate(arguments[at + 1], UriKind.Absolute, out var url)
            && AuthFiles.TryGetValue(url.Authority, out var auth) && DevelopmentAuth.Read(auth) is { } header)
            start.Environment["TRADING_TOKEN"] = header.Split(' ')[^1];
        foreach (var (name, value) in variables ?? []) start.Environment[name] = value;
        return Process.Start(start)!;
    }
}

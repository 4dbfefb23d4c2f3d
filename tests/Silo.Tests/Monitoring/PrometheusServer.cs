using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Trading.Testing;

namespace Trading.Monitoring.Tests;

/// <summary>Programs of Prometheus as Debian packages them, with the configuration of deploy/ and other addresses.</summary>
sealed class PrometheusServer : IDisposable
{
    static readonly string Deploy = Path.Combine(RepositoryFiles.Root, "deploy");
    readonly List<Process> _processes = [];
    readonly TemporaryFolder _folder = new();

    public HttpClient Client { get; private set; } = new();

    /// <summary>Starts Alertmanager, and returns where it listens.</summary>
    /// <param name="webhook">Where it sends what fires.</param>
    /// <param name="tokenFile">What it shows there.</param>
    public int StartAlertmanager(string webhook, string tokenFile)
    {
        var port = Ports.Free();
        var config = Write("alertmanager/alertmanager.yml", text => text
            .Replace("http://127.0.0.1:8080/api/alerts/alertmanager", webhook, StringComparison.Ordinal)
            .Replace("/run/secrets/alertmanager_token", tokenFile, StringComparison.Ordinal)
            .Replace("group_wait: 10s", "group_wait: 1s", StringComparison.Ordinal));
        Start("/usr/bin/prometheus-alertmanager", $"--config.file={config}", $"--storage.path={Path.Combine(_folder.Path, "am")}",
            $"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address=");
        return port;
    }

    /// <param name="metrics">The port that is scraped every second.</param>
    public void Start(int metrics, int alertmanager = 9_093)
    {
        var port = Ports.Free();
        File.Copy(Path.Combine(Deploy, "prometheus", "trading.rules.yml"), Path.Combine(_folder.Path, "trading.rules.yml"));
        var config = Write("prometheus/prometheus.yml", text => text
            .Replace("15s", "1s", StringComparison.Ordinal)
            .Replace("127.0.0.1:9093", $"127.0.0.1:{alertmanager}", StringComparison.Ordinal)
            .Replace("127.0.0.1:8000", $"127.0.0.1:{metrics}", StringComparison.Ordinal));
        Start("/usr/bin/prometheus", $"--config.file={config}", $"--storage.tsdb.path={Path.Combine(_folder.Path, "tsdb")}",
            $"--web.listen-address=127.0.0.1:{port}", "--log.level=error");
        Client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
    }

    /// <summary>The values that a query gives now; none while the server starts.</summary>
    public async Task<double[]> QueryAsync(string query)
    {
        try
        {
            var answer = await Client.GetFromJsonAsync<JsonElement>($"/api/v1/query?query={Uri.EscapeDataString(query)}");
            return [.. answer.GetProperty("data").GetProperty("result").EnumerateArray()
                .Select(one => double.Parse(one.GetProperty("value")[1].GetString()!, System.Globalization.CultureInfo.InvariantCulture))];
        }
        catch (HttpRequestException)
        {
            return [];
        }
    }

    public static async Task<(int ExitCode, string Output)> ToolAsync(params string[] arguments)
    {
        using var tool = Process.Start(new ProcessStartInfo("/usr/bin/promtool", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.Combine(Deploy, "prometheus"),
        })!;
        var (output, errors) = (tool.StandardOutput.ReadToEndAsync(), tool.StandardError.ReadToEndAsync());
        await tool.WaitForExitAsync();
        return (tool.ExitCode, await output + await errors);
    }

    public void Dispose()
    {
        foreach (var process in _processes)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }

        Client.Dispose();
        _folder.Dispose();
    }

    string Write(string file, Func<string, string> change)
    {
        var path = Path.Combine(_folder.Path, Path.GetFileName(file));
        File.WriteAllText(path, change(File.ReadAllText(Path.Combine(Deploy, file))));
        return path;
    }

    void Start(string program, params string[] arguments)
    {
        var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        _processes.Add(process);
    }
}

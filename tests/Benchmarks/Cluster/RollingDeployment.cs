using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using Trading.Testing;
using Trading.Testing.Cluster;

namespace Trading.Benchmarks.Cluster;

/// <summary>deploy/deploy on three silos and two API processes under load: to a new version and back.</summary>
static class RollingDeployment
{
    const int Silos = 3, Apis = 2;

    public static async Task RunAsync(TextWriter output, IReadOnlyList<string> books, int callers)
    {
        using var servers = TestCluster.Prepare(silos: 1, apis: 1);
        using var folder = new TemporaryFolder();
        var (file, apiPort) = (Path.Combine(folder.Path, "bench.env"), 24_180);
        // Instances have folders of their own, and one token of development beside the path of a store that none of them uses.
        string[] settings = [.. servers.Settings.Where(setting => !setting.StartsWith("cluster:drain", StringComparison.Ordinal)
            && !setting.StartsWith("store:path", StringComparison.Ordinal)), $"store:path={folder.Path}/trading.db"];
        var auth = TradingProcess.AuthFile(settings);
        await File.WriteAllTextAsync(file, $"""
            kind=plain home={folder.Path}/home silos={Silos} apis={Apis} drain=2
            http_port=24080 api_port={apiPort} silo_port=24311 gateway_port=24400 watch_seconds=2 backup_hours=0
            settings=({string.Join(' ', settings.Select(setting => $"'{setting}'"))})
            """);
        try
        {
            var releases = Path.Combine(folder.Path, "home", "releases");
            await ReleaseAsync(releases, "1.0.0");
            await ReleaseAsync(releases, "1.0.1");
            await ToolAsync("deploy", $"--version 1.0.0 --environment {file}", auth);
            Uri[] addresses =
                [.. Enumerable.Range(0, Apis).Select(number => new Uri($"http://127.0.0.1:{apiPort + number}"))];
            using (var client = new HttpClient(new DevelopmentAuth(auth)))
                foreach (var id in books)
                    (await client.PostAsJsonAsync(
                        new Uri(addresses[0], "/api/portfolios"), new { id, cash = 1_000_000 }))
                        .EnsureSuccessStatusCode();
            using var load = new SignalLoad(addresses, books, callers, auth);
            await load.AnsweredAsync();
            await TimeAsync(
                "deploy/deploy: 3 silos and 2 API processes to a new version", $"--version 1.0.1 --environment {file}",
                auth, load, output);
            await TimeAsync(
                "deploy/deploy --rollback: all of them back", $"--rollback --version 1.0.0 --environment {file}", auth,
                load, output);
            await load.EndAsync();
            var findings = await JournalAudit.CompareAsync(servers.Database, load.Acknowledged);
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"\n{load.Acknowledged.Length:N0} answers, {load.Acknowledged.Count(one => one.Approved):N0} of them approvals; {findings.Count} lost, doubled or over a limit."));
        }
        finally
        {
            await ToolAsync("service", $"stop --environment {file}", auth);
        }
    }

    static async Task TimeAsync(string name, string arguments, string auth, SignalLoad load, TextWriter output)
    {
        var from = load.Now;
        await ToolAsync("deploy", arguments, auth);
        await load.AnsweredAsync();
        var took = load.Now - from;
        var (one, all) = load.Silence(from, load.Now);
        await output.WriteLineAsync(ClusterBenchmarks.Row($"{name} ({took.TotalSeconds:0} s)", one, all));
    }

    static Task ReleaseAsync(string releases, string version)
    {
        Directory.CreateDirectory(releases);
        var release = Path.Combine(releases, version);
        return BashAsync($"cp -al {AppContext.BaseDirectory} {release} && cp -r {RepositoryFiles.Root}/data {release}/ "
            + $"&& cd {release} && sha256sum trading trading.dll > SHA256SUMS");
    }

    static Task ToolAsync(string tool, string arguments, string auth) => BashAsync(
        $"TRADING_TOKEN={DevelopmentAuth.Read(auth)?.Split(' ')[^1]} {RepositoryFiles.Root}/deploy/{tool} {arguments}");

    static async Task BashAsync(string script)
    {
        using var bash = Process.Start(new ProcessStartInfo(
            "bash", ["-c", $"{{ {script}; }} 2>&1"]) { RedirectStandardOutput = true })!;
        var words = await bash.StandardOutput.ReadToEndAsync();
        await bash.WaitForExitAsync();
        if (bash.ExitCode != 0) throw new InvalidOperationException(words);
    }
}

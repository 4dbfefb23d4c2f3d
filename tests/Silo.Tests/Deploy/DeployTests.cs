using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Trading.Testing;

namespace Trading.Deploy.Tests;

/// <summary>The tools of deploy/ on plain processes: one silo, whose releases are copies of the program.</summary>
public sealed class DeployTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly int _port = Ports.Free();

    public DeployTests() => File.WriteAllText(Environment, $"""
        kind=plain home={_folder.Path}/home silos=1 apis=0 drain=0 http_port={_port}
        health_seconds=30 watch_seconds=1 backup_hours=0
        settings=({string.Join(' ', TradingProcess.Settings(_folder.Path))})
        """);

    string Environment => Path.Combine(_folder.Path, "test.env");

    /// <summary>Of whoever started the program; nothing before the first start.</summary>
    string? Token => DevelopmentAuth.Read(Path.Combine(_folder.Path, "development.auth"))?.Split(' ')[^1];

    string Releases => Path.Combine(_folder.Path, "home", "releases");

    [Fact]
    public async Task Release_ReplacesTheOneBefore_ABadOneIsTakenBack_AndNothingAnsweredIsLost()
    {
        Release("1.0.0");
        (await DeployAsync("--version", "1.0.0")).ExitCode.ShouldBe(0);
        var decision = await AskAsync("kept");

        Release("1.0.1");
        var next = await DeployAsync("--version", "1.0.1");
        next.ExitCode.ShouldBe(0, next.Output);
        (await AskAsync("kept")).ShouldBe(decision);

        Release("1.0.2", program: "#!/bin/sh\n[ \"$1\" = config ] && exit 0\nexit 1\n");
        var bad = await DeployAsync("--version", "1.0.2");
        bad.ExitCode.ShouldBe(1);
        bad.Output.ShouldContain("silo-1 did not become ready");
        bad.Output.ShouldContain("runs 1.0.1 again");
        (await AskAsync("kept")).ShouldBe(decision);

        (await DeployAsync("--rollback", "--version", "1.0.0")).ExitCode.ShouldBe(0);
        (await ServiceAsync("status")).Output.ShouldMatch(@"silo-1 +1\.0\.0 +ready");
        (await AskAsync("kept")).ShouldBe(decision);
        Results().ShouldBe(["deployed", "deployed", "rolled_back", "rolled_back_by_hand"]);
    }

    [Fact]
    public async Task BooksThatCannotBeRead_StopADeployment()
    {
        Release("1.0.0");
        (await DeployAsync("--version", "1.0.0")).ExitCode.ShouldBe(0);
        Release("1.0.1");

        var (exitCode, output) = await BashAsync($"{RepositoryFiles.Root}/deploy/deploy --version 1.0.1 --environment {Environment}");

        exitCode.ShouldBe(1);
        output.ShouldContain("TRADING_TOKEN must be the token or key of somebody who may read every book");
        (await ServiceAsync("status")).Output.ShouldMatch(@"silo-1 +1\.0\.0 +ready");
    }

    [Fact]
    public async Task DryRun_ChecksEverything_AndChangesNothing()
    {
        Release("1.0.0");

        var (exitCode, output) = await DeployAsync("--version", "1.0.0", "--dry-run");

        exitCode.ShouldBe(0, output);
        output.ShouldContain("would replace silo-1");
        Directory.Exists(Path.Combine(_folder.Path, "home", "instances", "silo-1")).ShouldBeFalse();
        File.Exists(Path.Combine(_folder.Path, "home", "deployments.jsonl")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("missing", "there is no release 2.0.0")]
    [InlineData("cut off", "was not copied to its end")]
    [InlineData("altered", "is not what was built")]
    [InlineData("settings", "replay_interval")]
    public async Task ReleaseThatCannotRun_IsRefused_BeforeAnythingIsTouched(string fault, string words)
    {
        if (fault != "missing") Release("2.0.0");
        if (fault == "cut off") File.Delete(Path.Combine(Releases, "2.0.0", "SHA256SUMS"));
        if (fault == "altered") await File.AppendAllTextAsync(
            Path.Combine(Releases, "2.0.0", "note"), "x", TestContext.Current.CancellationToken);
        if (fault == "settings") await File.AppendAllTextAsync(
            Environment, "\nsettings+=(market_data:replay_interval=-1)\n", TestContext.Current.CancellationToken);

        var (exitCode, output) = await DeployAsync("--version", "2.0.0");

        exitCode.ShouldBe(1);
        output.ShouldContain(words);
        output.ShouldContain("Nothing was changed");
        Results().ShouldBe(["refused"]);
    }

    /// <summary>A rollback to it as well: what it would read, it could not.</summary>
    [PostgresFact]
    public async Task ReleaseThatIsTooOldForTheTables_IsRefused_WithWhatToDo()
    {
        using var server = new PostgresServer();
        var database = server.CreateDatabase();
        await File.AppendAllTextAsync(
            Environment, $"\nsettings+=(store:kind=postgres 'store:connection_string={database}')\n", TestContext.Current.CancellationToken);
        (await TradingProcess.RunAsync("database", "migrate", "--set", "store:kind=postgres", $"store:connection_string={database}")).ExitCode.ShouldBe(0);
        await using (var source = Npgsql.NpgsqlDataSource.Create(database))
        await using (var newer = source.CreateCommand("INSERT INTO trading_schema VALUES (900, 900, '9.0.0', now())"))
            await newer.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        Release("1.0.0");

        foreach (string[] way in new[] { Array.Empty<string>(), ["--rollback"] })
        {
            var (exitCode, output) = await DeployAsync([.. way, "--version", "1.0.0"]);

            exitCode.ShouldBe(1);
            output.ShouldContain("schema: The database");
            output.ShouldContain("has schema version 900");
            output.ShouldContain("Start the newer release, or restore a backup from before the migration.");
            output.ShouldContain("Nothing was changed");
        }
    }

    [Fact]
    public async Task DeploymentThatWasInterrupted_IsFinishedOrTakenBack_NothingElse()
    {
        Release("1.0.0");
        Directory.CreateDirectory(Path.Combine(_folder.Path, "home"));
        await File.WriteAllTextAsync(
            Path.Combine(_folder.Path, "home", "version"), "0.9.0", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            Path.Combine(_folder.Path, "home", "unfinished"), "0.9.1", TestContext.Current.CancellationToken);

        var (exitCode, output) = await DeployAsync("--version", "1.0.0");

        exitCode.ShouldBe(1);
        output.ShouldContain("The deployment of 0.9.1 was interrupted");
        output.ShouldContain("--rollback --version 0.9.0");
    }

    [Fact]
    public async Task Gates_TellErrorsAndSlowDecisionsFromGoodOnes()
    {
        var metrics = Path.Combine(_folder.Path, "metrics");
        await File.WriteAllTextAsync(metrics, """
            error_rate{otel_scope_name="x"} 0.02
            decision_latency_seconds_bucket{le="0.1"} 90
            decision_latency_seconds_bucket{le="0.5"} 98
            decision_latency_seconds_bucket{le="2.5"} 100
            decision_latency_seconds_bucket{le="+Inf"} 100

            """, TestContext.Current.CancellationToken);

        var (_, output) = await BashAsync($"""
            source {RepositoryFiles.Root}/deploy/lib/gates.sh; metrics=$(cat {metrics})
            over silo-1 error_rate "$(metric error_rate)" 0.01
            over silo-1 latency "$(quantile decision_latency_seconds 0.99)" 0.5
            over silo-1 latency "$(quantile decision_latency_seconds 0.9)" 0.5
            over silo-1 api_response_time "$(metric api_response_time)" 1.0
            """);

        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(
            ["silo-1: error_rate is 0.02, the gate is 0.01", "silo-1: latency is 2.5, the gate is 0.5"]);
    }

    public void Dispose()
    {
        if (Directory.Exists(Path.Combine(_folder.Path, "home", "instances")))
            foreach (
                var file in Directory.GetFiles(
                Path.Combine(_folder.Path, "home", "instances"), "pid", SearchOption.AllDirectories))
                Process.Start("kill", ["-KILL", File.ReadAllText(file).Trim()]).WaitForExit();
        _folder.Dispose();
    }

    /// <summary>The program's own files stand for a release; links cost nothing.</summary>
    void Release(string version, string? program = null)
    {
        var release = Path.Combine(Releases, version);
        Directory.CreateDirectory(Releases);
        using (var copy = Process.Start("cp", ["-al", AppContext.BaseDirectory, release])) copy.WaitForExit();
        File.WriteAllText(Path.Combine(release, "note"), version);
        if (program is not null)
        {
            File.Delete(Path.Combine(release, "trading"));
            File.WriteAllText(Path.Combine(release, "trading"), program);
            using var executable = Process.Start("chmod", ["+x", Path.Combine(release, "trading")]);
            executable.WaitForExit();
        }

        using var sums =
            Process.Start("bash", ["-c", $"cd {release} && sha256sum trading trading.dll note > SHA256SUMS"]);
        sums.WaitForExit();
    }

    async Task<string> AskAsync(string order)
    {
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", Token);
        using var answer = await client.PostAsJsonAsync(
            new Uri($"http://127.0.0.1:{_port}/api/risk/validate-signal"),
            new { symbol = "IBM", action = "BUY", position_size = 100.0, confidence = 0.85, client_order_id = order });
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsStringAsync();
    }

    IEnumerable<string> Results() => File.ReadLines(Path.Combine(_folder.Path, "home", "deployments.jsonl"))
        .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("result").GetString()!);

    Task<(int ExitCode, string Output)> DeployAsync(params string[] arguments) => ToolAsync("deploy", arguments);

    Task<(int ExitCode, string Output)> ServiceAsync(params string[] arguments) => ToolAsync("service", arguments);

    Task<(int ExitCode, string Output)> ToolAsync(string tool, string[] arguments) =>
        BashAsync($"TRADING_TOKEN={Token} {RepositoryFiles.Root}/deploy/{tool} {string.Join(' ', arguments)} --environment {Environment}");

    static async Task<(int ExitCode, string Output)> BashAsync(string script)
    {
        var start = new ProcessStartInfo("bash", ["-c", $"{{ {script}\n}} 2>&1"]) { RedirectStandardOutput = true };
        using var bash = Process.Start(start)!;
        var output = await bash.StandardOutput.ReadToEndAsync();
        await bash.WaitForExitAsync();
        return (bash.ExitCode, output);
    }
}

using System.Text.RegularExpressions;
using Trading.Configuration;
using Trading.Testing;

namespace Trading.Deploy.Tests;

/// <summary>Manifests, compose file and the example of an environment give settings that the program takes: each is one, and
/// together they pass the checks of a start.</summary>
public sealed partial class DeployedSettingsTests
{
    /// <summary>Variables that are no settings: of the program, of .NET, of Orleans in a pod.</summary>
    static readonly string[] Others = ["ENVIRONMENT", "TRADING_MASTER_KEY", "TMPDIR", "ORLEANS_SERVICE_ID", "ORLEANS_CLUSTER_ID",
        "POD_NAMESPACE", "POD_NAME", "POD_IP"];

    static IEnumerable<DeployedSettings> All =>
        [.. DeployedSettings.OfCompose(), .. DeployedSettings.OfCompose(("TRADING_ENVIRONMENT", "production")), .. DeployedSettings.OfKubernetes()];

    [Fact]
    public void SiloApiMigrationAndBackup_AreThere() => All.Select(one => one.Name).Order().ShouldBe([
        "compose api", "compose api", "compose migrate", "compose migrate", "compose silo", "compose silo",
        "kubernetes api", "kubernetes create", "kubernetes migrate", "kubernetes restore", "kubernetes silo", "kubernetes verify"]);

    [Fact]
    public void EveryNameInThem_IsASetting()
    {
        foreach (var deployed in All)
        {
            var names = deployed.Variables.Keys.Except(Others).Select(name => name.Replace("__", ":", StringComparison.Ordinal))
                .Concat(deployed.Settings.Select(setting => setting.Split('=')[0]));
            foreach (var name in names) SettingsCatalog.Instance.Find(name).ShouldBeOfType<SettingLeaf>($"{deployed}: {name}");
        }
    }

    [Fact]
    public void EachOfThem_PassesTheChecksOfAStart_AndNoneIsOfDevelopment()
    {
        foreach (var deployed in All)
        {
            var report = Check(deployed);
            report.Violations.Select(violation => violation.Message).ShouldBeEmpty(deployed.Name);
            report.Environment.ShouldBeOneOf("staging", "production");
        }
    }

    [Theory]
    [InlineData("edge__behind_tls", "urls")]
    [InlineData("edge__allow__", "urls")]
    [InlineData("TRADING_MASTER_KEY", "vault:master_key_file")]
    [InlineData("cluster__redis_connection_string", "cluster:redis_connection_string")]
    public void ManifestWithoutIt_WouldNotStart(string variable, string path)
    {
        var silo = DeployedSettings.OfKubernetes().Single(one => one.Name == "kubernetes silo");
        var without = silo.Variables.Where(pair => !pair.Key.StartsWith(variable, StringComparison.Ordinal)).ToDictionary();

        Check(silo with { Variables = without }).Violations.ShouldContain(violation => violation.Path == path);
    }

    /// <summary>A container cannot write where it was put, and none of them has a file that the others see.</summary>
    [Fact]
    public void Containers_KeepSecretsInTheDatabase_AndWriteNoLogFile()
    {
        var image = File.ReadAllText(Path.Combine(DeployedSettings.Folder, "Dockerfile"));
        foreach (var deployed in All)
        {
            deployed.Variables["vault__kind"].ShouldBe("database", deployed.Name);
            deployed.Variables["store__kind"].ShouldBe("postgres", deployed.Name);
            (deployed.Variables.GetValueOrDefault("logging__file") ?? (image.Contains("logging__file= ") ? "" : "a file")).ShouldBe("", deployed.Name);
        }
    }

    /// <summary>The gateway ends TLS, and its word on who asks is taken: all clients would share one address otherwise.</summary>
    [Fact]
    public void Gateway_IsBelievedOnWhoAsks_AndTheImageAsksWhetherItIsReady()
    {
        foreach (var deployed in All)
        {
            deployed.Variables["edge__behind_tls"].ShouldBe("true", deployed.Name);
            deployed.Variables.ShouldContainKey("edge__trusted_proxies__0", deployed.Name);
            deployed.Variables.Where(pair => pair.Key.StartsWith("edge__allow__")).ShouldContain(pair => pair.Value == "127.0.0.0/8", deployed.Name);
        }

        File.ReadAllText(Path.Combine(DeployedSettings.Folder, "gateway", "nginx.conf")).ShouldContain("proxy_set_header X-Forwarded-For $remote_addr;");
        File.ReadAllText(Path.Combine(DeployedSettings.Folder, "Dockerfile")).ShouldContain("http://127.0.0.1:8080/health/ready");
    }

    [Fact]
    public void GatewayOfCompose_HasTheAddressThatIsBelieved_AndIsTheOnlyOneThatPublishesAPort()
    {
        var file = File.ReadAllText(Path.Combine(DeployedSettings.Folder, "docker-compose.yml"));
        var address = GatewayAddress().Match(file).Groups[1].Value;

        foreach (var deployed in DeployedSettings.OfCompose()) deployed.Variables["edge__trusted_proxies__0"].ShouldBe($"{address}/32", deployed.Name);
        file.Split("ports:").Length.ShouldBe(2);
        file.ShouldContain("internal: true");
    }

    /// <summary>Where the settings look for them; a process that callers reach has neither.</summary>
    [Fact]
    public void SilosOfCompose_MakeBackups_IntoAVolume_WithAKeyThatIsASecret()
    {
        var services = DeployedSettings.ServicesOfCompose();
        foreach (var deployed in DeployedSettings.OfCompose())
        {
            deployed.Variables["backup__every"].ShouldBe("6", deployed.Name);
            IEnumerable<string> Of(string part) => services[deployed.Name.Split(' ')[1]].GetValueOrDefault(part) is List<object> list ? list.Cast<string>() : [];
            (Of("volumes").Any(volume => volume.EndsWith($":{deployed.Variables["backup__folder"]}", StringComparison.Ordinal)),
                Of("secrets").Contains(Path.GetRelativePath("/run/secrets", deployed.Variables["backup__key_file"])))
                .ShouldBe(deployed.Name == "compose api" ? (false, false) : (true, true), deployed.Name);
        }
    }

    [Fact]
    public void ExampleOfAnEnvironment_PassesThemToo()
    {
        var text = File.ReadAllText(Path.Combine(DeployedSettings.Folder, "environments", "example.env"));
        string[] settings = [.. Setting().Matches(text).Select(match => match.Value.Trim())];
        settings.Length.ShouldBeGreaterThan(3);
        var variables = new Dictionary<string, string>(DeployedSettings.Secrets) { ["ENVIRONMENT"] = "production" };
        foreach (var name in variables.Keys) text.ShouldContain(name);

        Check(new("example.env", variables, settings)).Violations.Select(violation => violation.Message).ShouldBeEmpty();
    }

    static SettingsReport Check(DeployedSettings deployed)
    {
        // A container has an address of its own; this machine may have none but loopback.
        static string Address(string value) => value == "own" ? "10.1.2.3" : value;
        using var work = new TemporaryFolder();
        return SettingsCheck.Run(SettingsLayers.Read(
            [.. deployed.Settings.Select(setting => setting == "cluster:address=own" ? "cluster:address=10.1.2.3" : setting)],
            AppContext.BaseDirectory, work.Path, deployed.Variables.ToDictionary(pair => pair.Key, pair => Address(pair.Value))));
    }

    [GeneratedRegex(@"ipv4_address: ""\$\{TRADING_GATEWAY:-([\d.]+)\}""")]
    private static partial Regex GatewayAddress();

    [GeneratedRegex(@"^  [a-z_]+(:[a-z_0-9]+)+=\S+$", RegexOptions.Multiline)]
    private static partial Regex Setting();
}

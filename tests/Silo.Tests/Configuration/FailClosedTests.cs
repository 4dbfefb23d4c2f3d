using System.Security.Cryptography;
using Trading.Configuration;
using Trading.Secrets;
using Trading.Testing;

namespace Trading.Silo.Tests;

/// <summary>Every case in which nothing starts, one by one: the message names the setting and says what to do. That a program ends
/// with such a message, and with code 2, is the matter of <see cref="FailedStartTests"/> and <see cref="SecretsCommandTests"/>.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class FailClosedTests : IDisposable
{
    const string OtherMachines = "urls=https://0.0.0.0:8443";
    static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();
    readonly TemporaryFolder _folder = new();

    [Theory]
    // Keys and secrets.
    [InlineData("production", "", "vault:master_key_file", "names no file, and TRADING_MASTER_KEY is not set")]
    [InlineData("staging", "", "vault:master_key_file", "names no file, and TRADING_MASTER_KEY is not set")]
    [InlineData("production", "store:connection_string=Password=x", "store:connection_string", "is a secret in the clear (--set)")]
    [InlineData("staging", "alerts:channels:bot:token=x", "alerts:channels:bot:token", "is a secret in the clear (--set)")]
    // Addresses.
    [InlineData("development", "urls=http://0.0.0.0:80", "urls", "only loopback addresses are allowed")]
    [InlineData("development", "urls=https://192.168.1.1:443", "urls", "only loopback addresses are allowed")]
    [InlineData("staging", "urls=http://0.0.0.0:80", "urls", "without TLS; take https and edge:certificate_file, or say edge:behind_tls")]
    [InlineData("production", "urls=http://[::]:80 edge:allow:0=10.0.0.0/8", "urls", "without TLS; take https and edge:certificate_file")]
    [InlineData("production", "urls=http://0.0.0.0:80 edge:behind_tls=true", "urls", "edge:allow names no network")]
    [InlineData("production", OtherMachines, "urls", "edge:allow names no network")]
    [InlineData("production", OtherMachines, "edge:certificate_file", "names no file, and urls has an https address")]
    [InlineData("production", "urls=", "urls", "is empty")]
    [InlineData("production", "edge:allow:0=10.0.0", "edge:allow", "it holds networks")]
    [InlineData("production", "edge:trusted_proxies:0=proxy", "edge:trusted_proxies", "it holds networks")]
    // The authority.
    [InlineData("production", "security:authority=http://login.example.com security:role_map:a=viewer", "security:authority", "it is an https address")]
    [InlineData("production", "security:authority=https://login.example.com", "security:role_map", "is empty; without it nobody")]
    [InlineData("production", "security:role_map:a=root", "security:role_map:a", "it can be viewer, trader, risk_officer, administrator")]
    [InlineData("production", "security:issuer=", "security:issuer", "tokens name who issued them")]
    [InlineData("production", "security:audience=", "security:audience", "tokens name whom they are for")]
    [InlineData("production", "vault:reading_hours=nine-to-five", "vault:reading_hours", "it is two times of day")]
    // What is told outside.
    [InlineData("production", "audit:anchor_webhook=http://anchors.example.com", "audit:anchor_webhook", "it is an https address")]
    [InlineData("production", "alerts:channels:bot:kind=telegram", "alerts:channels:bot:token", "is missing")]
    [InlineData("production", "backup:every=24", "backup:key_file", "backups by schedule need one")]
    // What is not for production.
    [InlineData("production", "market_data:binance:testnet=true", "market_data:binance:testnet", "prices of a test network are no prices")]
    [InlineData("staging", "market_data:binance:testnet=false", "market_data:binance:testnet", "staging asks the test network")]
    [InlineData("production", "portfolio:sample=data/sample/portfolio.json", "portfolio:sample", "made-up positions")]
    [InlineData("production", "store:kind=memory", "store:kind", "nothing would survive")]
    [InlineData("production", "cluster:membership=postgres", "store:kind", "need the same database")]
    public void Setting_StopsTheStart(string environment, string settings, string path, string words)
    {
        var violation = Run(environment, settings.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Violations
            .Where(violation => violation.Path == path && violation.Message.Contains(words, StringComparison.Ordinal)).ShouldHaveSingleItem();

        violation.Message.ShouldStartWith(path);
    }

    [Fact]
    public void EnvironmentThatIsNone_IsNotTakenForDevelopment()
    {
        var report = Run("prod");

        report.Violations.ShouldContain(violation => violation.Message == "ENVIRONMENT is 'prod'; it can be development, staging, production.");
        report.Violations.ShouldContain(violation => violation.Path == "vault:master_key_file", "it is as strict as production");
    }

    public static TheoryData<string, string, string> BadCertificates => new()
    {
        { "missing", "edge:certificate_file", "there is no such file" },
        { "missing key", "edge:key_file", "there is no such file" },
        { "unreadable", "edge:certificate_file", "which cannot be read" },
        { "none", "edge:certificate_file", "which holds no certificate in PEM" },
        { "no key", "edge:certificate_file", "which holds no key in PEM" },
        { "no key in its file", "edge:key_file", "which holds no key in PEM" },
        { "other key", "edge:key_file", "not that of the certificate in edge:certificate_file" },
        { "encrypted key", "edge:key_file", "is encrypted or not that of the certificate" },
        { "ended", "edge:certificate_file", "whose certificate ended at" },
        { "not begun", "edge:certificate_file", "whose certificate begins at" },
    };

    [Theory]
    [MemberData(nameof(BadCertificates))]
    public void CertificateThatCannotBeUsed_StopsTheStart(string fault, string path, string words)
    {
        var (certificate, key) = Files(fault);
        string[] settings = key is null ? [$"edge:certificate_file={certificate}"] : [$"edge:certificate_file={certificate}", $"edge:key_file={key}"];

        var violation = Run("development", settings).Violations.ShouldHaveSingleItem();

        violation.Path.ShouldBe(path);
        violation.Message.ShouldStartWith($"{path} is '");
        violation.Message.ShouldContain(words);
    }

    [Fact]
    public void CertificateThatFits_IsNoFault()
    {
        var (certificate, key) = Files("none of them");

        Run("development", $"edge:certificate_file={certificate}", $"edge:key_file={key}", "urls=https://127.0.0.1:8443").Violations.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("no key", "needs its master key: name its file (vault:master_key_file) or set TRADING_MASTER_KEY")]
    [InlineData("key file missing", "is not there (vault:master_key_file)")]
    [InlineData("key of others to read", "take that right away (chmod 600")]
    [InlineData("sample key", "is a sample, not a secret")]
    [InlineData("no key in it", "holds no master key")]
    [InlineData("wrong key", "is not the one that")]
    [InlineData("unknown key", "which is not among the keys given")]
    [InlineData("other environment", "is not the one that")]
    [InlineData("cut short", "is no vault, or was cut short")]
    [InlineData("altered", "does not open in staging")]
    public void VaultThatDoesNotOpen_StopsTheStart(string fault, string words)
    {
        var (vault, key) = (Path.Combine(_folder.Path, "vault.json"), Path.Combine(_folder.Path, "master.key"));
        var opened = Vault.Open(new FileVault(vault), fault == "other environment" ? "production" : "staging", MasterKeys.Create(key, Now), TimeProvider.System);
        opened.Set("market_data:binance:key", "x");
        Spoil(fault, vault, key);
        using var work = new TemporaryFolder();
        string[] settings = fault == "no key" ? [$"vault:path={vault}"] : [$"vault:path={vault}", $"vault:master_key_file={key}"];

        var report = SettingsCheck.Run(VaultSettings.With(Layers("staging", settings, work)));

        report.Violations.ShouldContain(violation => violation.Path == "vault" && violation.Message.Contains(words, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("vault:kind=chest", "vault:kind is 'chest'; it can be file or database.")]
    [InlineData("vault:kind=database store:kind=memory", "store:kind is memory: it keeps no vault")]
    [InlineData("vault:kind=database store:kind=postgres", "store:connection_string is not given: it opens the vault and cannot be in it")]
    [InlineData("vault:kind=database store:kind=postgres store:connection_string=Nonsense=1", "store:connection_string is no connection string")]
    [InlineData("vault:kind=database store:kind=postgres store:connection_string=Host=127.0.0.1;Port=1", "cannot be used")]
    public void VaultThatIsNowhere_StopsTheStart(string settings, string words)
    {
        using var work = new TemporaryFolder();

        var report = SettingsCheck.Run(VaultSettings.With(Layers("development", settings.Split(' '), work)));

        report.Violations.ShouldContain(violation => violation.Path.StartsWith("vault") && violation.Message.Contains(words, StringComparison.Ordinal));
    }

    static void Spoil(string fault, string vault, string key)
    {
        var id = File.ReadAllText(key).Split(':')[0];
        string? text = fault switch
        {
            "sample key" => $"{id}:{Convert.ToBase64String(new byte[32])}",
            "no key in it" => "\n",
            "wrong key" => $"{id}:{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}",
            "unknown key" => $"other:{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}",
            _ => null,
        };
        if (text is not null) File.WriteAllText(key, text);
        if (fault == "key file missing") File.Delete(key);
        if (fault == "key of others to read") File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        var whole = File.ReadAllText(vault);
        if (fault == "cut short") File.WriteAllText(vault, whole[..^20]);
        if (fault == "altered") File.WriteAllText(vault, whole.Replace("market_data:binance:key", "market_data:binance:base_address", StringComparison.Ordinal));
    }

    (string Certificate, string? Key) Files(string fault)
    {
        var (from, until) = fault switch
        {
            "ended" => (Now.AddDays(-2), Now.AddDays(-1)),
            "not begun" => (Now.AddDays(1), Now.AddDays(2)),
            _ => (Now.AddDays(-1), Now.AddDays(1)),
        };
        using var made = new TestCertificate("desk", from, until);
        using var other = new TestCertificate("other", from, until);
        using var secret = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var encrypted = secret.ExportEncryptedPkcs8PrivateKeyPem("x", new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1));
        var (certificate, key) = (Path.Combine(_folder.Path, "tls.crt"), Path.Combine(_folder.Path, "tls.key"));
        File.WriteAllText(certificate, fault == "none" ? "x" : made.Pem);
        File.WriteAllText(key, fault switch { "other key" => other.KeyPem, "no key in its file" => made.Pem, "encrypted key" => encrypted, _ => made.KeyPem });
        return fault switch
        {
            "missing" => (certificate + ".not", key),
            "missing key" => (certificate, key + ".not"),
            "unreadable" => ("/proc/self/mem", key), // it is there, and reading it fails whoever asks
            "no key" => (certificate, null),
            _ => (certificate, key),
        };
    }

    static SettingsReport Run(string environment, params string[] settings)
    {
        using var work = new TemporaryFolder();
        return SettingsCheck.Run(Layers(environment, settings, work));
    }

    static SettingsLayers Layers(string environment, string[] settings, TemporaryFolder work) =>
        SettingsLayers.Read(settings, AppContext.BaseDirectory, work.Path, new Dictionary<string, string> { ["ENVIRONMENT"] = environment });

    public void Dispose() => _folder.Dispose();
}

using System.Diagnostics;
using System.Security.Cryptography;
using Trading.Testing;

namespace Trading.Silo.Tests;

/// <summary>No secret stands in the repository: sources, tests, documentation, and what is deployed.</summary>
public sealed class SecretScanTests
{
    /// <summary>What looks like a secret and is none, each with the reason.</summary>
    static readonly (string File, string Text, string Reason)[] Allowed =
    [
        ("tests/Silo.Tests/Security/SecretTraceTests.cs", "planted-", "what a test plants and looks for"),
        ("tests/Silo.Tests/Secrets/DatabaseVaultTests.cs", "=mark-of-a-password", "what a test plants and looks for"),
        ("tests/Journal.Tests/PostgresJournalTests.cs", "=secret", "what a test plants and looks for"),
        ("tests/MarketData.Tests/Store/StoresTests.cs", "=secret", "what a test plants and looks for"),
        ("tests/Silo.Tests/Secrets/VaultTests.cs", "sample:AA", "samples that are refused as master keys"),
    ];

    [Fact]
    public async Task Repository_HoldsNoSecret()
    {
        List<SecretFinding> found = [];
        var files = await FilesAsync();
        foreach (var file in files)
            if (await TextOfAsync(Path.Combine(RepositoryFiles.Root, file)) is { } text) found.AddRange(SecretScan.Find(file, text));

        files.ShouldContain(file => file.StartsWith("deploy/", StringComparison.Ordinal));
        files.Length.ShouldBeGreaterThan(500);
        string.Join('\n', found.Where(each => !Allowed.Any(known => IsIt(known, each)))).ShouldBeEmpty();
        Allowed.Where(known => !found.Any(each => IsIt(known, each))).ShouldBeEmpty("these are there no more, and need no exception");

        static bool IsIt((string File, string Text, string Reason) known, SecretFinding found) =>
            known.File == found.File && found.Text.Contains(known.Text, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Planted => new()
    {
        { "private key", "-----BEGIN EC PRIV" + "ATE KEY-----" },
        { "private key", "-----BEGIN PRIV" + "ATE KEY-----" },
        { "token", $"Authorization: Bearer eyJ{new string('a', 20)}.eyJ{new string('b', 30)}.{new string('c', 40)}" },
        { "token", "ghp" + "_" + new string('A', 36) },
        { "token", "AKIA" + new string('Q', 16) },
        { "token", "https://hooks.slack.com/serv" + "ices/T01/B02/abc" },
        { "token", "12345678" + ":" + new string('x', 35) },
        { "token", "tk_" + new string('a', 16) + "_" + new string('b', 64) },
        { "master key", $"m20261128-ab:{Convert.ToBase64String(new byte[32])}" },
        { "password in an address", "postgres://trading" + ":hunter2@db:5432/x" },
        { "password in a connection string", "Host=db;Pass" + "word=hunter2;Database=x" },
        { "random value beside a secret's name", $"api_key: {Convert.ToHexStringLower(SHA256.HashData("x"u8))}" },
        { "random value beside a secret's name", $"\"secret\": \"{Convert.ToBase64String(SHA256.HashData("y"u8))}\"" },
    };

    [Theory]
    [MemberData(nameof(Planted))]
    public void Secret_IsFound(string kind, string line) => SecretScan.Find("x", $"one\n{line}\n").ShouldContain(found => found.Kind == kind && found.Line == 2);

    [Theory]
    [InlineData("store:connection_string=Host=localhost;Username=trading;Password=…")]
    [InlineData("Password=$POSTGRES_PASSWORD")]
    [InlineData("vault:master_key_file=/etc/trading/master.key")]
    [InlineData("public const string TokenItem = \"trading.token\";")]
    [InlineData("key: kubernetes.io/service-account-name")]
    public void WhatIsNone_IsLeftAlone(string line) => SecretScan.Find("x", line).ShouldBeEmpty();

    static async Task<string[]> FilesAsync()
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        {
            WorkingDirectory = RepositoryFiles.Root, RedirectStandardOutput = true,
        })!;
        var output = await git.StandardOutput.ReadToEndAsync();
        await git.WaitForExitAsync();
        git.ExitCode.ShouldBe(0);
        return output.Split('\0', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Null for what is no text, and for a file that was taken away and not yet from the index.</summary>
    static async Task<string?> TextOfAsync(string path)
    {
        if (!File.Exists(path)) return null;
        var bytes = await File.ReadAllBytesAsync(path);
        return bytes.AsSpan(0, Math.Min(bytes.Length, 8_000)).Contains((byte)0) ? null : System.Text.Encoding.UTF8.GetString(bytes);
    }
}

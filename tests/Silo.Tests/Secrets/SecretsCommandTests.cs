using Trading.Testing;

namespace Trading.Silo.Tests;

public sealed class SecretsCommandTests
{
    const string Marker = "mark-7f3a-SECRET";

    [Fact]
    public async Task Secret_GoesInThroughStandardInput_CountsAsItsSetting_AndShowsInNoOutputButItsOwn()
    {
        using var folder = new TemporaryFolder();
        string[] vault = ["--set", $"vault:path={folder.Path}/vault.json", $"vault:master_key_file={folder.Path}/master.key"];
        var seen = new List<string>();
        async Task<(int, string)> RunAsync(string? input, params string[] arguments)
        {
            var (exitCode, output, errors) = await TradingProcess.RunAsync(input, [.. arguments, .. vault]);
            if (arguments is not ["secrets", "get", ..]) seen.Add(output + errors);
            return (exitCode, output.Trim());
        }

        (await RunAsync(null, "secrets", "list")).Item1.ShouldBe(2, "there is no key yet");
        (await RunAsync(null, "secrets", "init")).Item1.ShouldBe(0);
        (await RunAsync(null, "secrets", "init")).Item1.ShouldBe(2, "a second one would lock the first one's vault");
        (await RunAsync(Marker + "\n", "secrets", "set", "market_data:binance:key")).Item1.ShouldBe(0);
        (await RunAsync(Marker + " with blanks", "secrets", "set", "market_data:binance:base_address")).Item1.ShouldBe(0);
        (await RunAsync(null, "secrets", "get", "market_data:binance:key")).ShouldBe((0, Marker));
        (await RunAsync(null, "secrets", "get", "nothing")).Item1.ShouldBe(1);
        (await RunAsync(null, "secrets", "rotate")).Item2.ShouldContain("2 of 2 secrets are on the current master key");
        var (valid, report) = await RunAsync(null, "config", "validate", "--json");
        (valid, report.Contains("market_data:binance")).ShouldBe((2, true), "the vault's value of base_address is no address");
        (await RunAsync(null, "secrets", "remove", "market_data:binance:base_address")).Item1.ShouldBe(0);
        (await RunAsync(null, "config", "validate")).Item1.ShouldBe(0);

        var uses = await File.ReadAllTextAsync(Path.Combine(folder.Path, "vault.uses.jsonl"));
        uses.Split('\n').Count(line => line.Contains("\"action\":\"get\",\"name\":\"market_data:binance:key\"")).ShouldBe(1);
        seen.Append(uses).ShouldAllBe(output => !output.Contains(Marker));
    }

    [Fact]
    public async Task SecretWhoseUseCannotBeWrittenDown_IsNotPrinted()
    {
        using var folder = new TemporaryFolder();
        string[] vault = ["--set", $"vault:path={folder.Path}/vault.json", $"vault:master_key_file={folder.Path}/master.key"];
        await TradingProcess.RunAsync(null, ["secrets", "init", .. vault]);
        await TradingProcess.RunAsync(Marker, ["secrets", "set", "x", .. vault]);
        File.Delete(Path.Combine(folder.Path, "vault.uses.jsonl"));
        Directory.CreateDirectory(Path.Combine(folder.Path, "vault.uses.jsonl"));

        var (exitCode, output, errors) = await TradingProcess.RunAsync(null, ["secrets", "get", "x", .. vault]);

        (exitCode, output).ShouldBe((2, ""));
        errors.ShouldContain("a secret is given only where its use is on record");
    }

    [Fact]
    public async Task VaultWithoutItsKey_OrWithAnother_StopsTheStart()
    {
        using var folder = new TemporaryFolder();
        string[] Vault(string key) => ["--set", $"vault:path={folder.Path}/vault.json", $"vault:master_key_file={key}"];
        await TradingProcess.RunAsync(null, ["secrets", "init", .. Vault($"{folder.Path}/a.key")]);
        await TradingProcess.RunAsync(Marker, ["secrets", "set", "x", .. Vault($"{folder.Path}/a.key")]);
        await TradingProcess.RunAsync(null, ["secrets", "init", .. Vault($"{folder.Path}/b.key")]);

        var (without, _, needs) = await TradingProcess.RunAsync("run", "--once", "--set", $"vault:path={folder.Path}/vault.json");
        var (other, _, wrong) = await TradingProcess.RunAsync(["run", "--once", .. Vault($"{folder.Path}/b.key")]);

        (without, other).ShouldBe((2, 2));
        needs.ShouldContain("needs its master key");
        wrong.ShouldContain("which is not among the keys given");
    }

    [Fact]
    public async Task SecretInAFileOrOnTheCommandLine_IsRefusedOutsideDevelopment()
    {
        var (exitCode, output, _) = await TradingProcess.RunAsync(
            null, ["config", "validate", "--set", $"store:connection_string=Password={Marker}"], ("ENVIRONMENT", "production"));

        exitCode.ShouldBe(2);
        output.ShouldContain("store:connection_string is a secret in the clear (--set); bring it with: trading secrets set store:connection_string");
        output.ShouldNotContain(Marker);
    }
}

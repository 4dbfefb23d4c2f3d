using System.Text.Json;
using Trading.Commands;
using Trading.Configuration;
using Trading.Testing;

namespace Trading.Silo.Tests;

public sealed class ConfigCommandTests
{
    [Fact]
    public void Templates_AreThoseInTheRepository()
    {
        foreach (var (path, text) in SettingsTemplates.All())
        {
            var file = Path.Combine(RepositoryFiles.Root, path);
            File.Exists(file).ShouldBeTrue($"{path} is missing; write it with: ./trading config template --write");
            File.ReadAllText(file).ShouldBe(text, $"{path} is not what the options classes say; write it with: ./trading config template --write");
        }
    }

    [Theory]
    [InlineData(TradingEnvironment.Development)]
    [InlineData(TradingEnvironment.Staging)]
    [InlineData(TradingEnvironment.Production)]
    public void Template_AsAFileOfSettings_IsValid_ButForTheSecretsThatItCannotKnow(TradingEnvironment environment)
    {
        using var work = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(work.Path, "config"));
        File.WriteAllText(Path.Combine(work.Path, "config", $"{environment.Name()}.json"), SettingsTemplates.Json(environment));
        File.WriteAllText(Path.Combine(work.Path, ".env"), SettingsTemplates.Variables());

        var report = SettingsCheck.Run(SettingsLayers.Read(
            [], AppContext.BaseDirectory, work.Path,
            new Dictionary<string, string> { ["ENVIRONMENT"] = environment.Name(), ["store__connection_string"] = "Host=localhost", ["TRADING_MASTER_KEY"] = "given" }));

        report.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task Validate_PrintsTheReport_AndEndsWithTwoWhereARuleIsBroken()
    {
        var (valid, output, _) = await TradingProcess.RunAsync("config", "validate", "--json");
        var (broken, report, _) = await TradingProcess.RunAsync("config", "validate", "--json", "--set", "store:kind=paper", "foo");

        valid.ShouldBe(0);
        JsonDocument.Parse(output).RootElement.GetProperty("valid").GetBoolean().ShouldBeTrue();
        broken.ShouldBe(2);
        JsonDocument.Parse(report).RootElement.GetProperty("violations").EnumerateArray()
            .Select(violation => violation.GetProperty("rule").GetString()).ShouldBe(["form", "value"]);
    }

    [Fact]
    public void Setup_AsksAgainForAnAnswerOfTheWrongKind_AndWritesWhatWasAnswered()
    {
        using var here = new WorkingFolder();
        var output = new StringWriter();

        var code = ConfigSetupCommand.Setup(TradingEnvironment.Development, unattended: false, force: false, [],
            new StringReader("\nsqlite\nmy.db\n\nperhaps\ntrue\nDebug\n"), output);

        code.ShouldBe(0, output.ToString());
        output.ToString().ShouldContain("It must be true or false.");
        File.ReadAllText("config/development.json").ReplaceLineEndings("").Replace(" ", "").ShouldBe(
            """{"logging":{"level":"Debug"},"market_data":{"binance":{"testnet":true}},"store":{"kind":"sqlite","path":"my.db"}}""");
    }

    [Fact]
    public void Setup_Unattended_TakesSettings_RefusesBrokenOnes_AndDoesNotOverwrite()
    {
        using var here = new WorkingFolder();
        int Run(bool force, params string[] settings) =>
            ConfigSetupCommand.Setup(TradingEnvironment.Development, unattended: true, force, settings, TextReader.Null, TextWriter.Null);

        Run(false, "store:kind=paper").ShouldBe(2);
        File.Exists("config/development.json").ShouldBeFalse();
        Run(false, "store:kind=memory", "models:symbols:0=IBM", "models:symbols:1=KO").ShouldBe(0);
        Run(false).ShouldBe(2);
        Run(true, "models:symbols:0=GE", "store:kind=memory").ShouldBe(0);
        JsonDocument.Parse(File.ReadAllText("config/development.json")).RootElement.GetProperty("models").GetProperty("symbols")[0].GetString().ShouldBe("GE");
    }

    [Theory]
    [InlineData("old.json", """{"environment":{"testnet":true},"database":{"path":"old.db"},"risk":{"var_lookback_days":300},"colour":"blue"}""")]
    [InlineData("old.yaml", "environment:\n  testnet: true # of Binance\ndatabase:\n  path: \"old.db\"\nrisk:\n  var_lookback_days: 300\ncolour: blue\n")]
    [InlineData("old.env", "BINANCE_TESTNET=1\nDATABASE_PATH=old.db\nvar_lookback_days=300\ncolour=blue\n")]
    public async Task Migrate_BringsWhatItKnows_AndNamesWhatItDoesNot(string file, string text)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, file);
        await File.WriteAllTextAsync(path, text);

        var (exitCode, output, report) = await TradingProcess.RunAsync("config", "migrate", path);

        exitCode.ShouldBe(2, "a key was not taken");
        output.ReplaceLineEndings("").Replace(" ", "").ShouldBe(
            """{"market_data":{"binance":{"testnet":true}},"portfolios":{"var_lookback_days":300},"store":{"path":"old.db"}}""");
        report.ShouldContain("colour: NOT TAKEN");
        report.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(4, "a line for every key");
    }

    [Fact]
    public async Task Migrate_NeverShowsASecret_AndSaysHowToBringIt()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "old.yml");
        await File.WriteAllTextAsync(path, "binance:\n  api_key: hunter2\n  symbols:\n    - BTCUSDT\n");

        var (exitCode, output, report) = await TradingProcess.RunAsync("config", "migrate", path);

        exitCode.ShouldBe(2);
        (output + report).ShouldNotContain("hunter2");
        report.ShouldContain("trading secrets set market_data:binance:key");
    }

    /// <summary>The process's working folder for one test; the tests of a class run one after another, and no other class relies on it.</summary>
    sealed class WorkingFolder : IDisposable
    {
        readonly TemporaryFolder _folder = new();
        readonly string _before = Directory.GetCurrentDirectory();

        public WorkingFolder() => Directory.SetCurrentDirectory(_folder.Path);

        public void Dispose()
        {
            Directory.SetCurrentDirectory(_before);
            _folder.Dispose();
        }
    }
}

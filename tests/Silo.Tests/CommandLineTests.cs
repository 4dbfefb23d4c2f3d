using System.Text;
using Trading.Testing;

namespace Trading.Silo.Tests;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("--help", "run", "api", "risk", "data", "config", "database", "backup", "journal")]
    [InlineData("config --help", "validate", "setup", "migrate", "template")]
    [InlineData("api --help", "--set")]
    [InlineData("database --help", "migrate", "copy")]
    [InlineData("backup --help", "create", "list", "verify", "restore", "key")]
    [InlineData("data --help", "import", "validate", "compact", "evaluate")]
    [InlineData("data import --help", "<dir>", "--interval", "--source", "--set", "15m")]
    [InlineData("data validate --help", "<file>", "--interval", "--json", "--set")]
    [InlineData("data compact --help", "--set")]
    [InlineData("model validate --help", "<closes>", "--symbol", "--method", "--horizon", "--plan", "purged_k_fold", "--barrier", "--splits", "--card")]
    [InlineData("run --help", "--once", "--portfolio", "--set")]
    [InlineData("risk report --help", "--url", "--portfolio", "--json", "--html")]
    [InlineData("journal verify --help", "--path", "--connection", "--stream", "--set")]
    public async Task Help_NamesEveryVerbAndOption(string arguments, params string[] expected)
    {
        var (exitCode, output, _) = await TradingProcess.RunAsync(arguments.Split(' '));
        exitCode.ShouldBe(0);
        foreach (var word in expected) output.ShouldContain(word);
    }

    [Fact]
    public async Task Help_AndTheReadme_SayThatTheProgramIsBuiltFirst_AndHowLongThatTakes()
    {
        var (_, output, _) = await TradingProcess.RunAsync("--help");

        output.ReplaceLineEndings(" ").ShouldContain("./trading builds it first");
        foreach (var text in new[] { output, await File.ReadAllTextAsync(Path.Combine(RepositoryFiles.Root, "README.md")) })
            text.ReplaceLineEndings(" ").ShouldContain("the first time in about a minute");
    }

    [Fact]
    public async Task UnknownVerb_IsAnErrorOnStandardError()
    {
        var (exitCode, _, errors) = await TradingProcess.RunAsync("dance");
        exitCode.ShouldNotBe(0);
        errors.ShouldContain("dance");
    }

    [Fact]
    public async Task Report_WithoutASilo_SaysThatNobodyAnswers()
    {
        var (exitCode, output, errors) = await TradingProcess.RunAsync("risk", "report", "--url", "http://127.0.0.1:1");
        exitCode.ShouldBe(1);
        output.ShouldBeEmpty();
        errors.ShouldStartWith("No answer");
        errors.ShouldContain("127.0.0.1:1");
    }

    [Fact]
    public async Task Report_FromNoAddress_IsAnError()
    {
        var (exitCode, _, errors) = await TradingProcess.RunAsync("risk", "report", "--url", "nowhere");
        exitCode.ShouldNotBe(0);
        errors.ShouldContain("'nowhere' is no address");
    }

    [Fact]
    public async Task WrongSettings_AreAllNamed_AndNothingStarts()
    {
        using var folder = new TemporaryFolder();
        var (exitCode, _, errors) = await TradingProcess.RunAsync(
            ["run", "--once", "--set", .. TradingProcess.Settings(folder.Path, "market_data:replay_interval=-1", "market_data:max_price_age=-1")]);
        exitCode.ShouldBe(2);
        errors.ShouldContain("replay_interval");
        errors.ShouldContain("max_price_age");
        Directory.GetFiles(folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public async Task AddressBeyondThisMachine_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var (exitCode, _, errors) = await TradingProcess.RunAsync(["run", "--set", .. TradingProcess.Settings(folder.Path, "urls=http://0.0.0.0:8080")]);
        exitCode.ShouldBe(2);
        errors.ShouldContain("0.0.0.0");
    }

    [Fact]
    public async Task BrokenPriceFile_StopsTheStart_WithLineAndColumn()
    {
        using var folder = new TemporaryFolder();
        var prices = Path.Combine(folder.Path, "closes.csv");
        await File.WriteAllTextAsync(prices, "date,IBM\n2001-01-02,84.5\n2001-01-03,abc\n");
        var (exitCode, _, errors) = await TradingProcess.RunAsync(["run", "--once", "--set", .. TradingProcess.Settings(folder.Path, $"market_data:prices={prices}")]);
        exitCode.ShouldBe(2);
        errors.ShouldContain("3");
        errors.ShouldContain("IBM");
        errors.ShouldContain("abc");
    }

    [Fact]
    public async Task StoreThatAnEarlierEngineBegan_StopsTheStart_SaysWhatToDo_AndItsJournalCanBeVerified()
    {
        using var folder = new TemporaryFolder();
        var store = await StoreBegunOnAsync("Earlier", folder);

        var (exitCode, _, errors) = await TradingProcess.RunAsync(["run", "--once", "--set", .. TradingProcess.Settings(folder.Path)]);
        var (verified, output, _) = await TradingProcess.RunAsync("journal", "verify", "--set", $"store:path={store}");

        exitCode.ShouldBe(3);
        errors.ShouldContain("engine Earlier");
        errors.ShouldContain("Name another store");
        (verified, output.Trim()).ShouldBe((0, "1 streams, 1 events, 0 defects"));
    }

    [Fact]
    public async Task StoreThatWasBegunOnOrleans_GoesOn()
    {
        using var folder = new TemporaryFolder();
        await StoreBegunOnAsync("Orleans", folder);

        var (exitCode, _, errors) = await TradingProcess.RunAsync(["run", "--once", "--set", .. TradingProcess.Settings(folder.Path)]);

        exitCode.ShouldBe(0, errors);
    }

    /// <summary>As versions before this one left their mark.</summary>
    static async Task<string> StoreBegunOnAsync(string engine, TemporaryFolder folder)
    {
        var store = Path.Combine(folder.Path, "trading.db");
        await using var journal = Journal.EventJournal.Sqlite(store, TimeProvider.System);
        var writer = await journal.OpenAsync("store/engine", CancellationToken.None);
        await writer.AppendAsync(new[] { new Journal.JournalEntry("begun", Encoding.UTF8.GetBytes($"\"{engine}\"")) }, CancellationToken.None);
        return store;
    }
}

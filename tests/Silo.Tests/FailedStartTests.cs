using System.Net;
using System.Net.Sockets;
using Npgsql;
using Trading.Commands;
using Trading.Journal;
using Trading.MarketData;
using Trading.Stores;
using Trading.Testing;

namespace Trading.Silo.Tests;

/// <summary>A start that fails says why in one sentence, and by its exit code what kind of reason it is.</summary>
public sealed class FailedStartTests
{
    public static readonly TheoryData<Exception> RefusedByTheDatabase =
    [
        new BarStoreException("db:5432/trading", "no role", inner: new NpgsqlException("no role")),
        new JournalUnavailableException("db:5432/trading", "no role.", new NpgsqlException("no role.")),
    ];

    [Theory, MemberData(nameof(RefusedByTheDatabase), DisableDiscoveryEnumeration = true)]
    public void WhicheverPartIsRefusedFirst_TheSettingIsNamed(Exception refused)
    {
        Failure.Explain(refused).ShouldBe((Failure.NoStore, $"{refused.Message.TrimEnd('.')}. See store:connection_string."));
        Failure.Explain(new BarStoreException("trading.db", "it is not open."))!.Value.Message.ShouldNotContain("store:");
    }

    [Fact]
    public async Task PortInUse_IsFour()
    {
        using var folder = new TemporaryFolder();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        await FailsAsync(folder, 4, $"{port}", $"urls=http://127.0.0.1:{port}");
    }

    [Fact]
    public async Task StoreInUse_IsThree()
    {
        using var folder = new TemporaryFolder();
        await using var first = await SqliteWriter.OpenAsync(
            Path.Combine(folder.Path, "trading.db"), TimeProvider.System, TestContext.Current.CancellationToken);

        await FailsAsync(folder, 3, "trading.db: it is being written by");
    }

    [Fact]
    public async Task FileThatIsNoStore_IsThree()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "trading.db"), new string('x', 10_000));

        await FailsAsync(folder, 3, "not a SQLite database");
    }

    [Fact]
    public async Task PlaceWhereNothingCanBeWritten_IsThree()
    {
        using var folder = new TemporaryFolder();

        await FailsAsync(folder, 3, "cannot be written", "store:path=/proc/x");
    }

    [Fact]
    public async Task FolderAsTheStore_IsTwo()
    {
        using var folder = new TemporaryFolder();

        await FailsAsync(folder, 2, "is a folder", $"store:path={folder.Path}");
    }

    [Fact]
    public async Task TextForANumber_IsTwo()
    {
        using var folder = new TemporaryFolder();

        await FailsAsync(folder, 2, "must be a number", "portfolios:calculation_frequency=often");
    }

    [Fact]
    public async Task SettingWithoutAValue_IsTwo()
    {
        using var folder = new TemporaryFolder();

        await FailsAsync(folder, 2, "--set takes name=value", "foo");
    }

    static async Task FailsAsync(TemporaryFolder folder, int code, string words, params string[] settings)
    {
        var (exitCode, output, errors) = await TradingProcess.RunAsync(["run", "--set", "urls=http://127.0.0.1:0", .. TradingProcess.Settings(folder.Path, settings)]);

        exitCode.ShouldBe(code, errors);
        output.ShouldBeEmpty();
        TradingProcess.WithoutMachineNotes(errors).Trim().Split('\n').ShouldHaveSingleItem().ShouldContain(words);
    }
}

using System.IO.Compression;
using System.Text;
using Microsoft.Extensions.Options;
using Trading.Testing;

namespace Trading.MarketData.Tests;

/// <summary>Files of Binance's archive, as they are downloaded.</summary>
public sealed class FileIntakeTests : IAsyncDisposable
{
    const string Rows2024 = "1733011200000,10,10.1,9.9,10.05,7,1733011259999,70,3,1,1,0\n1733011260000,10.05,10.1,9.9,10.06,8,1733011319999,80,3,1,1,0\n";
    const string Rows2025 = "1735689600000000,20,21,19,20.5,7,1735689659999999,70,3,1,1,0\n";
    readonly TemporaryFolder _folder = new();
    readonly InMemoryBarStore _store = new();

    public async ValueTask DisposeAsync()
    {
        _folder.Dispose();
        await _store.DisposeAsync();
    }

    async Task<IngestReport> ImportAsync(string name)
    {
        var intake = new FileIntake(Options.Create(new IntakeOptions()), Options.Create(new SourceChainOptions()), new ManualTimeProvider(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        return await intake.Into(_store).ImportAsync(Path.Combine(_folder.Path, name), BarInterval.OneDay, "import", new Progress<long>(), default);
    }

    void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.Path, name), text);

    void Zip(string name, params (string Name, string Text)[] entries)
    {
        using var archive = new ZipArchive(File.Create(Path.Combine(_folder.Path, name)), ZipArchiveMode.Create);
        foreach (var (entry, text) in entries)
        {
            using var content = archive.CreateEntry(entry).Open();
            content.Write(Encoding.UTF8.GetBytes(text));
        }
    }

    [Theory]
    [InlineData("BTCUSDT-1m-2024-12.csv", Rows2024, 2)]
    [InlineData("BTCUSDT-1m-2025-01-01.csv", Rows2025, 1)]
    [InlineData("btcusdt_1m.csv", Rows2024 + "1735689600000000,10,10.1,9.9,10.02,7,1735689659999999,70,3,1,1,0\n", 3)]
    public async Task ArchiveFile_IsOfTheSymbolAndIntervalOfItsName_AndEachRowTellsItsUnit(string name, string text, int rows)
    {
        Write(name, text);

        var report = await ImportAsync(name);

        (report.End, report.Interval, report.Receipt.Accepted, report.Rows.Bad).ShouldBe((IngestEnd.Complete, BarInterval.OneMinute, rows, 0L));
        var stored = await _store.ReadAsync(new("BTCUSDT", BarInterval.OneMinute), null, null, null, default);
        stored.Select(record => record.Bar.Time.Year).Distinct().ShouldBe(
            rows switch { 1 => [2025], 2 => [2024], _ => [2024, 2025] });
    }

    [Fact]
    public async Task ArchiveFile_IsReadOutOfItsZip()
    {
        Zip("BTCUSDT-1m-2025-01.zip", ("BTCUSDT-1m-2025-01.csv", Rows2025));

        (await ImportAsync("BTCUSDT-1m-2025-01.zip")).Symbols.ShouldHaveSingleItem().Symbol.ShouldBe("BTCUSDT");
    }

    [Fact]
    public async Task ZipOfSeveralFiles_AndFileThatIsNoZip_AreRefused()
    {
        Zip("two.zip", ("a.csv", Rows2025), ("b.csv", Rows2025));
        Write("broken.zip", "PK?");

        (await Should.ThrowAsync<MarketDataFormatException>(ImportAsync("two.zip"))).Errors[0].Rule.ShouldBe("one_entry");
        (await Should.ThrowAsync<MarketDataFormatException>(ImportAsync("broken.zip"))).Errors[0].Rule.ShouldBe("zip");
    }

    [Fact]
    public async Task ArchiveOfAnIntervalThatIsNotKept_IsRefused_AndNotTakenForDays()
    {
        Write("BTCUSDT-4h-2024-12.csv", Rows2024);

        (await Should.ThrowAsync<MarketDataFormatException>(ImportAsync("BTCUSDT-4h-2024-12.csv"))).Errors[0].Rule.ShouldBe("interval");
    }

    [Fact]
    public async Task RowOfSeconds_IsNamed_AndTheOthersAreStored()
    {
        Write("BTCUSDT-1m-2024-12.csv", Rows2024 + "1733011320,10,10.1,9.9,10.05,7,1733011379,70,3,1,1,0\n");

        var report = await ImportAsync("BTCUSDT-1m-2024-12.csv");

        (report.Receipt.Accepted, report.Rows.Bad).ShouldBe((2, 1L));
        report.Rows.Errors.ShouldHaveSingleItem().ShouldSatisfyAllConditions(error => error.Line.ShouldBe(3), error => error.Field.ShouldBe("time"));
    }
}

using System.Collections.Immutable;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Trading.Testing;

namespace Trading.MarketData.Tests;

public sealed class FolderSourceTests
{
    static readonly TimeSpan Poll = TimeSpan.FromSeconds(30);

    readonly ManualTimeProvider _clock = new();
    readonly Folder _folder = new();

    FolderSource Source() => new(_folder, InstrumentDirectory.Empty, Poll, _clock, NullLogger<FolderSource>.Instance);

    static async Task<decimal[]> ClosesAsync(FolderSource source, string symbol, BarInterval interval = BarInterval.OneDay) =>
        [.. (await source.FetchAsync(new(symbol, interval, null, null), default)).Bars.Select(bar => bar.Close)];

    [Fact]
    public async Task FileOfASymbol_GivesItsBars()
    {
        _folder["aapl.csv"] = "date,open,high,low,close,volume\n1998-01-02,13.63,16.25,13.5,16.25,6315000\n1998-01-05,16.5,16.56,15.19,16,\n";

        var answer = await Source().FetchAsync(new("AAPL", BarInterval.OneDay, null, null), default);

        answer.Bars.ShouldBe(
        [
            new(new(1998, 1, 2, 0, 0, 0, TimeSpan.Zero), 13.63m, 16.25m, 13.5m, 16.25m, 6_315_000m),
            new(new(1998, 1, 5, 0, 0, 0, TimeSpan.Zero), 16.5m, 16.56m, 15.19m, 16m, null),
        ]);
        answer.AsOf.ShouldBe(new(1998, 1, 5, 21, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public async Task WideFile_GivesTheClosesOfEverySymbol_AndAFileOfItsOwnComesFirst()
    {
        _folder["all.csv"] = "Date,SPY,TLT\n2008-01-02,144.92,94.37\n";
        _folder["tlt.csv"] = "date,open,high,low,close\n2008-01-02,1,2,1,2\n";
        var source = Source();

        (await ClosesAsync(source, "SPY")).ShouldBe([144.92m]);
        (await ClosesAsync(source, "TLT")).ShouldBe([2m]);
        source.List().ShouldBe([("SPY", BarInterval.OneDay), ("TLT", BarInterval.OneDay)]);
    }

    [Fact]
    public async Task IntervalInTheName_IsTheIntervalOfTheFile()
    {
        _folder["btcusdt_1h.csv"] = "time,open,high,low,close,volume\n2018-05-01T00:00:00,9246.01,9248.99,8934.44,8955.01,5263.799551\n";
        var source = Source();

        (await ClosesAsync(source, "BTCUSDT", BarInterval.OneHour)).ShouldBe([8955.01m]);
        (await source.FetchAsync(new("BTCUSDT", BarInterval.OneDay, null, null), default)).Known.ShouldBeFalse();
    }

    [Fact]
    public async Task BarThatHasNotEnded_IsLeftOut()
    {
        _folder["x.csv"] = "date,open,high,low,close\n2026-01-02,1,1,1,1\n2026-01-05,2,2,2,2\n"; // it is noon of the fifth
        var source = Source();
        (await ClosesAsync(source, "X")).ShouldBe([1m]);

        _clock.Advance(TimeSpan.FromHours(9));

        (await ClosesAsync(source, "X")).ShouldBe([1m, 2m]);
    }

    [Fact]
    public async Task ReportedChange_IsReadAtOnce_AndASilentOneAfterThePollInterval()
    {
        _folder["a.csv"] = "date,open,high,low,close\n2020-01-02,1,1,1,1\n";
        var source = Source();
        await ClosesAsync(source, "A");

        _folder["a.csv"] = "date,open,high,low,close\n2020-01-02,3,3,3,3\n2020-01-03,4,4,4,4\n";
        (await ClosesAsync(source, "A")).ShouldBe([1m]);
        _folder.Report();
        (await ClosesAsync(source, "A")).ShouldBe([3m, 4m]);

        _folder["b.csv"] = "date,open,high,low,close\n2020-01-02,5,5,5,5\n";
        (await ClosesAsync(source, "B")).ShouldBeEmpty();
        _clock.Advance(Poll);
        (await ClosesAsync(source, "B")).ShouldBe([5m]);
    }

    [Fact]
    public async Task OnlyFilesThatChanged_AreRead()
    {
        _folder["a.csv"] = _folder["b.csv"] = "date,open,high,low,close\n2020-01-02,1,1,1,1\n";
        var source = Source();
        await ClosesAsync(source, "A");
        _folder["b.csv"] = "date,open,high,low,close\n2020-01-02,2,2,2,2\n";
        _folder.Report();
        await ClosesAsync(source, "A");

        _folder.Reads.ShouldBe(["a.csv", "b.csv", "b.csv"]);
    }

    [Fact]
    public async Task BadFile_KeepsTheLastGoodContent_AndIsReportedUntilItIsGood()
    {
        _folder["a.csv"] = "date,open,high,low,close\n2020-01-02,1,1,1,1\n";
        var source = Source();
        await ClosesAsync(source, "A");

        _folder["a.csv"] = "date,open,high,low,close\n2020-01-02,1,1,1,many\nmonday,1,1,1,1\n";
        _folder.Report();

        (await ClosesAsync(source, "A")).ShouldBe([1m]);
        var problem = source.Problems.ShouldHaveSingleItem();
        (problem.File, problem.Answers).ShouldBe(("a.csv", FolderAnswer.Older));
        problem.Message.ShouldContain("line 2, close, number: 'many'");
        problem.Message.ShouldContain("line 3, date, time: 'monday'");

        _folder["a.csv"] = "date,open,high,low,close\n2020-01-02,2,2,2,2\n";
        _folder.Report();
        (await ClosesAsync(source, "A")).ShouldBe([2m]);
        source.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task FileThatWasNeverGood_IsNonsense_NotAnUnknownSymbol_AndTheOthersAnswer()
    {
        _folder["a.csv"] = "open,high,low,close\n1,1,1,1\n";
        _folder["b.csv"] = "date,open,high,low,close\n2020-01-02,1,1,1,1\n";
        var source = Source();

        (await Should.ThrowAsync<SourceException>(() => ClosesAsync(source, "A"))).Failure.ShouldBe(SourceFailure.Nonsense);
        (await ClosesAsync(source, "B")).ShouldBe([1m]);
        (await source.FetchAsync(new("C", BarInterval.OneDay, null, null), default)).Known.ShouldBeFalse();
    }

    [Fact]
    public async Task RowsOutOfOrder_AreSorted_AndOfRepeatedTimesTheLastCounts()
    {
        _folder["a.csv"] = "date,open,high,low,close\n2020-01-03,3,3,3,3\n2020-01-02,1,1,1,1\n2020-01-02,2,2,2,2\n";
        var source = Source();

        (await ClosesAsync(source, "A")).ShouldBe([2m, 3m]);
        source.Problems.ShouldHaveSingleItem().Answers.ShouldBe(FolderAnswer.PutRight);
    }

    [Fact]
    public async Task FileThatIsGone_TakesItsBarsWithIt()
    {
        _folder["a.csv"] = "date,open,high,low,close\n2020-01-02,1,1,1,1\n";
        var source = Source();
        await ClosesAsync(source, "A");
        _folder.Remove("a.csv");
        _folder.Report();

        (await source.FetchAsync(new("A", BarInterval.OneDay, null, null), default)).Known.ShouldBeFalse();
    }

    [Fact]
    public async Task FolderThatCannotBeListed_IsUnreachable()
    {
        using var source = new FolderSource(Path.Combine(Path.GetTempPath(), "trading-no-such-folder"), InstrumentDirectory.Empty, Poll, _clock, NullLogger<FolderSource>.Instance);

        (await Should.ThrowAsync<SourceException>(() => ClosesAsync(source, "A"))).Failure.ShouldBe(SourceFailure.Unreachable);
    }

    [Fact]
    public async Task FileOnDisk_IsWatched()
    {
        using var temporary = new TemporaryFolder();
        using var folder = new DiskFolder(temporary.Path);
        var changed = new TaskCompletionSource();
        folder.Changed += () => changed.TrySetResult();
        folder.TakeChange().ShouldBeFalse();

        await File.WriteAllTextAsync(Path.Combine(temporary.Path, "a.csv"), "date");
        await changed.Task.WaitAsync(TimeSpan.FromSeconds(30));

        folder.TakeChange().ShouldBeTrue();
        folder.List().ShouldHaveSingleItem().ShouldSatisfyAllConditions(stamp => stamp.Name.ShouldBe("a.csv"));
    }

    [ReferenceFact]
    public async Task DailyFiles_OfTheReferenceData_AreRead()
    {
        using var source = new FolderSource(Path.Combine(RepositoryFiles.Shared!, "data", "daily"), InstrumentDirectory.Empty, Poll, _clock, NullLogger<FolderSource>.Instance);

        (await ClosesAsync(source, "AAPL"))[0].ShouldBe(16.25m);
        source.List().Length.ShouldBe(10);
        source.Problems.ShouldNotContain(problem => problem.Answers == FolderAnswer.Nothing);
    }

    /// <summary>A folder in memory; its changes are silent until they are reported.</summary>
    sealed class Folder : IDataFolder
    {
        readonly SortedDictionary<string, (FileStamp Stamp, byte[] Content)> _files = new(StringComparer.Ordinal);
        bool _reported;
        int _time;

        public string Path => "memory";
        public List<string> Reads { get; } = [];

        public string this[string name]
        {
            get => Encoding.UTF8.GetString(_files[name].Content);
            set => _files[name] = (new(name, value.Length, DateTimeOffset.UnixEpoch.AddSeconds(++_time)), Encoding.UTF8.GetBytes(value));
        }

        public void Remove(string name) => _files.Remove(name);
        public void Report() => _reported = true;
        public ImmutableArray<FileStamp> List() => [.. _files.Values.Select(file => file.Stamp)];

        public byte[] Read(string name)
        {
            Reads.Add(name);
            return _files[name].Content;
        }

        public bool TakeChange()
        {
            var reported = _reported;
            _reported = false;
            return reported;
        }

        public void Dispose() { }
    }
}

using Serilog.Events;
using Serilog.Formatting;
using Serilog.Parsing;
using Trading.Hosting;
using Trading.Testing;

namespace Trading.Logs.Tests;

public sealed class RollingLogFileTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly ManualTimeProvider _clock = new();

    string Current => Path.Combine(_folder.Path, "trading_system.jsonl");

    string Today => _clock.GetUtcNow().ToString("yyyyMMdd", System.Globalization.CultureInfo.InvariantCulture);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void CurrentFile_KeepsItsName_AndYesterdaysGetsItsDate()
    {
        using var log = New(new());
        Write(log, "one");
        var yesterday = Today;
        _clock.Advance(TimeSpan.FromDays(1));
        Write(log, "two");

        Files().ShouldBe([$"trading_system-{yesterday}.jsonl", "trading_system.jsonl"]);
        Text($"trading_system-{yesterday}.jsonl").ShouldBe("one\n");
        Text("trading_system.jsonl").ShouldBe("two\n");
    }

    [Fact]
    public void FullFile_IsSetAsideUnderANumber_AndNothingIsLost()
    {
        using var log = New(new() { FileSizeLimit = 10 });
        string[] words = [.. Enumerable.Range(0, 9).Select(number => $"word{number}")];
        foreach (var word in words) Write(log, word);

        Files().Length.ShouldBeGreaterThan(2);
        Files().ShouldContain($"trading_system-{Today}.jsonl");
        Files().ShouldContain($"trading_system-{Today}.1.jsonl");
        Files().SelectMany(file => Text(file).Split('\n', StringSplitOptions.RemoveEmptyEntries)).Order().ShouldBe(words);
    }

    [Fact]
    public void OldFiles_GoByNumberAndByAge()
    {
        using (var log = New(new() { FileSizeLimit = 1, RetentionFiles = 2 }))
            for (var number = 0; number < 6; number++) Write(log, $"{number}");
        Files().Length.ShouldBe(3);

        _clock.Advance(TimeSpan.FromDays(40_000)); // the files are as old as the system's clock says
        using var later = New(new() { RetentionDays = 30 });
        Write(later, "new");
        Files().ShouldBe(["trading_system.jsonl"]);
        Text("trading_system.jsonl").ShouldBe("new\n");
    }

    [Fact]
    public void Restart_GoesOnInTheSameFile()
    {
        using (var log = New(new())) Write(log, "before");
        File.SetLastWriteTimeUtc(Current, _clock.GetUtcNow().UtcDateTime);
        using (var log = New(new())) Write(log, "after");

        Text("trading_system.jsonl").ShouldBe("before\nafter\n");
    }

    [Fact]
    public void SecondProgramInTheSameFolder_WritesBesideTheFirst()
    {
        using var first = New(new());
        using var second = New(new());
        Write(first, "first");
        Write(second, "second");

        Files().ShouldBe(["trading_system.2.jsonl", "trading_system.jsonl"]);
        Text("trading_system.2.jsonl").ShouldBe("second\n");
    }

    RollingLogFile New(LogOptions options) => new(Current, new Plain(), options, _clock);

    void Write(RollingLogFile log, string text) => log.Emit(new LogEvent(
        _clock.GetUtcNow(), LogEventLevel.Warning, null, new MessageTemplate([new TextToken(text)]), []));

    string[] Files() => [.. Directory.GetFiles(_folder.Path, "*.jsonl").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    string Text(string file)
    {
        using var stream = new FileStream(Path.Combine(_folder.Path, file), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return new StreamReader(stream).ReadToEnd();
    }

    sealed class Plain : ITextFormatter
    {
        public void Format(LogEvent logEvent, TextWriter output) => output.Write($"{logEvent.MessageTemplate.Text}\n");
    }
}

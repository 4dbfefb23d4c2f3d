using System.Text;
using Trading.Audit;
using Trading.Journal;
using Trading.Testing;

namespace Trading.Silo.Tests;

/// <summary>A journal that was written anew, with chains that hold, does not agree with what was told outside.</summary>
public sealed class AnchorTests
{
    [Fact]
    public async Task JournalThatWasWrittenAnew_IsNoticed_ThoughItsChainsHold()
    {
        using var folder = new TemporaryFolder();
        var (first, second, anchors) = (Path.Combine(folder.Path, "a.db"), Path.Combine(folder.Path, "b.db"), Path.Combine(folder.Path, "anchors.jsonl"));
        var head = await WriteAsync(first, "one", "two", "three");
        await WriteAsync(second, "one", "2", "three");
        await File.WriteAllTextAsync(anchors, new Anchor(DateTimeOffset.UnixEpoch, [head]).ToLine() + "\n");

        var (good, said, _) = await TradingProcess.RunAsync("audit", "verify", "--path", first, "--anchors", anchors);
        var (bad, counted, named) = await TradingProcess.RunAsync("audit", "verify", "--path", second, "--anchors", anchors);

        (good, said.Trim()).ShouldBe((0, "1 streams, 3 events, 0 defects; 1 anchors, 0 differences"));
        (bad, counted.Trim()).ShouldBe((1, "1 streams, 3 events, 0 defects; 1 anchors, 1 differences"));
        named.ShouldContain("audit 3: the anchor of 1970-01-01");
    }

    static async Task<Head> WriteAsync(string path, params string[] entries)
    {
        await using var journal = EventJournal.Sqlite(path, TimeProvider.System);
        var writer = await journal.OpenAsync("audit", CancellationToken.None);
        foreach (var entry in entries) await writer.AppendAsync(new[] { new JournalEntry("change", Encoding.UTF8.GetBytes($"\"{entry}\"")) }, CancellationToken.None);
        Head? head = null;
        await foreach (var recorded in journal.ReadAsync("audit", 0, CancellationToken.None))
            head = new("audit", recorded.Sequence, Convert.ToHexStringLower(recorded.Hash.Span));
        return head!;
    }
}

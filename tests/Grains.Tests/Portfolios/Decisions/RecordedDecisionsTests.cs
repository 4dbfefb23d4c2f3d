using System.Text;
using Trading.Journal;
using Trading.Testing;

namespace Trading.Portfolios.Tests;

/// <summary>A stream that an earlier release wrote, whose decisions counted each symbol at the larger end of its exposure.</summary>
public sealed class RecordedDecisionsTests
{
    const string File = "tests/Grains.Tests/Portfolios/Decisions/larger-end.tsv";

    [Fact]
    public async Task DecisionsOfAnEarlierConvention_AreMadeAgain_ByteForByte()
    {
        var clock = new ManualTimeProvider(Books.Now);
        using var journal = new InMemoryJournal(clock);
        using var replays = new DecisionReplays(journal, clock);
        var entries = System.IO.File.ReadLines(Path.Combine(RepositoryFiles.Root, File)).Select(line => line.Split('\t'))
            .Select(cells => new JournalEntry(cells[0], Encoding.UTF8.GetBytes(cells[2]), cells[1].Length == 0 ? null : cells[1]))
            .ToArray();
        var writer = await journal.OpenAsync(BookEventStore.NameOf("recorded"), CancellationToken.None);
        await writer.AppendAsync(entries, CancellationToken.None);
        (await journal.VerifyAsync(null, CancellationToken.None)).Defects.ShouldBeEmpty();

        var (decisions, approvals) = (0, 0);
        for (var i = 0; i < entries.Length; i++)
        {
            if (entries[i].Type != "decided") continue;
            var replay = (await replays.RunAsync("recorded", $"recorded:{i + 1}", new(0, []), _ => Task.CompletedTask)).Value!;
            Encoding.UTF8.GetString(replay.Recomputed.Json).ShouldBe(Encoding.UTF8.GetString(entries[i].Payload.Span));
            replay.Identical.ShouldBeTrue();
            decisions++;
            if (replay.Recomputed.Read().Approved) approvals++;
        }

        decisions.ShouldBeGreaterThan(20);
        approvals.ShouldBeGreaterThan(5);
    }
}

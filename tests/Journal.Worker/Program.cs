// Appends to a journal as fast as it can until it is killed, and writes "stream sequence" for every append that was confirmed,
// unbuffered: what the reader of the pipe has seen must survive whatever happens to this process.
// Usage: Trading.Journal.Worker (sqlite FILE | postgres CONNECTION)
using System.Globalization;
using System.Text;
using Trading.Journal;

const int Streams = 8, InFlight = 16;

await using var journal = args[0] == "sqlite"
    ? EventJournal.Sqlite(args[1], TimeProvider.System)
    : EventJournal.Postgres(args[1], TimeProvider.System);
await using var output = Console.OpenStandardOutput();
var gate = new Lock();
await Task.WhenAll(Enumerable.Range(0, Streams).Select(i => AppendForeverAsync($"stream-{i}")));

async Task AppendForeverAsync(string stream)
{
    var writer = await journal.OpenAsync(stream, CancellationToken.None);
    var window = new Queue<Task<long>>();
    for (var round = 0; ; round++)
    {
        var next = writer.LastSequence + 1;
        var batch = Enumerable.Range(0, 1 + round % 3).Select(i => Entry(next + i)).ToArray();
        window.Enqueue(writer.AppendAsync(batch, CancellationToken.None));
        if (round % 50 == 49) _ = writer.SaveSnapshotAsync(new JournalSnapshot(writer.LastSequence, batch[^1].Payload), CancellationToken.None);
        if (window.Count == InFlight) Confirm(stream, await window.Dequeue());
    }
}

static JournalEntry Entry(long number) =>
    new("counted", Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{"number":{{number}}}""")), $"key-{number}");

void Confirm(string stream, long sequence)
{
    var line = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{stream} {sequence}\n"));
    lock (gate) output.Write(line);
}

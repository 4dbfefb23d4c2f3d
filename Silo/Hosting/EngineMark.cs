using System.Text.Json;
using Trading.Journal;

namespace Trading.Hosting;

/// <summary>The store belongs to the other engine.</summary>
public sealed class StoreEngineException(string stored, string running) : Exception(
    $"The store was begun on the engine {stored}, and this is {running}. The journal would be shared, but limits, models and reminders would "
    + $"not: a halted book would trade again. Start with ENGINE={stored}, or name another store.");

/// <summary>Keeps a store to the engine that began it, by an event in the journal; the engines keep grain state in tables of their own.</summary>
sealed class EngineMark(IJournal journal) : IHostedLifecycleService
{
    const string Stream = "store/engine";

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await foreach (var begun in journal.ReadAsync(Stream, after: 0, cancellationToken))
        {
            var engine = JsonSerializer.Deserialize<string>(begun.Payload.Span);
            if (engine != Engine.Name) throw new StoreEngineException(engine ?? "unknown", Engine.Name);
            return;
        }

        var writer = await journal.OpenAsync(Stream, cancellationToken);
        await writer.AppendAsync(new[] { new JournalEntry("begun", JsonSerializer.SerializeToUtf8Bytes(Engine.Name)) }, cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

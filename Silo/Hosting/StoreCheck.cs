using System.Text.Json;
using Trading.Journal;

namespace Trading.Hosting;

/// <summary>The store cannot be gone on with.</summary>
public sealed class StoreRefusedException(string begunOn) : Exception(
    $"The store was begun by an earlier version on its engine {begunOn}, which kept limits, models and reminders in tables that are not read "
    + "any more: a halted book would trade again. Name another store (store:path or store:connection_string). "
    + "The journal in this one stays readable: trading journal verify.");

/// <summary>Refuses a store in which an earlier version noted, as an event of the journal, that grain state is not kept by Orleans.</summary>
sealed class StoreCheck(IJournal journal) : IHostedLifecycleService
{
    const string Stream = "store/engine";
    const string Orleans = "Orleans";

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await foreach (var begun in journal.ReadAsync(Stream, after: 0, cancellationToken))
            if (JsonSerializer.Deserialize<string>(begun.Payload.Span) is not Orleans and var engine)
                throw new StoreRefusedException(engine ?? "unknown");
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

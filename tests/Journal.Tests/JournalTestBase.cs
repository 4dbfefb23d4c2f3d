using System.Text;
using Trading.Testing;

namespace Trading.Journal.Tests;

/// <summary>A journal for each test, and short ways to use it; a store's own class says how to open it.</summary>
public abstract class JournalTestBase : IAsyncLifetime
{
    protected static readonly CancellationToken None = CancellationToken.None;

    protected ManualTimeProvider Clock { get; } = new();

    protected EventJournal Journal { get; private set; } = null!;

    /// <summary>A journal over the store of this test; a second one where the store is shared.</summary>
    protected abstract EventJournal Create();

    public virtual async ValueTask InitializeAsync() => await (Journal = Create()).StartAsync(None);

    public virtual async ValueTask DisposeAsync() => await Journal.DisposeAsync();

    protected async Task<IJournalWriter> FillAsync(string stream, int count)
    {
        var writer = await Journal.OpenAsync(stream, None);
        await AppendAsync(writer, [.. Enumerable.Range(1, count).Select(i => Entry($"{i}"))]);
        return writer;
    }

    protected async Task ShouldVerifyAsync(long streams, long events)
    {
        var verification = await Journal.VerifyAsync(null, None);
        verification.Defects.ShouldBeEmpty();
        (verification.Streams, verification.Events).ShouldBe((streams, events));
    }

    protected async Task<List<JournalEvent>> ReadAsync(string stream, long after = 0)
    {
        List<JournalEvent> events = [];
        await foreach (var recorded in Journal.ReadAsync(stream, after, None)) events.Add(recorded);
        return events;
    }

    protected static JournalEntry Entry(string payload, string? key = null) => new("happened", Encoding.UTF8.GetBytes(payload), key);

    protected static Task<long> AppendAsync(IJournalWriter writer, params JournalEntry[] entries) => writer.AppendAsync(entries, None);

    protected static string Text(JournalEvent recorded) => Encoding.UTF8.GetString(recorded.Payload.Span);

    protected static async Task<Exception?> OutcomeAsync(Task append)
    {
        try
        {
            await append;
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }
}

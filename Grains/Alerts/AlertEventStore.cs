using System.Collections.Immutable;
using Trading.Journal;

namespace Trading.Alerts;

/// <summary>The stream of alerts in the journal, seen from its only writer. A change is part of the register once it
/// is durable.</summary>
/// <param name="failed">Called where an event could not be recorded: the next activation reads what there is.</param>
sealed class AlertEventStore(IJournal journal, Action failed)
{
    const string Stream = "alerts/all";
    const int SnapshotEvery = 2_000;

    /// <summary>Events of one append.</summary>
    const int MaxBatch = 5_000;

    IJournalWriter? _writer;
    long _snapshotAt;

    public AlertRegister Register { get; private set; } = new();

    public async Task LoadAsync(CancellationToken cancellation)
    {
        if (await journal.GetSnapshotAsync(Stream, cancellation) is { } snapshot)
            Register = AlertRegister.Restore(AlertEventJson.Decode(snapshot));
        _snapshotAt = Register.Sequence;
        await foreach (var recorded in journal.ReadAsync(Stream, Register.Sequence, cancellation))
            Register.Apply(AlertEventJson.Decode(recorded));
    }

    /// <exception cref="JournalConflictException">Somebody else wrote meanwhile.</exception>
    public async Task CommitAsync(params ImmutableArray<AlertEvent> changes)
    {
        if (changes.IsEmpty) return;
        try
        {
            _writer ??= await journal.OpenAsync(Stream, CancellationToken.None);
            if (_writer.LastSequence != Register.Sequence) throw new JournalConflictException(
                Stream, _writer.LastSequence + 1);
            foreach (var some in changes.Chunk(MaxBatch))
            {
                await _writer.AppendAsync(some.Select(AlertEventJson.Encode).ToArray(), CancellationToken.None);
                foreach (var change in some) Register.Apply(change);
            }

            if (Register.Sequence - _snapshotAt < SnapshotEvery) return;
            _snapshotAt = Register.Sequence;
            await _writer.SaveSnapshotAsync(new(Register.Sequence, AlertEventJson.Encode(Register.Save())),
                CancellationToken.None);
        }
        catch
        {
            failed();
            throw;
        }
    }
}

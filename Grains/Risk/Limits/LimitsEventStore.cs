using Trading.Journal;

namespace Trading.Risk;

/// <summary>Overrides and place in the hierarchy of a book, with their events in the journal, which is its only truth:
/// one write makes an override both bind and be on record, so that neither can be without the other. One activation,
/// one stream, one writer; it is opened at the first event.</summary>
/// <param name="failed">Called where an event could not be recorded: the next activation reads what there is.</param>
sealed class LimitsEventStore(IJournal journal, string portfolio, Action failed)
{
    const int SnapshotEvery = 200;

    readonly string _name = "limits/" + portfolio;
    IJournalWriter? _writer;

    public LimitsState State { get; private set; } = new();

    public async Task LoadAsync(CancellationToken cancellation)
    {
        if (await journal.GetSnapshotAsync(_name, cancellation) is { } snapshot)
            State = LimitsState.Restore(LimitsEventJson.Decode(snapshot));
        await foreach (var recorded in journal.ReadAsync(_name, State.Sequence, cancellation))
            State.Apply(LimitsEventJson.Decode(recorded));
    }

    /// <summary>Records an event, and makes it part of the state once it is durable.</summary>
    /// <exception cref="JournalConflictException">Somebody else wrote meanwhile.</exception>
    public async Task CommitAsync(LimitsEvent change)
    {
        try
        {
            _writer ??= await journal.OpenAsync(_name, CancellationToken.None);
            if (_writer.LastSequence != State.Sequence)
                throw new JournalConflictException(_name, _writer.LastSequence + 1);
            await _writer.AppendAsync(new[] { LimitsEventJson.Encode(change) }, CancellationToken.None);
            State.Apply(change);
            if (State.Sequence % SnapshotEvery == 0)
                await _writer.SaveSnapshotAsync(
                    new(State.Sequence, LimitsEventJson.Encode(State.Save())), CancellationToken.None);
        }
        catch
        {
            failed();
            throw;
        }
    }
}

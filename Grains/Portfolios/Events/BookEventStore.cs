using System.Globalization;
using Trading.Journal;

namespace Trading.Portfolios;

/// <summary>A book's stream in the journal: loads the book, queues its events in the order in which they were applied,
/// and keeps snapshots. One activation, one stream, one writer.</summary>
/// <param name="failed">Called when an event could not be recorded, the book in memory being then ahead of the journal, or a
/// snapshot.</param>
sealed class BookEventStore(IJournal journal, string portfolio, PortfolioOptions options, Action failed)
{
    const string Prefix = "portfolio/";

    /// <summary>What a checkpoint may add to each event: larger ones are further apart.</summary>
    const int CheckpointBytesPerEvent = 200;

    /// <summary>Open orders that a checkpoint may write for each event since the last: in a book with tens of thousands of them
    /// checkpoints would else take longer than the decisions between them.</summary>
    const int CheckpointOrdersPerEvent = 2;

    /// <summary>Checkpoints that wait to be written; of more than these a slow machine writes none.</summary>
    const int MaxPendingCheckpoints = 4;

    readonly string _name = NameOf(portfolio);
    IJournalWriter? _writer;
    long _snapshotAt, _checkpointAt;
    int _checkpointBytes, _pendingCheckpoints;
    Task _checkpoint = Task.CompletedTask, _snapshot = Task.CompletedTask;

    /// <summary>Completes when everything queued so far is durable; every answer waits for it, so that none tells of
    /// what may be lost.</summary>
    public Task Durable { get; private set; } = Task.CompletedTask;

    public static string NameOf(string portfolio) => Prefix + portfolio;

    public static string PortfolioOf(string stream) => stream[Prefix.Length..];

    /// <summary>The portfolios that have a stream, in ordinal order.</summary>
    public static async Task<IEnumerable<string>> ListAsync(IJournal journal, CancellationToken cancellation) =>
        (await journal.ListStreamsAsync(Prefix, cancellation)).Select(stream => stream[Prefix.Length..]);

    /// <summary>The newest snapshot and the events after it; a book without terms where there are none.</summary>
    /// <exception cref="JournalConflictException">Somebody else wrote meanwhile.</exception>
    public async Task<Book> LoadAsync(CancellationToken cancellation)
    {
        _writer = await journal.OpenAsync(_name, cancellation);
        var snapshot = _writer.LastSequence > 0 ? await journal.GetSnapshotAsync(_name, cancellation) : null;
        var book = snapshot is null
            ? new Book(portfolio, options.RecentKeys)
            : Book.Restore(portfolio, BookJson.Decode(snapshot), options.RecentKeys);
        _snapshotAt = book.Sequence;
        _checkpointAt = (await journal.GetCheckpointAsync(_name, _writer.LastSequence, cancellation))?.Sequence ?? 0;
        if (_writer.LastSequence > book.Sequence)
            await foreach (var recorded in journal.ReadAsync(_name, book.Sequence, cancellation))
                book.Apply(BookJson.Decode(recorded));
        return _writer.LastSequence == book.Sequence
            ? book
            : throw new JournalConflictException(_name, _writer.LastSequence + 1);
    }

    /// <summary>The event recorded under a key, from memory or from the journal. Who goes on waiting keeps it, though
    /// the book may forget it meanwhile.</summary>
    public ValueTask<BookEvent?> FindAsync(Book book, string? key)
    {
        if (key is null) return default;
        if (book.Recall(key) is { } recalled) return new(recalled);
        return book.MayHaveSeen(key) ? FindRecordedAsync(key) : default;
    }

    /// <summary>The decision that an id stands for, which is the book's name and its place in the journal; null where
    /// there is none.</summary>
    public async ValueTask<SignalDecided?> FindDecisionAsync(string decisionId)
    {
        if (!decisionId.StartsWith(portfolio + ":", StringComparison.Ordinal)
            || !long.TryParse(
                decisionId.AsSpan(portfolio.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var place)
            || place <= 0 || place > _writer!.LastSequence)
            return null;
        await foreach (var recorded in journal.ReadAsync(_name, place - 1, place, CancellationToken.None))
            return BookJson.Decode(recorded) as SignalDecided;
        return null;
    }

    /// <summary>Queues events that the book has applied as one unit, and has a snapshot written when it is time for one.</summary>
    public void Append(Book book, ReadOnlyMemory<JournalEntry> entries)
    {
        if (entries.IsEmpty) return;
        Durable = WatchAsync(_writer!.AppendAsync(entries, CancellationToken.None));
        if (book.Sequence - _snapshotAt >= Math.Max(options.SnapshotEvery, book.SnapshotWeight) && _snapshot.IsCompleted)
            SaveSnapshot(book);
    }

    /// <summary>Whether it is time for a checkpoint; where it is, the next one is due so many events later.</summary>
    public bool TryBeginCheckpoint(Book book)
    {
        var space = Math.Max(
            options.CheckpointEvery,
            Math.Max(_checkpointBytes / CheckpointBytesPerEvent, book.Reservations.Count / CheckpointOrdersPerEvent));
        if (book.Terms is null || book.Sequence - _checkpointAt < space) return false;
        _checkpointAt = book.Sequence;
        return true;
    }

    /// <summary>Writes and queues a checkpoint outside the turn, one after another. Nothing waits for it: without it
    /// replays only take longer.</summary>
    public void SaveCheckpoint(Func<BookCheckpoint> checkpoint)
    {
        if (Volatile.Read(ref _pendingCheckpoints) == MaxPendingCheckpoints) return;
        Interlocked.Increment(ref _pendingCheckpoints);
        var earlier = _checkpoint;
        _checkpoint = Task.Run(async () =>
        {
            await earlier;
            await SaveCheckpointAsync(checkpoint());
            Interlocked.Decrement(ref _pendingCheckpoints);
        });
    }

    /// <summary>Queues a checkpoint; one that cannot be kept is given up.</summary>
    public async Task SaveCheckpointAsync(BookCheckpoint checkpoint)
    {
        try
        {
            var payload = BookCheckpoints.Encode(checkpoint);
            _checkpointBytes = payload.Length;
            await _writer!.SaveCheckpointAsync(new(checkpoint.Book.Sequence, payload), CancellationToken.None);
        }
        catch (Exception)
        {
            // A store that fails says so to those whose events wait for it.
        }
    }

    /// <summary>Throws where an event could not be recorded, or was applied and not queued because something failed in
    /// between: nothing may be decided on a book that is ahead of its journal.</summary>
    public void RequireSound(Book book)
    {
        if (Durable.IsFaulted) Durable.GetAwaiter().GetResult();
        if (IsLevel(book)) return;
        failed();
        throw new InvalidOperationException(
            $"The book of '{_name}' is at event {book.Sequence} and its journal at {_writer?.LastSequence}; it is loaded again.");
    }

    /// <summary>Throws where the journal has events that another activation wrote: what this one knows is out of
    /// date.</summary>
    public async Task RequireNewestAsync(CancellationToken cancellation)
    {
        await foreach (var recorded in journal.ReadAsync(_name, _writer!.LastSequence, cancellation))
        {
            if (recorded.Sequence <= _writer.LastSequence) continue; // written here meanwhile
            failed();
            throw new JournalConflictException(_name, recorded.Sequence);
        }
    }

    /// <summary>Waits for what is queued and leaves a snapshot behind, so that the next activation starts from
    /// it.</summary>
    public async Task CloseAsync(Book book)
    {
        try
        {
            await _snapshot;
            if (book.Terms is not null && book.Sequence > _snapshotAt && IsLevel(book) && !Durable.IsFaulted)
                SaveSnapshot(book);
            await _snapshot;
            await _checkpoint;
            await Durable;
        }
        catch (Exception) when (Durable.IsFaulted || _snapshot.IsFaulted)
        {
            // Every caller whose event is lost has been told; the next activation reads what there is, which takes longer
            // without a snapshot.
        }
    }

    bool IsLevel(Book book) => book.Sequence == _writer?.LastSequence;

    async ValueTask<BookEvent?> FindRecordedAsync(string key) =>
        await journal.FindAsync(_name, key, CancellationToken.None) is { } recorded ? BookJson.Decode(recorded) : null;

    /// <summary>Takes what a snapshot holds, which is quick, and writes it outside the turn: of a book with tens of thousands of open
    /// orders that takes as long as thousands of decisions.</summary>
    void SaveSnapshot(Book book)
    {
        _snapshotAt = book.Sequence;
        var state = book.Capture();
        _snapshot = WatchAsync(Task.Run(
            () => _writer!.SaveSnapshotAsync(BookJson.Snapshot(state.InOrder()), CancellationToken.None)));
    }

    async Task WatchAsync(Task queued)
    {
        try
        {
            await queued;
        }
        catch
        {
            failed();
            throw;
        }
    }
}

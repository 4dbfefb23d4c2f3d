namespace Trading.Journal;

/// <summary>A journal that lasts as long as its process: for tests, with places to make the store fail.</summary>
sealed class InMemoryJournal : EventJournal
{
    public InMemoryJournal(TimeProvider clock) : this(new InMemoryJournalStore(), clock) { }

    InMemoryJournal(InMemoryJournalStore store, TimeProvider clock) : base(store, clock) => Store = store;

    /// <summary>The rows themselves, for tests that damage them.</summary>
    internal InMemoryJournalStore Store { get; }

    /// <summary>Awaited before each commit: an unfinished task holds the commit back, an exception fails it with
    /// nothing written.</summary>
    public Func<Task>? BeforeCommit { get => Store.BeforeCommit; set => Store.BeforeCommit = value; }

    /// <summary>Awaited after each commit: an exception loses the answer of a commit that has happened.</summary>
    public Func<Task>? AfterCommit { get => Store.AfterCommit; set => Store.AfterCommit = value; }

    /// <summary>Transactions so far: fewer than appends where appends shared one.</summary>
    public long Commits => Store.Commits;
}

namespace Trading.Stores;

/// <summary>A store cannot be read, or does not take what it is given; the message says what to do.</summary>
public sealed class StoreCopyException(string reason, Exception? inner = null) : Exception(reason, inner);

/// <summary>Where rows come from: all tables as of one moment.</summary>
interface IStoreReader : IAsyncDisposable
{
    /// <summary>The store in words, without secrets.</summary>
    string Name { get; }

    /// <summary>Every row in the order of the primary key, texts by their bytes. A row is used before the next one is
    /// asked for.</summary>
    IAsyncEnumerable<object?[]> ReadAsync(StoreTable table, CancellationToken cancellation);
}

/// <summary>Where rows go: into a store whose tables are there and empty. All or nothing: without
/// <see cref="CommitAsync"/> nothing stays.</summary>
interface IStoreWriter : IAsyncDisposable
{
    string Name { get; }

    Task WriteAsync(StoreTable table, IAsyncEnumerable<object?[]> rows, CancellationToken cancellation);

    Task CommitAsync(CancellationToken cancellation);
}

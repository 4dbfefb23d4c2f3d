using System.Runtime.CompilerServices;
using Trading.Hosting;

namespace Trading.Stores;

/// <summary>Moves a whole store: every row of every table, with the hash of what was read held against the hash of
/// what is then there.</summary>
static class StoreCopy
{
    /// <summary>Writes everything, or nothing.</summary>
    /// <returns>What was read.</returns>
    public static async Task<IReadOnlyList<TableDigest>> WriteAsync(
        IStoreReader from, IStoreWriter to, CancellationToken cancellation)
    {
        List<TableDigest> digests = [];
        foreach (var table in StoreTables.All)
        {
            using var hash = new RowHash();
            await to.WriteAsync(table, Passing(from.ReadAsync(table, cancellation), hash, cancellation), cancellation);
            digests.Add(hash.Digest(table.Name));
        }

        await to.CommitAsync(cancellation);
        return digests;
    }

    public static async Task<IReadOnlyList<TableDigest>> DigestAsync(
        IStoreReader store, CancellationToken cancellation)
    {
        List<TableDigest> digests = [];
        foreach (var table in StoreTables.All)
        {
            using var hash = new RowHash();
            await foreach (var row in store.ReadAsync(table, cancellation)) hash.Add(row);
            digests.Add(hash.Digest(table.Name));
        }

        return digests;
    }

    /// <summary>Each table that is not the same, in words.</summary>
    public static IReadOnlyList<string> Compare(
        IReadOnlyList<TableDigest> expected, IReadOnlyList<TableDigest> found) =>
        [.. expected.Zip(found).Where(pair => pair.First != pair.Second)
            .Select(pair =>
                $"{pair.First.Table}: {pair.First.Rows} rows were read, {pair.Second.Rows} are there; hashes differ")];

    public static async Task<IStoreReader> ReaderAsync(
        StoreOptions store, string scratch, CancellationToken cancellation) =>
        store.Kind == "postgres"
            ? await PostgresReader.OpenAsync(store.ConnectionString!, cancellation)
            : SqliteReader.Open(store.Path, scratch);

    /// <summary>Creates the tables first.</summary>
    public static async Task<IStoreWriter> WriterAsync(
        StoreOptions store, TimeProvider clock, CancellationToken cancellation)
    {
        if (store.Kind != "postgres") return await SqliteWriter.OpenAsync(store.Path, clock, cancellation);
        await new DatabaseSchema(store.ConnectionString!, clock).MigrateAsync(cancellation);
        return await PostgresWriter.OpenAsync(store.ConnectionString!, cancellation);
    }

    static async IAsyncEnumerable<object?[]> Passing(
        IAsyncEnumerable<object?[]> rows, RowHash hash, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var row in rows.WithCancellation(cancellation))
        {
            hash.Add(row);
            yield return row;
        }
    }
}

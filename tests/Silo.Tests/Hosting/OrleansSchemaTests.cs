using Microsoft.Data.Sqlite;
using Npgsql;
using static Trading.Hosting.Tests.StoresFixture;

namespace Trading.Hosting.Tests;

[Collection(nameof(StoresFixture))]
public sealed class OrleansSchemaTests(StoresFixture stores)
{
    [Theory, OnSqlite, OnPostgres]
    public async Task Migration_OfAnEmptyDatabaseByManyAtOnce_IsDoneOnce(string kind)
    {
        var store = stores.Empty(kind);

        await MigrateByManyAsync(store);

        await RunSiloAsync(store, silo => silo.Diary("a").WriteAsync(DiaryState.Sample));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Migration_Repeated_LosesNothing(string kind)
    {
        var store = stores.Empty(kind);
        await RunSiloAsync(store, silo => silo.Diary("a").WriteAsync(DiaryState.Sample));

        await MigrateByManyAsync(store);

        await RunSiloAsync(store, async silo => (await silo.Diary("a").ReadAsync()).ShouldNotBeNull());
    }

    static Task MigrateByManyAsync(StoreOptions store)
    {
        var schema = store.Kind == "postgres"
            ? new OrleansSchema(NpgsqlFactory.Instance, store.ConnectionString!)
            : new OrleansSchema(SqliteFactory.Instance, $"Data Source={store.Path}");
        return Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => schema.MigrateAsync(default))));
    }
}

using Microsoft.Data.Sqlite;
using Npgsql;

namespace Trading.Hosting.Tests;

[Collection(nameof(StoresFixture))]
public sealed class OrleansSchemaTests(StoresFixture stores)
{
    [Theory, OnSqlite, OnPostgres]
    public async Task Migration_RepeatedAndByManyAtOnce_IsHarmless(string kind)
    {
        var store = stores.Empty(kind);
        using (var silo = await StoresFixture.StartSiloAsync(store))
        {
            await silo.Diary("a").WriteAsync(DiaryState.Sample);
            await silo.StopAsync();
        }

        var schema = SchemaOf(store);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => schema.MigrateAsync(default))));

        using (var silo = await StoresFixture.StartSiloAsync(store))
        {
            (await silo.Diary("a").ReadAsync()).ShouldNotBeNull();
            await silo.StopAsync();
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Migration_OfAnEmptyDatabaseByManyAtOnce_IsDoneOnce(string kind)
    {
        var store = stores.Empty(kind);
        if (kind == "sqlite") Directory.CreateDirectory(Path.GetDirectoryName(store.Path)!);

        var schema = SchemaOf(store);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => schema.MigrateAsync(default))));

        using var silo = await StoresFixture.StartSiloAsync(store);
        await silo.Diary("a").WriteAsync(DiaryState.Sample);
        await silo.StopAsync();
    }

    static OrleansSchema SchemaOf(StoreOptions store) => store.Kind == "postgres"
        ? new OrleansSchema(NpgsqlFactory.Instance, store.ConnectionString!)
        : new OrleansSchema(SqliteFactory.Instance, $"Data Source={store.Path}");
}

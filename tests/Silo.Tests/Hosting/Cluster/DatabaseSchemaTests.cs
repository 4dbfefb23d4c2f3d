using Npgsql;
using Trading.Testing;

namespace Trading.Hosting.Tests;

[Collection(nameof(StoresFixture))]
public sealed class DatabaseSchemaTests(StoresFixture stores)
{
    static CancellationToken Now => TestContext.Current.CancellationToken;

    [PostgresFact]
    public async Task Migration_OfAnEmptyDatabase_NotesItsVersion_AndRepeatedChangesNothing()
    {
        var schema = Schema(out _);

        (await schema.MigrateAsync(Now)).Found.ShouldBeNull();
        (await schema.MigrateAsync(Now)).Found.ShouldBe(DatabaseSchema.Version);

        (await schema.RequireAsync(Now)).Version.ShouldBe(DatabaseSchema.Version);
    }

    [PostgresFact]
    public async Task Migration_ByManyAtOnce_IsDoneOnce()
    {
        var schema = Schema(out var connection);

        var reports = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => schema.MigrateAsync(Now)));

        reports.Count(report => report.Found is null).ShouldBe(1);
        (await CountAsync(connection, "SELECT count(*) FROM trading_schema")).ShouldBe(1);
    }

    [PostgresFact]
    public async Task EmptyDatabase_IsRefused_AndTheMessageSaysWhatToDo()
    {
        var refusal = await Should.ThrowAsync<DatabaseRefusedException>(() => Schema(out _).RequireAsync(Now));

        refusal.Message.ShouldContain("trading database migrate");
    }

    [PostgresFact]
    public async Task DatabaseOfANewerProgram_IsUsed_WhereThatProgramSaysSo()
    {
        var schema = Schema(out var connection);
        await schema.MigrateAsync(Now);
        await CountAsync(connection, "INSERT INTO trading_schema VALUES (900, 1, '9.0.0', now()) RETURNING version");

        (await schema.RequireAsync(Now)).Version.ShouldBe(900);
        (await schema.MigrateAsync(Now)).Version.ShouldBe(900, "a newer version is left as it is");
    }

    [PostgresFact]
    public async Task DatabaseOfANewerProgram_IsRefused_WhereThatProgramForbidsIt()
    {
        var schema = Schema(out var connection);
        await schema.MigrateAsync(Now);
        await CountAsync(connection, "INSERT INTO trading_schema VALUES (900, 900, '9.0.0', now()) RETURNING version");

        foreach (var use in new Func<CancellationToken, Task>[] { schema.RequireAsync, schema.MigrateAsync })
            (await Should.ThrowAsync<DatabaseRefusedException>(() => use(Now))).Message.ShouldContain("900");
    }

    [PostgresFact]
    public async Task ClockThatIsAhead_IsRefused_WithTheDifference()
    {
        await Schema(out var connection).MigrateAsync(Now);
        var ahead =
            new DatabaseSchema(connection, new ManualTimeProvider(TimeProvider.System.GetUtcNow().AddMinutes(1)));

        (await Should.ThrowAsync<DatabaseRefusedException>(() => ahead.RequireAsync(Now)))
            .Message.ShouldContain("clock");
    }

    [PostgresFact]
    public async Task WrongCredentials_AreRefused_WithoutThePassword()
    {
        Schema(out var connection);
        var wrong =
            new NpgsqlConnectionStringBuilder(connection) { Username = "nobody", Password = "s3cret" }.ToString();

        var refusal =
            await Should.ThrowAsync<DatabaseRefusedException>(
            () => new DatabaseSchema(wrong, TimeProvider.System).RequireAsync(Now));

        refusal.Message.ShouldContain("nobody");
        refusal.Message.ShouldContain("store:connection_string");
        refusal.ToString().ShouldNotContain("s3cret");
    }

    DatabaseSchema Schema(out string connection) =>
        new(connection = stores.Empty("postgres").ConnectionString!, TimeProvider.System);

    static async Task<int> CountAsync(string connection, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connection);
        await using var command = source.CreateCommand(sql);
        return Convert.ToInt32(
            await command.ExecuteScalarAsync(Now), System.Globalization.CultureInfo.InvariantCulture);
    }
}

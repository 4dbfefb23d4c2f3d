using System.Data.Common;
using System.Text;
using Npgsql;
using Trading.Journal;
using Trading.Secrets;
using Trading.Stores;
using Trading.Testing;

namespace Trading.Silo.Tests;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class SqliteVaultTests : VaultTests
{
    int _made;

    string StorePath => Path.Combine(Folder.Path, "store-1.db");

    private protected override IVaultStore Create() => DatabaseVault.Sqlite(Path.Combine(Folder.Path, $"store-{++_made}.db"));

    private protected override (byte[] Key, byte[] Value) Raw(string name)
    {
        using var connection = SqliteFiles.Connect(StorePath, Microsoft.Data.Sqlite.SqliteOpenMode.ReadOnly);
        return DatabaseVaultRows.Raw(connection, name);
    }

    private protected override string Everything() => string.Concat(
        Directory.GetFiles(Folder.Path, "store-1.db*").Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)).Select(file => Encoding.Latin1.GetString(File.ReadAllBytes(file))));

    [Fact]
    public async Task StoreThatAProgramHolds_TakesSecretsAndUses()
    {
        await using var running = EventJournal.Sqlite(Path.Combine(Folder.Path, "store-1.db"), TimeProvider.System);
        await running.StartAsync(TestContext.Current.CancellationToken);
        var writer = await running.OpenAsync("audit", TestContext.Current.CancellationToken);

        Open(Keys()).Set(Name, Value);
        Store.Note(Use(1));
        await writer.AppendAsync(new[] { new JournalEntry("change", "1"u8.ToArray()) }, TestContext.Current.CancellationToken);

        Open(Keys()).Get(Name).ShouldBe(Value);
        Ids(100).ShouldBe(["1"]);
    }

    [Fact]
    public async Task StoreThatTheVaultWasFirstIn_IsAStore()
    {
        Open(Keys()).Set(Name, Value);

        await using var journal = EventJournal.Sqlite(StorePath, TimeProvider.System);
        await journal.StartAsync(TestContext.Current.CancellationToken);

        (await journal.VerifyAsync(null, TestContext.Current.CancellationToken)).Defects.ShouldBeEmpty();
    }

    [Fact]
    public void FileThatIsNoStore_IsRefused_WithTheSettings()
    {
        File.WriteAllText(StorePath, new string('x', 10_000));

        Should.Throw<VaultException>(() => Open(Keys())).Message.ShouldContain("See vault:kind and store:path.");
    }
}

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class PostgresVaultTests(PostgresFixture postgres) : VaultTests, IClassFixture<PostgresFixture>
{
    string? _first;

    private protected override IVaultStore Create()
    {
        var database = postgres.Server.CreateDatabase();
        _first ??= database;
        return DatabaseVault.Postgres(database);
    }

    private protected override (byte[] Key, byte[] Value) Raw(string name)
    {
        using var connection = new NpgsqlConnection(_first);
        connection.Open();
        return DatabaseVaultRows.Raw(connection, name);
    }

    private protected override string Everything()
    {
        using var connection = new NpgsqlConnection(_first);
        connection.Open();
        using var command = new NpgsqlCommand("SELECT string_agg(s::text || encode(s.value, 'escape') || encode(s.value, 'base64'), '') FROM vault_secrets s", connection);
        return (string)command.ExecuteScalar()!;
    }

    [PostgresFact]
    public void DatabaseThatDoesNotAnswer_IsRefused_WithTheSettings_AndWithoutThePassword() =>
        Should.Throw<VaultException>(() => DatabaseVault.Postgres("Host=127.0.0.1;Port=1;Database=x;Username=u;Password=mark-of-a-password").Read())
            .Message.ShouldSatisfyAllConditions(
                message => message.ShouldContain("the vault in 127.0.0.1:1/x cannot be used"), message => message.ShouldContain("store:connection_string"),
                message => message.ShouldNotContain("mark-of-a-password"));
}

static class DatabaseVaultRows
{
    public static (byte[] Key, byte[] Value) Raw(DbConnection connection, string name)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT data_key, value FROM vault_secrets WHERE name = '{name}'";
        using var row = command.ExecuteReader();
        row.Read().ShouldBeTrue();
        return (row.GetFieldValue<byte[]>(0), row.GetFieldValue<byte[]>(1));
    }
}

using Npgsql;
using Trading.Testing;
using Trading.Testing.Cluster;

namespace Trading.Hosting.Tests;

/// <summary>A silo that must not join ends before it is one, with what to do; an API process ends with the same words.</summary>
public sealed class RefusedSiloTests
{
    [Fact]
    public async Task DatabaseWithoutTables_IsNotUsed_AndTheCommandThatMakesThemIsNamed()
    {
        using var cluster = Prepare();

        await RefusedAsync(cluster, "run", "has no tables of this program. Run: trading database migrate");
    }

    [Theory]
    [InlineData("run")]
    [InlineData("api")]
    public async Task ReleaseThatIsTooOldForTheTables_DoesNotRunBesideTheNewerOnes(string verb)
    {
        using var cluster = Prepare();
        await cluster.MigrateAsync();
        await ExecuteAsync(cluster.Database, "INSERT INTO trading_schema VALUES (900, 900, '9.0.0', now())");

        await RefusedAsync(cluster, verb, "has schema version 900", "Start the newer release, or restore a backup from before the migration.");
    }

    [Theory]
    [InlineData("run")]
    [InlineData("api")]
    public async Task UserWhoIsNotLetIn_IsToldTheSetting_AndThePasswordStaysHidden(string verb)
    {
        using var cluster = Prepare();
        await cluster.MigrateAsync();
        const string Secret = "s3cret-word";
        var wrong = new NpgsqlConnectionStringBuilder(cluster.Database) { Username = "nobody-here", Password = Secret }.ToString();

        var errors = await RefusedAsync(cluster, verb, ["nobody-here", "store:connection_string"], $"store:connection_string={wrong}");

        errors.ShouldNotContain(Secret);
    }

    [Fact]
    public async Task MachineWhoseClockIsAhead_IsToldByHowMuch_AndToSetIt()
    {
        using var cluster = Prepare();
        await cluster.MigrateAsync();
        // The program asks the database for its time; here that is an hour ago.
        await ExecuteAsync(cluster.Database, """
            CREATE SCHEMA past;
            CREATE FUNCTION past.clock_timestamp() RETURNS timestamptz LANGUAGE sql
                AS $$SELECT pg_catalog.clock_timestamp() - interval '1 hour'$$;
            ALTER ROLE postgres SET search_path = past, pg_catalog, public
            """);

        await RefusedAsync(cluster, "run", "differ by 360", "5 s are allowed", "Set them (chrony, systemd-timesyncd), and start again.");
    }

    [ClusterFact]
    public async Task PasswordThatRedisDoesNotTake_IsToldTheSetting_AndStaysHidden()
    {
        using var cluster = TestCluster.Prepare(silos: 1, apis: 1);
        await cluster.MigrateAsync();
        cluster.Redis!.RequirePassword("right-word");
        const string Secret = "wrong-word";

        var errors = await RefusedAsync(cluster, "run", ["cluster:redis_connection_string", "take the user and password of the setting"],
            $"cluster:redis_connection_string={cluster.Redis.Address},password={Secret},connectTimeout=500,asyncTimeout=500");

        errors.ShouldNotContain(Secret);
    }

    static TestCluster Prepare()
    {
        Assert.SkipWhen(PostgresServer.Programs is null, PostgresServer.Missing);
        return TestCluster.Prepare(silos: 1, apis: 1, redis: false);
    }

    static Task<string> RefusedAsync(TestCluster cluster, string verb, params string[] words) => RefusedAsync(cluster, verb, words, []);

    static async Task<string> RefusedAsync(TestCluster cluster, string verb, string[] words, params string[] settings)
    {
        var (exitCode, _, errors) = await TradingProcess.RunAsync(
            [verb, "--set", .. cluster.Settings, "urls=http://127.0.0.1:0", .. settings]);
        exitCode.ShouldBe(3, errors);
        foreach (var word in words) errors.ShouldContain(word);
        return errors;
    }

    static async Task ExecuteAsync(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}

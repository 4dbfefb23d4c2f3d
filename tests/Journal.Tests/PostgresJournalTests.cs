using Npgsql;
using Trading.Testing;

namespace Trading.Journal.Tests;

public sealed class PostgresJournalTests(PostgresFixture postgres) : JournalTests, IClassFixture<PostgresFixture>
{
    readonly string _database = postgres.Server.CreateDatabase();

    protected override EventJournal Create() => EventJournal.Postgres(_database, Clock);

    protected override Task AlterPayloadAsync(string stream, long sequence) =>
        ExecuteAsync($"UPDATE journal_events SET payload = 'xx' WHERE stream = '{stream}' AND seq = {sequence}");

    protected override Task AlterHashAsync(string stream, long sequence) =>
        ExecuteAsync($"UPDATE journal_events SET hash = sha256('x') WHERE stream = '{stream}' AND seq = {sequence}");

    protected override Task TearHashAsync(string stream, long sequence) =>
        ExecuteAsync($"UPDATE journal_events SET hash = substr(hash, 1, 5) WHERE stream = '{stream}' AND seq = {sequence}");

    protected override Task DeleteAsync(string stream, long sequence) =>
        ExecuteAsync($"DELETE FROM journal_events WHERE stream = '{stream}' AND seq = {sequence}");

    protected override Task AlterSnapshotAsync(string stream) =>
        ExecuteAsync($"UPDATE journal_snapshots SET payload = 'xx' WHERE stream = '{stream}'");

    protected override Task AlterCheckpointAsync(string stream, long sequence) =>
        ExecuteAsync($"UPDATE journal_checkpoints SET payload = 'xx' WHERE stream = '{stream}' AND seq = {sequence}");

    [PostgresFact]
    public async Task ADatabaseFromBeforeThereWereCheckpoints_IsReadAsItIs_AndGetsThemWhenItIsWritten()
    {
        await FillAsync("a", 3);
        await ExecuteAsync("DROP TABLE journal_checkpoints");

        await using (var auditor = EventJournal.Postgres(_database, Clock, readOnly: true))
        {
            (await auditor.VerifyAsync(null, None)).Defects.ShouldBeEmpty();
            (await auditor.GetCheckpointAsync("a", 3, None)).ShouldBeNull();
        }

        await using var again = Create();
        await (await again.OpenAsync("a", None)).SaveCheckpointAsync(new JournalSnapshot(3, "state"u8.ToArray()), None);
        (await again.GetCheckpointAsync("a", 3, None))!.Sequence.ShouldBe(3);
    }

    [PostgresFact]
    public async Task TheTime_IsReadableInSql()
    {
        await FillAsync("a", 1);

        (await ScalarAsync("SELECT recorded_at FROM journal_events")).ShouldBe(Clock.GetUtcNow().UtcDateTime);
    }

    [PostgresFact]
    public async Task TwoProcesses_AreFencedByThePrimaryKey()
    {
        await using var other = Create();
        var (ours, theirs) = (await Journal.OpenAsync("a", None), await other.OpenAsync("a", None));
        var bystander = await Journal.OpenAsync("b", None);
        await AppendAsync(theirs, Entry("theirs"));

        var lost = new[] { AppendAsync(ours, Entry("1")), AppendAsync(ours, Entry("2")) };
        var unharmed = AppendAsync(bystander, Entry("b"));

        foreach (var append in lost) (await OutcomeAsync(append)).ShouldBeOfType<JournalConflictException>();
        (await unharmed).ShouldBe(1);
        (await ReadAsync("a")).Select(Text).ShouldBe(["theirs"]);
        await ShouldVerifyAsync(streams: 2, events: 2);
    }

    [PostgresFact]
    public async Task TwoProcessesThatContendForManyStreams_LeaveEveryStreamWhole()
    {
        await using var other = Create();
        var streams = Enumerable.Range(0, 20).Select(i => $"stream-{i:00}").ToArray();

        var recorded = await Task.WhenAll(ContendAsync(Journal, streams), ContendAsync(other, [.. streams.Reverse()]));

        await ShouldVerifyAsync(streams: 20, events: recorded.Sum());
    }

    /// <summary>Appends to all streams at once, opening again whatever it loses; returns how many appends were confirmed.</summary>
    static async Task<int> ContendAsync(EventJournal journal, string[] streams)
    {
        var recorded = 0;
        for (var round = 0; round < 10; round++)
        {
            var writers = await Task.WhenAll(streams.Select(stream => journal.OpenAsync(stream, None)));
            var outcomes = await Task.WhenAll(writers.Select(writer => OutcomeAsync(AppendAsync(writer, Entry("x")))));
            outcomes.ShouldAllBe(outcome => outcome == null || outcome is JournalConflictException);
            recorded += outcomes.Count(outcome => outcome is null);
        }

        return recorded;
    }

    [PostgresFact]
    public async Task ALostConnection_FailsTheWritersAndTheNextOnesConnectAgain()
    {
        var writer = await FillAsync("a", 1);
        await ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");

        var failure = (await OutcomeAsync(AppendAsync(writer, Entry("2")))).ShouldBeOfType<JournalUnavailableException>();

        failure.InnerException.ShouldBeAssignableTo<NpgsqlException>();
        (await OutcomeAsync(AppendAsync(writer, Entry("3")))).ShouldBe(failure);
        (await AppendAsync(await Journal.OpenAsync("a", None), Entry("2"))).ShouldBe(2);
    }

    [PostgresFact]
    public async Task Events_DoNotWaitForAState()
    {
        var writer = await FillAsync("a", 1);
        await using var connection = new NpgsqlConnection(_database);
        await connection.OpenAsync(None);
        await using var holdsUp = await connection.BeginTransactionAsync(None);
        await using (var held = new NpgsqlCommand("LOCK TABLE journal_snapshots, journal_checkpoints IN ACCESS EXCLUSIVE MODE", connection))
            await held.ExecuteNonQueryAsync(None);
        var states = new[]
        {
            writer.SaveSnapshotAsync(new JournalSnapshot(1, "one"u8.ToArray()), None),
            writer.SaveCheckpointAsync(new JournalSnapshot(1, "one"u8.ToArray()), None),
        };

        (await AppendAsync(writer, Entry("2"))).ShouldBe(2);
        (await AppendAsync(await Journal.OpenAsync("b", None), Entry("1"))).ShouldBe(1);

        states.ShouldAllBe(state => !state.IsCompleted);
        await holdsUp.CommitAsync(None);
        await Task.WhenAll(states);
        (await Journal.GetSnapshotAsync("a", None)).ShouldNotBeNull().Sequence.ShouldBe(1);
        (await Journal.GetCheckpointAsync("a", 2, None)).ShouldNotBeNull().Sequence.ShouldBe(1);
    }

    [PostgresFact]
    public async Task AStateThatCannotBeStored_FailsTheWritersOpenThen_AndLosesNoEvent()
    {
        var (writer, other) = (await FillAsync("a", 1), await FillAsync("b", 1));
        await ExecuteAsync("ALTER TABLE journal_snapshots RENAME TO away");

        var failure = (await OutcomeAsync(writer.SaveSnapshotAsync(new JournalSnapshot(1, default), None))).ShouldBeOfType<JournalUnavailableException>();

        failure.InnerException.ShouldBeOfType<PostgresException>();
        (await OutcomeAsync(AppendAsync(other, Entry("2")))).ShouldBe(failure);
        await ExecuteAsync("ALTER TABLE away RENAME TO journal_snapshots");
        writer = await Journal.OpenAsync("a", None);
        (await AppendAsync(writer, Entry("2"))).ShouldBe(2);
        await writer.SaveSnapshotAsync(new JournalSnapshot(2, default), None);
        (await Journal.GetSnapshotAsync("a", None)).ShouldNotBeNull().Sequence.ShouldBe(2);
    }

    [PostgresFact]
    public async Task AStateOfAnEventThatTheServerHasLost_IsNotStored()
    {
        var writer = await FillAsync("a", 2);
        await DeleteAsync("a", 2);

        await writer.SaveSnapshotAsync(new JournalSnapshot(2, default), None);
        await writer.SaveCheckpointAsync(new JournalSnapshot(2, default), None);

        (await Journal.GetSnapshotAsync("a", None)).ShouldBeNull();
        (await Journal.GetCheckpointAsync("a", 2, None)).ShouldBeNull();
        await ShouldVerifyAsync(streams: 1, events: 1);
    }

    [PostgresFact]
    public async Task Closing_WritesTheStatesThatWait()
    {
        var writer = await FillAsync("a", 1);
        var states = Enumerable.Range(0, 20).Select(_ => writer.SaveCheckpointAsync(new JournalSnapshot(1, new byte[100_000]), None)).ToArray();

        await Journal.DisposeAsync();

        states.ShouldAllBe(state => state.IsCompletedSuccessfully);
    }

    [PostgresFact]
    public async Task AnUnreachableServer_IsNamedWithoutItsPassword()
    {
        await using var journal = EventJournal.Postgres("Host=127.0.0.1;Port=1;Database=books;Username=u;Password=secret", Clock);

        var refusal = await Should.ThrowAsync<JournalUnavailableException>(() => journal.StartAsync(None));

        refusal.Store.ShouldBe("127.0.0.1:1/books");
        refusal.ToString().ShouldNotContain("secret");
    }

    [PostgresFact]
    public async Task ANewerSchema_IsRefused()
    {
        await ExecuteAsync("UPDATE journal_meta SET value = '2' WHERE name = 'schema_version'");
        await using var journal = Create();

        (await Should.ThrowAsync<JournalUnavailableException>(() => journal.StartAsync(None))).Reason.ShouldContain("schema version is 2");
    }

    [PostgresFact]
    public async Task AnEmptyDatabase_IsNotTouchedByReading()
    {
        await using var journal = EventJournal.Postgres(postgres.Server.CreateDatabase(), Clock, readOnly: true);

        (await Should.ThrowAsync<JournalUnavailableException>(() => journal.VerifyAsync(null, None))).Reason.ShouldContain("no journal");
    }

    async Task ExecuteAsync(string sql) => await ScalarAsync(sql);

    async Task<object?> ScalarAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_database + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}

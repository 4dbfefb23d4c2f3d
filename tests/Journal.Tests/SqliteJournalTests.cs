using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;

namespace Trading.Journal.Tests;

public sealed class SqliteJournalTests : JournalTests
{
    readonly string _folder = Directory.CreateTempSubdirectory("trading-journal-").FullName;

    string File => Path.Combine(_folder, "data", "journal.db");

    protected override EventJournal Create() => EventJournal.Sqlite(File, Clock);

    protected override Task AlterPayloadAsync(string stream, long sequence) =>
        ExecuteAsync($"UPDATE journal_events SET payload = x'3939' WHERE stream = '{stream}' AND seq = {sequence}");

    protected override Task AlterHashAsync(string stream, long sequence) =>
        ExecuteAsync($"UPDATE journal_events SET hash = zeroblob(32) WHERE stream = '{stream}' AND seq = {sequence}");

    protected override Task TearHashAsync(string stream, long sequence) =>
        ExecuteAsync($"UPDATE journal_events SET hash = substr(hash, 1, 5) WHERE stream = '{stream}' AND seq = {sequence}");

    protected override Task DeleteAsync(string stream, long sequence) =>
        ExecuteAsync($"DELETE FROM journal_events WHERE stream = '{stream}' AND seq = {sequence}");

    protected override Task AlterSnapshotAsync(string stream) =>
        ExecuteAsync($"UPDATE journal_snapshots SET payload = x'3939' WHERE stream = '{stream}'");

    protected override Task AlterCheckpointAsync(string stream, long sequence) =>
        ExecuteAsync($"UPDATE journal_checkpoints SET payload = x'3939' WHERE stream = '{stream}' AND seq = {sequence}");

    [Fact]
    public async Task AFileFromBeforeThereWereCheckpoints_IsReadAsItIs_AndGetsThemWhenItIsWritten()
    {
        await FillAsync("a", 3);
        await Journal.DisposeAsync();
        await ExecuteAsync("DROP TABLE journal_checkpoints");

        await using (var auditor = EventJournal.Sqlite(File, Clock, readOnly: true))
        {
            (await auditor.VerifyAsync(null, None)).Defects.ShouldBeEmpty();
            (await auditor.GetCheckpointAsync("a", 3, None)).ShouldBeNull();
        }

        await using var again = Create();
        await (await again.OpenAsync("a", None)).SaveCheckpointAsync(new JournalSnapshot(3, "state"u8.ToArray()), None);
        (await again.GetCheckpointAsync("a", 3, None))!.Sequence.ShouldBe(3);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task ASecondWriterOfTheFile_IsToldWhoHoldsIt()
    {
        await using var second = EventJournal.Sqlite(File, Clock);

        var refusal = await Should.ThrowAsync<JournalUnavailableException>(() => second.StartAsync(None));

        refusal.Store.ShouldBe(File);
        refusal.Message.ShouldContain($"process {Environment.ProcessId}");
    }

    [Fact]
    public async Task AnotherProcess_VerifiesWhileThisOneWrites()
    {
        var writer = await FillAsync("a", 3);
        await using var auditor = EventJournal.Sqlite(File, Clock, readOnly: true);

        (await auditor.VerifyAsync(null, None)).ShouldSatisfyAllConditions(
            verification => verification.Events.ShouldBe(3), verification => verification.Defects.ShouldBeEmpty());
        await AppendAsync(writer, Entry("4"));
        (await auditor.VerifyAsync(null, None)).Events.ShouldBe(4);
        (await OutcomeAsync(auditor.OpenAsync("a", None))).ShouldBeOfType<JournalUnavailableException>().Reason.ShouldContain("reading only");
    }

    [Fact]
    public async Task AClosedFile_IsVerifiedWithoutAWriter()
    {
        await FillAsync("a", 3);
        await Journal.DisposeAsync();
        await using var auditor = EventJournal.Sqlite(File, Clock, readOnly: true);

        (await auditor.VerifyAsync(null, None)).Events.ShouldBe(3);
    }

    [Fact]
    public async Task OtherTables_MayBeWrittenMeanwhile()
    {
        await ExecuteAsync("CREATE TABLE grain_state (id INTEGER PRIMARY KEY, etag INTEGER)");
        var writer = await Journal.OpenAsync("a", None);

        for (var i = 0; i < 20; i++)
            await Task.WhenAll(AppendAsync(writer, Entry("x")), ExecuteAsync("INSERT INTO grain_state (etag) VALUES (1)"));

        await ShouldVerifyAsync(streams: 1, events: 20);
    }

    [Theory]
    [InlineData("not a database", "not a SQLite database")]
    [InlineData("foreign", "another program")]
    [InlineData("newer", "schema version is 2")]
    [InlineData("locked", "locked by another process")]
    [InlineData("folder", "")]
    public async Task AFileThatCannotBeOpened_IsNamedWithTheReason(string kind, string reason)
    {
        var file = Path.Combine(_folder, "other.db");
        await using var other = await SpoilAsync(kind, file);
        await using var journal = new EventJournal(new SqliteJournalStore(file, readOnly: false) { Patience = TimeSpan.FromSeconds(1) }, Clock);

        var refusal = await Should.ThrowAsync<JournalUnavailableException>(() => journal.StartAsync(None));

        refusal.Store.ShouldBe(file);
        refusal.Message.ShouldContain(reason);
        (await OutcomeAsync(journal.OpenAsync("a", None))).ShouldBeOfType<JournalUnavailableException>();
    }

    [Fact]
    public async Task AMissingFile_IsNotCreatedByReading()
    {
        var file = Path.Combine(_folder, "nothing.db");
        await using var journal = EventJournal.Sqlite(file, Clock, readOnly: true);

        (await Should.ThrowAsync<JournalUnavailableException>(() => journal.VerifyAsync(null, None))).Reason.ShouldContain("cannot be opened");
        System.IO.File.Exists(file).ShouldBeFalse();
    }

    [Fact]
    public async Task ADamagedPage_IsNamed()
    {
        const int PageSize = 8_192;
        for (var i = 0; i < 50; i++) await FillAsync($"stream-{i:00}", 40);
        await Journal.DisposeAsync();
        await using (var file = new FileStream(File, FileMode.Open))
        {
            file.Position = file.Length / 2 / PageSize * PageSize;
            file.Write(Enumerable.Repeat((byte)0x5a, PageSize).ToArray());
        }

        await using var auditor = EventJournal.Sqlite(File, Clock, readOnly: true);
        var defects = (await auditor.VerifyAsync(null, None)).Defects;

        defects.ShouldContain(defect => defect.Problem.Contains("damaged"));
    }

    [Fact]
    public async Task AFullDisk_FailsTheAppendsAndLeavesNothingHalfWritten()
    {
        var writer = await FillAsync("a", 3);
        await ExecuteAsync("CREATE TRIGGER full BEFORE INSERT ON journal_events WHEN new.seq = 6 BEGIN SELECT raise(FAIL, 'no room'); END");

        var failed = await OutcomeAsync(AppendAsync(writer, Entry("4"), Entry("5"), Entry("6")));

        failed.ShouldBeOfType<JournalUnavailableException>().Message.ShouldContain("no room");
        (await Journal.OpenAsync("a", None)).LastSequence.ShouldBe(3);
        (await OutcomeAsync(AppendAsync(writer, Entry("4")))).ShouldBe(failed);
    }

    [Fact]
    public async Task AnUnopenableFile_StopsTheHost()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSqliteJournal(File);
        using var host = builder.Build();

        (await Should.ThrowAsync<JournalUnavailableException>(() => host.StartAsync())).Store.ShouldBe(File);
    }

    async Task<SqliteConnection> SpoilAsync(string kind, string file)
    {
        var connection = new SqliteConnection($"Data Source={file};Pooling=false");
        switch (kind)
        {
            case "not a database": await System.IO.File.WriteAllTextAsync(file, string.Concat(Enumerable.Repeat("text ", 1_000))); break;
            case "folder": Directory.CreateDirectory(file); break;
            case "foreign": await ExecuteAsync(connection, "PRAGMA application_id = 7; CREATE TABLE t (x)"); break;
            case "locked": await ExecuteAsync(connection, "CREATE TABLE t (x); BEGIN EXCLUSIVE; INSERT INTO t VALUES (1)"); break;
            case "newer":
                await using (var journal = EventJournal.Sqlite(file, Clock)) await journal.StartAsync(None);
                await ExecuteAsync(connection, "UPDATE journal_meta SET value = '2' WHERE name = 'schema_version'");
                break;
        }

        return connection;
    }

    async Task ExecuteAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={File};Pooling=false");
        await ExecuteAsync(connection, sql);
    }

    static async Task ExecuteAsync(SqliteConnection connection, string sql)
    {
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Storage;
using Trading.Journal;
using static Trading.Hosting.Tests.StoresFixture;

namespace Trading.Hosting.Tests;

[Collection(nameof(StoresFixture))]
public sealed class GrainStateTests(StoresFixture stores)
{
    [Theory, OnSqlite, OnPostgres]
    public async Task State_AfterARestart_IsWhatWasWrittenLast(string kind)
    {
        var store = stores.Empty(kind);
        await RunSiloAsync(store, async silo =>
        {
            (await silo.Diary("a").ReadAsync()).ShouldBeNull();
            await silo.Diary("a").WriteAsync(DiaryState.Sample with { Earlier = [] });
            await silo.Diary("a").WriteAsync(DiaryState.Sample);
        });

        await RunSiloAsync(store, async silo =>
        {
            var read = (await silo.Diary("a").ReadAsync()).ShouldNotBeNull();
            read.Current.ShouldBe(DiaryState.Sample.Current);
            read.Earlier.ShouldBe(DiaryState.Sample.Earlier);
            read.Notes.ShouldBe(DiaryState.Sample.Notes, ignoreOrder: true);
        });
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task State_ThatWasCleared_IsGoneAndCanBeWrittenAgain(string kind)
    {
        var store = stores.Empty(kind);
        await RunSiloAsync(store, async silo =>
        {
            await silo.Diary("a").WriteAsync(DiaryState.Sample);
            await silo.Diary("a").ClearAsync();
            (await silo.Diary("a").ReadAsync()).ShouldBeNull();
        });

        await RunSiloAsync(store, async silo =>
        {
            (await silo.Diary("a").ReadAsync()).ShouldBeNull();
            await silo.Diary("a").WriteAsync(DiaryState.Sample);
            (await silo.Diary("a").ReadAsync()).ShouldNotBeNull();
        });
    }

    [Fact]
    public async Task AWriteToAnSqliteFile_TakesItsTurn_KeepsNobodyMeanwhile_AndWritesTheStateAsItWas()
    {
        var store = stores.Empty("sqlite");
        await RunSiloAsync(store, async silo =>
        {
            var storage = silo.Services.GetRequiredKeyedService<IGrainStorage>("trading");
            var (grain, state, read) = (GrainId.Create("diary", "a"), new GrainState<DiaryState>(DiaryState.Sample), new GrainState<DiaryState>());
            await WhileHeldAsync(store, () =>
            {
                var write = storage.WriteStateAsync("diary", grain, state);
                state.State = DiaryState.Sample with { Earlier = [] };
                return write;
            });

            await storage.ReadStateAsync("diary", grain, read);
            read.State!.Earlier.ShouldBe(DiaryState.Sample.Earlier);
            (state.RecordExists, state.ETag).ShouldBe((true, read.ETag));
            state.State!.Earlier.ShouldBeEmpty();
        });
    }

    [Fact]
    public async Task AReminderInAnSqliteFile_TakesItsTurn_AndKeepsNobodyMeanwhile()
    {
        var store = stores.Empty("sqlite");
        await RunSiloAsync(store, async silo =>
        {
            var table = silo.Services.GetRequiredService<IReminderTable>();
            var reminder = new ReminderEntry
            {
                GrainId = GrainId.Create("diary", "a"), ReminderName = "noon", Period = TimeSpan.FromHours(24), StartAt = new DateTime(2030, 1, 2, 12, 0, 0, DateTimeKind.Utc),
            };

            await WhileHeldAsync(store, () => table.UpsertRow(reminder));
            var kept = (await table.ReadRow(reminder.GrainId, "noon")).ShouldNotBeNull();
            (kept.Period, kept.StartAt).ShouldBe((reminder.Period, reminder.StartAt));
            await WhileHeldAsync(store, () => table.RemoveRow(reminder.GrainId, "noon", kept.ETag!));
            (await table.ReadRow(reminder.GrainId, "noon")).ShouldBeNull();
        });
    }

    /// <summary>Begins a write while somebody else writes the file: it waits, and not its caller.</summary>
    static async Task WhileHeldAsync(StoreOptions store, Func<Task> write)
    {
        var turn = SqliteTurns.Of(store.Path);
        await turn.WaitAsync();
        var writing = write();
        writing.IsCompleted.ShouldBeFalse();
        turn.Release();
        await writing;
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Write_OverAnothersState_IsRefusedAndTheGrainReadsAgain(string kind) =>
        await RunSiloAsync(stores.Empty(kind), async silo =>
        {
            await silo.Diary("a").WriteAsync(DiaryState.Sample);
            await WriteBehindTheGrainAsync(silo, "a");

            await Should.ThrowAsync<InconsistentStateException>(() => silo.Diary("a").WriteAsync(DiaryState.Sample));

            (await silo.Diary("a").ReadAsync()).ShouldNotBeNull().Current.ShouldBeNull();
        });

    [Theory, OnSqlite, OnPostgres]
    public async Task FirstWrite_WhereAnotherWasFirst_IsRefusedAndTheGrainReadsAgain(string kind) =>
        await RunSiloAsync(stores.Empty(kind), async silo =>
        {
            (await silo.Diary("a").ReadAsync()).ShouldBeNull();
            await WriteBehindTheGrainAsync(silo, "a");

            await Should.ThrowAsync<InconsistentStateException>(() => silo.Diary("a").WriteAsync(DiaryState.Sample));

            (await silo.Diary("a").ReadAsync()).ShouldNotBeNull().Current.ShouldBeNull();
        });

    [Theory, OnSqlite, OnPostgres]
    public async Task Clear_OfAnothersState_IsRefusedAndNothingIsLost(string kind) =>
        await RunSiloAsync(stores.Empty(kind), async silo =>
        {
            await silo.Diary("a").WriteAsync(DiaryState.Sample);
            await WriteBehindTheGrainAsync(silo, "a");

            await Should.ThrowAsync<InconsistentStateException>(() => silo.Diary("a").ClearAsync());

            (await silo.Diary("a").ReadAsync()).ShouldNotBeNull();
        });

    [Theory, OnSqlite, OnPostgres]
    public async Task State_OfKeysThatAreTheSameNumber_AndOfOtherTypesOfGrain_IsKeptApart(string kind)
    {
        var store = stores.Empty(kind);
        string[] keys = ["1", "01", "a", "A", "0a", new('a', 32), new('A', 32), "1+x", "01+x"];
        await RunSiloAsync(store, async silo =>
        {
            foreach (var key in keys)
            {
                await silo.Diary(key).WriteAsync(new() { Current = DiaryState.Sample.Current! with { Reason = key } });
                await silo.Counter(key).IncrementAsync();
            }
        });

        await RunSiloAsync(store, async silo =>
        {
            foreach (var key in keys)
            {
                (await silo.Diary(key).ReadAsync()).ShouldNotBeNull().Current!.Reason.ShouldBe(key);
                (await silo.Counter(key).IncrementAsync()).ShouldBe(2);
            }
        });
    }

    /// <summary>What a second activation of the grain does, as failures of silos can produce it.</summary>
    static async Task WriteBehindTheGrainAsync(IHost silo, string key)
    {
        var storage = silo.Services.GetRequiredKeyedService<IGrainStorage>("trading");
        var state = new GrainState<DiaryState>();
        await storage.ReadStateAsync("state", silo.Diary(key).GetGrainId(), state);
        state.State = DiaryState.Sample with { Current = null };
        await storage.WriteStateAsync("state", silo.Diary(key).GetGrainId(), state);
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Storage;
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

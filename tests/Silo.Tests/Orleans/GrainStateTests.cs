using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace Trading.Hosting.Tests;

[Collection(nameof(StoresFixture))]
public sealed class GrainStateTests(StoresFixture stores)
{
    [Theory, OnSqlite, OnPostgres]
    public async Task State_AfterARestart_IsWhatWasWritten(string kind)
    {
        var store = stores.Empty(kind);
        using (var silo = await StoresFixture.StartSiloAsync(store))
        {
            (await silo.Diary("a").ReadAsync()).ShouldBeNull();
            await silo.Diary("a").WriteAsync(DiaryState.Sample with { Earlier = [] });
            await silo.Diary("a").WriteAsync(DiaryState.Sample);
            await silo.StopAsync();
        }

        using (var silo = await StoresFixture.StartSiloAsync(store))
        {
            var read = (await silo.Diary("a").ReadAsync()).ShouldNotBeNull();
            read.Current.ShouldBe(DiaryState.Sample.Current);
            read.Earlier.ShouldBe(DiaryState.Sample.Earlier);
            read.Notes.ShouldBe(DiaryState.Sample.Notes, ignoreOrder: true);
            await silo.StopAsync();
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task State_ThatWasCleared_IsGoneAndCanBeWrittenAgain(string kind)
    {
        var store = stores.Empty(kind);
        using (var silo = await StoresFixture.StartSiloAsync(store))
        {
            await silo.Diary("a").WriteAsync(DiaryState.Sample);
            await silo.Diary("a").ClearAsync();
            (await silo.Diary("a").ReadAsync()).ShouldBeNull();
            await silo.StopAsync();
        }

        using (var silo = await StoresFixture.StartSiloAsync(store))
        {
            (await silo.Diary("a").ReadAsync()).ShouldBeNull();
            await silo.Diary("a").WriteAsync(DiaryState.Sample);
            (await silo.Diary("a").ReadAsync()).ShouldNotBeNull();
            await silo.StopAsync();
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Write_OverANewerVersion_IsRefusedAndTheGrainReadsAgain(string kind)
    {
        using var silo = await StoresFixture.StartSiloAsync(stores.Empty(kind));
        var storage = silo.Services.GetRequiredKeyedService<IGrainStorage>("trading");
        foreach (var written in new[] { false, true })
        {
            var diary = silo.Diary($"written {written}");
            if (written) await diary.WriteAsync(DiaryState.Sample); else await diary.ReadAsync();
            var other = new GrainState<DiaryState>();
            await storage.ReadStateAsync("state", diary.GetGrainId(), other);
            other.State = DiaryState.Sample with { Current = null };
            await storage.WriteStateAsync("state", diary.GetGrainId(), other);

            await Should.ThrowAsync<InconsistentStateException>(() => diary.WriteAsync(DiaryState.Sample));

            (await diary.ReadAsync()).ShouldNotBeNull().Current.ShouldBeNull();
            other.ETag = "7";
            await Should.ThrowAsync<InconsistentStateException>(() => storage.ClearStateAsync("state", diary.GetGrainId(), other));
        }

        await silo.StopAsync();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task State_OfKeysThatAreTheSameNumber_IsKeptApart(string kind)
    {
        var store = stores.Empty(kind);
        string[] keys = ["1", "01", "a", "A", "0a", new('a', 32), new('A', 32), "1+x", "01+x"];
        using (var silo = await StoresFixture.StartSiloAsync(store))
        {
            foreach (var key in keys)
            {
                await silo.Diary(key).WriteAsync(new() { Current = DiaryState.Sample.Current! with { Reason = key } });
                await silo.Counter(key).IncrementAsync();
            }

            await silo.StopAsync();
        }

        using (var silo = await StoresFixture.StartSiloAsync(store))
        {
            foreach (var key in keys)
            {
                (await silo.Diary(key).ReadAsync()).ShouldNotBeNull().Current!.Reason.ShouldBe(key);
                (await silo.Counter(key).IncrementAsync()).ShouldBe(2);
            }

            await silo.StopAsync();
        }
    }
}

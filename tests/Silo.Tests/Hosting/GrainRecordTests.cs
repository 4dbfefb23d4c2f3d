using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Storage;
using Trading.Portfolios;
using static Trading.Hosting.Tests.StoresFixture;

namespace Trading.Hosting.Tests;

/// <summary>What our grains keep as state, each with every member set, in both databases.</summary>
[Collection(nameof(StoresFixture))]
public sealed class GrainRecordTests(StoresFixture stores)
{
    static readonly (string Name, Type Record)[] Records =
    [
        .. from grain in typeof(PortfolioGrain).Assembly.GetTypes()
           from parameter in grain.GetConstructors().SelectMany(constructor => constructor.GetParameters())
           from state in parameter.GetCustomAttributes<PersistentStateAttribute>()
           select (state.StateName, parameter.ParameterType.GetGenericArguments()[0]),
    ];

    [Theory, OnSqlite, OnPostgres]
    public async Task EveryRecord_SurvivesARestart_AndALateWriterOfItIsRefused(string kind)
    {
        var (store, written) = (stores.Empty(kind), new Dictionary<string, object>());
        await RunSiloAsync(store, async silo =>
        {
            foreach (var (name, record) in Records)
                written[name] = await (Task<object>)Of(record, nameof(WriteAsync))
                    .Invoke(null, [StorageOf(silo), name])!;
        });
        await RunSiloAsync(store, async silo =>
        {
            foreach (var (name, record) in Records)
                await (Task)Of(record, nameof(CheckAsync)).Invoke(null, [StorageOf(silo), name, written[name]])!;
        });
        Records.Length.ShouldBeGreaterThan(4);
    }

    static async Task<object> WriteAsync<T>(IGrainStorage storage, string name)
    {
        var state = new GrainState<T>((T)Samples.Of(typeof(T)));
        await storage.WriteStateAsync(name, GrainId.Create(name, "a"), state);
        return state;
    }

    static async Task CheckAsync<T>(IGrainStorage storage, string name, GrainState<T> written)
    {
        var (grain, read, late) = (GrainId.Create(name, "a"), new GrainState<T>(), new GrainState<T>());
        await storage.ReadStateAsync(name, grain, read);
        await storage.ReadStateAsync(name, grain, late);
        (read.RecordExists, read.ETag).ShouldBe((true, written.ETag));
        JsonSerializer.Serialize(read.State).ShouldBe(JsonSerializer.Serialize(written.State), name);
        await storage.WriteStateAsync(name, grain, read);
        await Should.ThrowAsync<InconsistentStateException>(() => storage.WriteStateAsync(name, grain, late));
    }

    static IGrainStorage StorageOf(IHost silo) => silo.Services.GetRequiredKeyedService<IGrainStorage>("trading");

    static MethodInfo Of(Type record, string method) =>
        typeof(GrainRecordTests).GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(record);
}

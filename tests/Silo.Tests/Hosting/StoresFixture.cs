using System.Reflection;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Trading.Testing;
using Xunit.Sdk;
using Xunit.v3;

namespace Trading.Hosting.Tests;

/// <summary>Runs a theory on an SQLite file and on a PostgreSQL database, each empty at the start.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OnSqliteAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([new TheoryDataRow<string>("sqlite")]);

    public override bool SupportsDiscoveryEnumeration() => true;
}

/// <inheritdoc cref="OnSqliteAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OnPostgresAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([new TheoryDataRow<string>("postgres") { Skip = Reason }]);

    static string? Reason => PostgresServer.Programs is null ? PostgresServer.Missing : null;

    public override bool SupportsDiscoveryEnumeration() => true;
}

/// <summary>Empty stores, and silos on them that are composed as the program composes its own.</summary>
[CollectionDefinition(nameof(StoresFixture))]
public sealed class StoresFixture : ICollectionFixture<StoresFixture>, IDisposable
{
    readonly Lazy<PostgresServer> _postgres = new(() => new PostgresServer());
    readonly string _folder = Directory.CreateTempSubdirectory("trading-silo-").FullName;
    int _files;

    internal StoreOptions Empty(string kind) => kind == "postgres"
        ? new StoreOptions { Kind = kind, ConnectionString = _postgres.Value.CreateDatabase() }
        : new StoreOptions { Kind = kind, Path = Path.Combine(_folder, $"{Interlocked.Increment(ref _files)}.db") };

    /// <summary>Starts a silo, uses it and stops it.</summary>
    internal static async Task RunSiloAsync(StoreOptions store, Func<IHost, Task> use)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleans(silo =>
        {
            OrleansSetup.Compose(silo, store);
            silo.Configure<ReminderOptions>(options => options.MinimumReminderPeriod = TimeSpan.FromMilliseconds(50));
            silo.Services.AddSingleton<Ticks>();
        });
        using var silo = builder.Build();
        await silo.StartAsync();
        await use(silo);
        await silo.StopAsync();
    }

    public void Dispose()
    {
        if (_postgres.IsValueCreated) _postgres.Value.Dispose();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }
}

static class SiloExtensions
{
    public static IDiaryGrain Diary(this IHost silo, string key) =>
        silo.Services.GetRequiredService<IGrainFactory>().GetGrain<IDiaryGrain>(key);

    public static ICounterGrain Counter(this IHost silo, string key) =>
        silo.Services.GetRequiredService<IGrainFactory>().GetGrain<ICounterGrain>(key);
}

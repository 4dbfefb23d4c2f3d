using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.Storage;

namespace Trading.Hosting;

/// <summary>How Orleans keeps grain state and reminders, and who may reach the silo: its own process only, or a
/// cluster.</summary>
static class OrleansSetup
{
    /// <summary>Part of the key of every stored state and reminder: another name would not find them.</summary>
    public const string Service = "trading";

    /// <summary>The storage that grains name, and beneath it that of a SQLite file.</summary>
    const string Storage = "trading", InFile = "trading file";

    /// <summary>Grains whose silo is remembered. Room for all is made at the start; by itself Orleans makes it for a
    /// million.</summary>
    const int KnownPlaces = 50_000;

    public static void Compose(ISiloBuilder silo, StoreOptions store, ClusteringOptions? cluster = null)
    {
        if (cluster?.IsOn == true) ClusterSetup.Compose(silo, cluster, store);
        else BeAlone(silo);
        silo.Configure<GrainDirectoryOptions>(directory => directory.CacheSize = KnownPlaces);
        silo.Services.AddSerializer(serializer => serializer.AddLibraryMessages());
        silo.Services.AddSingleton<IGrainStorageSerializer, JsonStateSerializer>();
        switch (store.Kind)
        {
            case "sqlite":
                UseDatabase(silo, "System.Data.SQLite", SqliteFactory.Instance, SqliteFile(store.Path), storage: InFile);
                WriteInTurn(silo.Services, new SqliteTurn(store.Path));
                break;
            case "postgres":
                UseDatabase(
                    silo, "Npgsql", NpgsqlFactory.Instance, store.ConnectionString!, migrates: cluster?.IsOn != true);
                break;
            default:
                silo.AddMemoryGrainStorage(Storage).UseInMemoryReminderService();
                break;
        }
    }

    /// <summary>The client lives in the silo, so there is no gateway. Nobody calls the silo's port, which it must have.</summary>
    static void BeAlone(ISiloBuilder silo)
    {
        var port = new ReservedPort();
        silo.UseLocalhostClustering(port.Number, gatewayPort: 0, serviceId: Service, clusterId: Service);
        silo.AddStartupTask((_, _) =>
        {
            port.Dispose(); // the silo listens by now
            return Task.CompletedTask;
        });
    }

    static void UseDatabase(
        ISiloBuilder silo, string invariant, DbProviderFactory provider, string connectionString, bool migrates = true,
        string storage = Storage)
    {
        if (migrates)
            silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(
                new OrleansSchema(provider, connectionString));
        silo.AddAdoNetGrainStorage(storage, options =>
        {
            options.Invariant = invariant;
            options.ConnectionString = connectionString;
            options.HashPicker = new GrainIdHasher();
        });
        silo.UseAdoNetReminderService(options =>
        {
            options.Invariant = invariant;
            options.ConnectionString = connectionString;
        });
    }

    static void WriteInTurn(IServiceCollection services, SqliteTurn turn)
    {
        services.AddKeyedSingleton<IGrainStorage>(
            Storage, (all, _) => new SqliteTurnStorage(all.GetRequiredKeyedService<IGrainStorage>(InFile), turn));
        var reminders = services.Last(service => service.ServiceType == typeof(IReminderTable));
        services.Replace(ServiceDescriptor.Singleton<IReminderTable>(all => new SqliteTurnReminders(
            (IReminderTable)ActivatorUtilities.CreateInstance(all, reminders.ImplementationType!), turn)));
    }

    static string SqliteFile(string path)
    {
        SQLitePCL.Batteries_V2.Init();
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        return new SqliteConnectionStringBuilder { DataSource = path }.ToString();
    }
}

using System.Reflection;
using Trading.Alerts;
using Trading.Api;
using Trading.Audit;
using Trading.Backtests;
using Trading.Backup;
using Trading.Configuration;
using Trading.Journal;
using Trading.MarketData;
using Trading.Models;
using Trading.Monitoring;
using Trading.Operations;
using Trading.Portfolios;
using Trading.Risk;
using Trading.Secrets;

namespace Trading.Hosting;

/// <summary>What a process is: a silo with its API, or the API as a client of the silos of a cluster.</summary>
public enum ProcessRole { Silo, Api }

/// <summary>Puts the program together: settings, store, Orleans, grains and API in one process, or the API in one of
/// its own.</summary>
public static class TradingHost
{
    /// <summary>Settings come in the layers of <see cref="SettingsLayers"/>.</summary>
    /// <param name="settings">Of the command line, each <c>key=value</c>.</param>
    /// <exception cref="SettingsException">Settings break rules; all broken rules are listed.</exception>
    public static WebApplication Build(string[] settings, ProcessRole role = ProcessRole.Silo) => Build(settings, role, isGuarded: true);

    /// <param name="isGuarded">False leaves the door out, which is for measuring what it costs.</param>
    /// <param name="more">What a test puts in the place of a service.</param>
    internal static WebApplication Build(
        string[] settings, ProcessRole role, bool isGuarded, Action<IServiceCollection>? more = null)
    {
        var sound = SoundSettings.Read(settings);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = Environments.Production, // the framework's pages for developers tell callers what is inside
        });
        sound.ReplaceIn(builder.Configuration);
        builder.AddTradingLog(sound.Of<LogOptions>());
        builder.WebHost.UseUrls(sound.Of<AddressOptions>().Addresses).UseEdge(sound.Of<EdgeOptions>());
        AddCommon(builder.Services, sound);
        if (role == ProcessRole.Api) ApiProcess.Add(builder, sound, SystemInfoOf(sound, sound.Of<StoreOptions>()));
        else
        {
            AddServices(builder.Services, sound);
            builder.UseOrleans(silo =>
            {
                OrleansSetup.Compose(silo, sound.Of<StoreOptions>(), sound.Of<ClusteringOptions>());
                if (sound.HasDashboard) OrleansDashboard.Add(silo, alone: !sound.Of<ClusteringOptions>().IsOn);
            });
        }

        more?.Invoke(builder.Services);
        var app = builder.Build();
        TracedRequests.Use(app, sound.Of<MonitoringOptions>());
        app.UseTradingLog();
        app.MapTradingApi(isGuarded);
        if (sound.HasDashboard) OrleansDashboard.Map(app);
        return app;
    }

    /// <summary>The store and what works on bars in it, for a command: nothing listens, and while the host runs no other program can write
    /// a SQLite file. Settings are read like those of <c>Build</c>.</summary>
    /// <exception cref="SettingsException">Settings break rules; all broken rules are listed.</exception>
    public static IHost BuildForFiles(string[] settings)
    {
        var sound = SoundSettings.Read(settings);
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
        {
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = Environments.Production,
        });
        sound.ReplaceIn(builder.Configuration);
        builder.AddTradingLog(sound.Of<LogOptions>());
        AddStore(builder.Services, sound.Of<StoreOptions>());
        builder.Services.AddBarFiles();
        return builder.Build();
    }

    /// <summary>What a process has whatever it is; the check of the database comes before everything that uses
    /// it.</summary>
    static void AddCommon(IServiceCollection services, SoundSettings sound)
    {
        var store = sound.Of<StoreOptions>();
        services.AddSingleton(TimeProvider.System);
        services.AddHostedService<AddressCheck>();
        services.AddSingleton(SystemInfoOf(sound, store));
        services.AddSingleton(new ModelSymbols([.. sound.Of<ModelOptions>().Symbols], sound.Of<ModelOptions>().PredictionBatchSize));
        services.AddHostOptions();
        if (store.Kind == "postgres") services.AddSchemaCheck(store, migrates: !sound.Of<ClusteringOptions>().IsOn);
        if (sound.Of<ClusteringOptions>() is { IsOn: true } cluster) services.AddDrain(cluster).AddSharedBudgets(cluster);
        services.AddKeys(sound);
        services.AddSingleton(sound.Report);
    }

    static void AddServices(IServiceCollection services, SoundSettings sound)
    {
        var store = sound.Of<StoreOptions>();
        services.AddSingleton<SampleBook>();
        services.AddSingleton(new Readiness("the book is being opened")).AddHostedService<Preparation>();
        services.AddMarketData().AddBarIntake().AddPortfolios().AddRisk().AddModels().AddBacktests().AddOperations().AddAlerts().AddTradingApi();
        if (sound.Of<PortfolioOptions>().PaperTrading) services.AddPaperBroker();
        AddStore(services, store);
        services.AddHostedService<Anchoring>().AddHttpClient(Anchoring.Client).RemoveAllLoggers();
        services.AddHostedService<StoreCheck>().AddBackups(sound.Of<BackupOptions>(), store);
        services.AddTradingMonitoring(
            sound.Of<MonitoringOptions>(), SystemInfoOf(sound, store), store.Kind == "sqlite" ? store.Path : "");
    }

    internal static void AddStore(IServiceCollection services, StoreOptions store)
    {
        switch (store.Kind)
        {
            case "sqlite":
                services.AddSqliteJournal(store.Path).AddSqliteBarStore(store.Path, SqliteTurns.Of(store.Path));
                break;
            case "postgres":
                services.AddPostgresJournal(store.ConnectionString!).AddPostgresBarStore(store.ConnectionString!);
                break;
            default:
                services.AddInMemoryJournal().AddInMemoryBarStore();
                break;
        }
    }

    static SystemInfo SystemInfoOf(SoundSettings sound, StoreOptions store) => new(
        typeof(TradingHost).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
        store.Description,
        TimeProvider.System.GetUtcNow(),
        sound.HasDashboard ? OrleansDashboard.Path : null);
}

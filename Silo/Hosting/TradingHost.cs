using System.Reflection;
using Trading.Api;
using Trading.Audit;
using Trading.Configuration;
using Trading.Journal;
using Trading.MarketData;
using Trading.Models;
using Trading.Portfolios;
using Trading.Risk;
using Trading.Secrets;

namespace Trading.Hosting;

/// <summary>Puts the program together: settings, store, Orleans, grains and API in one process.</summary>
public static class TradingHost
{
    /// <summary>Settings come in the layers of <see cref="SettingsLayers"/>.</summary>
    /// <param name="settings">Of the command line, each <c>key=value</c>.</param>
    /// <exception cref="SettingsException">Settings break rules; all broken rules are listed.</exception>
    public static WebApplication Build(string[] settings) => Build(settings, isGuarded: true);

    /// <param name="isGuarded">False leaves the door out, which is for measuring what it costs.</param>
    /// <param name="more">What a test puts in the place of a service.</param>
    internal static WebApplication Build(string[] settings, bool isGuarded, Action<IServiceCollection>? more = null)
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
        var store = sound.Of<StoreOptions>();
        AddServices(builder.Services, sound);
        builder.UseOrleans(silo =>
        {
            OrleansSetup.Compose(silo, store);
            if (sound.HasDashboard) OrleansDashboard.Add(silo);
        });

        more?.Invoke(builder.Services);
        var app = builder.Build();
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

    static void AddServices(IServiceCollection services, SoundSettings sound)
    {
        var store = sound.Of<StoreOptions>();
        services.AddSingleton(TimeProvider.System);
        services.AddHostedService<AddressCheck>();
        services.AddSingleton(SystemInfoOf(sound, store));
        services.AddSingleton(new ModelSymbols([.. sound.Of<ModelOptions>().Symbols], sound.Of<ModelOptions>().PredictionBatchSize));
        services.AddHostOptions().AddSingleton<SampleBook>();
        services.AddKeys(sound);
        services.AddSingleton(sound.Report);
        services.AddHostedService<Anchoring>().AddHttpClient(Anchoring.Client).RemoveAllLoggers();
        services.AddSingleton(new Readiness("the book is being opened")).AddHostedService<Preparation>();
        services.AddMarketData().AddBarIntake().AddPortfolios().AddRisk().AddModels().AddTradingApi();
        if (sound.Of<PortfolioOptions>().PaperTrading) services.AddPaperBroker();
        AddStore(services, store);
        services.AddHostedService<StoreCheck>();
    }

    static void AddStore(IServiceCollection services, StoreOptions store)
    {
        switch (store.Kind)
        {
            case "sqlite":
                services.AddSqliteJournal(store.Path).AddSqliteBarStore(store.Path);
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

using System.Net;
using System.Reflection;
using Microsoft.Extensions.Options;
using Trading.Api;
using Trading.Journal;
using Trading.MarketData;
using Trading.Models;
using Trading.Portfolios;
using Trading.Risk;

namespace Trading.Hosting;

/// <summary>Puts the program together: settings, store, Orleans, grains and API in one process.</summary>
public static class TradingHost
{
    /// <summary>Settings come from appsettings.json beside the program, appsettings.{ENVIRONMENT}.json, environment variables
    /// (<c>store__path</c>) and the arguments (<c>--store:path=…</c>); the later ones win.</summary>
    /// <exception cref="OptionsValidationException">A setting breaks a rule; all broken rules are listed.</exception>
    public static WebApplication Build(string[] arguments)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            Args = arguments,
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = Environment.GetEnvironmentVariable("ENVIRONMENT") ?? "Production",
        });
        builder.AddTradingLog();
        RequireLoopback(builder.Configuration["urls"]);
        var store = StoreOf(builder.Configuration);
        AddServices(builder.Services, builder.Configuration, store);
        var dashboard = OrleansDashboard.IsOn(builder.Configuration);
        builder.UseOrleans(silo =>
        {
            OrleansSetup.Compose(silo, store);
            if (dashboard) OrleansDashboard.Add(silo);
        });

        var app = builder.Build();
        app.UseTradingLog();
        app.MapTradingApi();
        if (dashboard) OrleansDashboard.Map(app);
        return app;
    }

    /// <summary>The store and what works on bars in it, for a command: nothing listens, and while the host runs no other program can write
    /// a SQLite file. Settings are read like those of <see cref="Build"/>.</summary>
    /// <exception cref="OptionsValidationException">A setting breaks a rule; all broken rules are listed.</exception>
    public static IHost BuildForFiles(string[] arguments)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
        {
            Args = arguments,
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = Environment.GetEnvironmentVariable("ENVIRONMENT") ?? "Production",
        });
        builder.AddTradingLog();
        AddStore(builder.Services, StoreOf(builder.Configuration));
        builder.Services.AddBarFiles();
        return builder.Build();
    }

    static StoreOptions StoreOf(IConfiguration settings)
    {
        var store = Read<StoreOptions>(settings, "store");
        return store.Validate() is { Failed: true } wrong ? throw new OptionsValidationException("store", typeof(StoreOptions), wrong.Failures) : store;
    }

    static void AddServices(IServiceCollection services, IConfiguration settings, StoreOptions store)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(SystemInfoOf(settings, store));
        services.AddSingleton(new ModelSymbols([.. settings.GetSection("models:symbols").Get<string[]>() ?? []]));
        services.Configure<SampleBookOptions>(settings.GetSection("portfolio")).AddSingleton<SampleBook>();
        services.AddSingleton(new Readiness("the book is being opened")).AddHostedService<Preparation>();
        services.AddMarketData().AddBarIntake().AddPortfolios().AddRisk().AddModels().AddTradingApi();
        if (Read<PortfolioOptions>(settings, PortfolioOptions.Section).PaperTrading) services.AddPaperBroker();
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

    /// <summary>There is no authentication yet, so nothing beyond this machine may reach the API.</summary>
    static void RequireLoopback(string? urls)
    {
        string[] open = [.. (urls ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(url => !IsLoopback(url))];
        if (open.Length > 0)
            throw new OptionsValidationException("urls", typeof(string),
                open.Select(url => $"urls: '{url}' is reachable from other machines; only loopback addresses are allowed (http://127.0.0.1:8080)."));
    }

    static bool IsLoopback(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && (uri.IsLoopback || (IPAddress.TryParse(uri.Host, out var address) && IPAddress.IsLoopback(address)));

    static T Read<T>(IConfiguration settings, string section) where T : new() => settings.GetSection(section).Get<T>() ?? new T();

    static SystemInfo SystemInfoOf(IConfiguration settings, StoreOptions store) => new(
        typeof(TradingHost).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
        store.Description,
        TimeProvider.System.GetUtcNow(),
        OrleansDashboard.IsOn(settings) ? OrleansDashboard.Path : null);
}

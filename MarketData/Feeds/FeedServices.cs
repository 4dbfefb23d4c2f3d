using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Trading.MarketData;

/// <summary>Composition of the sources without a network, of news, and of economic series.</summary>
static class FeedServices
{
    const int MaxRedirects = 5;

    /// <summary>Adds <see cref="SyntheticSource"/>, <see cref="FolderSource"/> and <see cref="ReplayBars"/>, each made
    /// when it is first asked for; the followers of the news feeds; and the publisher of economic series. Options are
    /// checked at the start.</summary>
    public static IServiceCollection AddFeeds(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        AddOptions<SyntheticOptions>(services, SyntheticOptions.Section);
        AddOptions<FolderOptions>(services, FolderOptions.Section);
        AddOptions<NewsOptions>(services, NewsOptions.Section);
        AddOptions<MacroOptions>(services, MacroOptions.Section);
        AddSources(services);
        AddClient(services, FeedClient.Open, MaxRedirects);
        AddClient(services, FeedClient.Keyed, 0);
        services.TryAddSingleton(
            all => new FeedClient(
                all.GetRequiredService<IHttpClientFactory>(), all.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(all => new NewsPoller(
            all.GetRequiredService<IOptions<NewsOptions>>(), all.GetRequiredService<FeedClient>(),
            all.GetRequiredService<IInstrumentDirectory>(),
            Clock(all), all.GetRequiredService<ILogger<NewsPoller>>()));
        services.AddHostedService(all => all.GetRequiredService<NewsPoller>());
        services.TryAddSingleton<FredSource>();
        services.TryAddSingleton<IMacroSource>(all =>
            string.IsNullOrEmpty(Options<MacroOptions>(all).Address)
                ? new NoMacroSource() : all.GetRequiredService<FredSource>());
        return services;
    }

    static void AddSources(IServiceCollection services)
    {
        services.TryAddSingleton<IInstrumentDirectory>(all =>
        {
            var options = Options<MarketDataOptions>(all);
            var directory = InstrumentDirectory.Read(options.Sectors, options.Instruments);
            return options.ReplayCoins ? SampleCoins.AddTo(directory) : directory;
        });
        services.TryAddSingleton(all => new SyntheticMarket(Options<SyntheticOptions>(all)));
        services.TryAddSingleton(
            all => new SyntheticSource(
                all.GetRequiredService<SyntheticMarket>(), Options<SyntheticOptions>(all).Interval, Clock(all)));
        services.TryAddSingleton(all => new FolderSource(
            Options<FolderOptions>(all).Path, all.GetRequiredService<IInstrumentDirectory>(),
            TimeSpan.FromSeconds(Options<FolderOptions>(all).PollInterval),
            Clock(all), all.GetRequiredService<ILogger<FolderSource>>()));
        services.TryAddSingleton(all => new ReplayBars(
            HistoricalBars.Of(all.GetRequiredService<PriceHistory>()), all.GetRequiredService<IInstrumentDirectory>(),
            Options<MarketDataOptions>(all).ReplayStart,
            TimeSpan.FromSeconds(Options<MarketDataOptions>(all).ReplayInterval), Clock(all)));
    }

    static T Options<T>(IServiceProvider services) where T : class => services.GetRequiredService<IOptions<T>>().Value;

    static TimeProvider Clock(IServiceProvider services) => services.GetRequiredService<TimeProvider>();

    static void AddOptions<T>(IServiceCollection services, string section) where T : class, IValidateOptions<T>
    {
        services.AddOptions<T>().BindConfiguration(section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<T>, T>();
    }

    /// <summary>A client that logs nothing: a key may stand in an address.</summary>
    static void AddClient(IServiceCollection services, string name, int redirects) => services.AddHttpClient(name)
        .RemoveAllLoggers()
        // the question keeps the time, by the program's clock
        .ConfigureHttpClient(client => client.Timeout = Timeout.InfiniteTimeSpan)
        .ConfigurePrimaryHttpMessageHandler(() =>
        {
            var handler = new SocketsHttpHandler
            {
                AllowAutoRedirect = redirects > 0,
                AutomaticDecompression = DecompressionMethods.All,
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                UseCookies = false,
            };
            if (redirects > 0) handler.MaxAutomaticRedirections = redirects;
            return handler;
        });
}

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Trading.MarketData;

/// <summary>Composition of the sources behind HTTP and of the chain over all sources.</summary>
static class HttpSourceServices
{
    const string TestnetVariable = "BINANCE_TESTNET", KeyHeader = "X-MBX-APIKEY";

    /// <summary>Adds Binance, Kraken and Yahoo as <see cref="IBarSource"/>, Binance's streams, and the <see
    /// cref="SourceChain"/> over every <see cref="IBarSource"/> that is registered.</summary>
    public static IServiceCollection AddHttpSources(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        AddOptions<BinanceOptions>(services, BinanceOptions.Section)
            .PostConfigure<IConfiguration>((options, configuration) =>
            options.Testnet ??= Switch(configuration[TestnetVariable]));
        AddOptions<KrakenOptions>(services, KrakenOptions.Section);
        AddOptions<YahooOptions>(services, YahooOptions.Section);
        services.AddOptions<SourceChainOptions>().BindConfiguration(SourceChainOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SourceChainOptions>, SourceChainOptions>();

        AddSource<BinanceOptions, BinanceSource>(
            services, BinanceSource.SourceName, (client, options, all) => new(client, options, Clock(all)));
        AddSource<KrakenOptions, KrakenSource>(
            services, KrakenSource.SourceName, (client, options, all) => new(client, options, Clock(all)));
        AddSource<YahooOptions, YahooSource>(services, YahooSource.SourceName, (client, options, all) =>
            new(client, options, all.GetRequiredService<IOptions<SourceChainOptions>>().Value.Classes(), Clock(all)));
        services.TryAddSingleton(all => new BinanceStream(
            all.GetRequiredService<BinanceSource>(), all.GetRequiredService<IOptions<BinanceOptions>>().Value,
            Clock(all),
            all.GetRequiredService<ILogger<BinanceStream>>()));
        services.TryAddSingleton(all => new SourceChain(
            all.GetServices<IBarSource>().Where(source => source is not DisabledSource),
            all.GetRequiredService<IOptions<SourceChainOptions>>().Value, Clock(all),
            all.GetRequiredService<ILogger<SourceChain>>()));
        return services;
    }

    static TimeProvider Clock(IServiceProvider services) => services.GetRequiredService<TimeProvider>();

    static OptionsBuilder<T> AddOptions<T>(IServiceCollection services, string section) where T : HttpSourceOptions
    {
        services.AddSingleton<IValidateOptions<T>>(new HttpSourceOptionsValidator<T>(section));
        return services.AddOptions<T>().BindConfiguration(section).ValidateOnStart();
    }

    /// <summary>A source of the container, with clients of the factory that look addresses up anew and show no key in
    /// a log.</summary>
    static void AddSource<TOptions, TSource>(
        IServiceCollection services, string name, Func<Func<HttpClient>, TOptions, IServiceProvider, TSource> create)
        where TOptions : HttpSourceOptions where TSource : class, IBarSource
    {
        services.AddHttpClient(name)
            // the source keeps the time, by the program's clock
            .ConfigureHttpClient(client => client.Timeout = Timeout.InfiniteTimeSpan)
            .RedactLoggedHeaders([KeyHeader])
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                AutomaticDecompression = System.Net.DecompressionMethods.All,
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                UseCookies = false,
            });
        services.TryAddSingleton(all => create(
            () => all.GetRequiredService<IHttpClientFactory>().CreateClient(name),
            all.GetRequiredService<IOptions<TOptions>>().Value, all));
        services.AddSingleton<IBarSource>(all => all.GetRequiredService<IOptions<TOptions>>().Value.Enabled
            ? all.GetRequiredService<TSource>()
            : new DisabledSource(name));
    }

    static bool? Switch(string? value) => value?.Trim().ToLowerInvariant() switch
    {
        null or "" => null,
        "1" or "true" => true,
        "0" or "false" => false,
        _ => throw new OptionsValidationException(
            nameof(BinanceOptions), typeof(BinanceOptions),
            [$"{TestnetVariable} is '{value}'; it can be true or false."]),
    };
}

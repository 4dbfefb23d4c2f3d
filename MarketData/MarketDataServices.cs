using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Trading.MarketData;

/// <summary>Composition of the market-data area. The host adds an <see cref="IBarStore"/>.</summary>
public static class MarketDataServices
{
    /// <summary>Adds the sources, the chain over those that its orders name, the rules of quality and the feeds of
    /// symbols. A price file is read once, before the start completes: one that breaks a rule stops the start with a
    /// <see cref="MarketDataFormatException"/>.</summary>
    public static IServiceCollection AddMarketData(this IServiceCollection services)
    {
        services.AddOptions<MarketDataOptions>().BindConfiguration(MarketDataOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<MarketDataOptions>, MarketDataOptions>();
        services.AddOptions<QualityOptions>().BindConfiguration(QualityOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<QualityOptions>, QualityOptions>();
        services.AddIntake();
        services.TryAddSingleton(LoadHistory);
        services.AddFeeds().AddHttpSources();
        services.AddLocalSource<ReplayBars>("replay").AddLocalSource<FolderSource>("folder")
            .AddLocalSource<SyntheticSource>("synthetic");
        services.TryAddSingleton<ISymbolFeeds, BarFeeds>();
        services.TryAddSingleton<StreamIntake>();
        services.AddHostedService<MarketDataStart>();
        services.AddHostedService(all => all.GetRequiredService<BarRetention>());
        return services;
    }

    /// <summary>Adds what works on files and on an <see cref="IBarStore"/> alone, without a silo: <see
    /// cref="FileIntake"/> and <see cref="BarRetention"/>.</summary>
    public static IServiceCollection AddBarFiles(this IServiceCollection services)
    {
        services.AddOptions<SourceChainOptions>().BindConfiguration(SourceChainOptions.Section);
        return services.AddSingleton<IValidateOptions<SourceChainOptions>, SourceChainOptions>().AddIntake();
    }

    static IServiceCollection AddIntake(this IServiceCollection services)
    {
        services.AddOptions<IntakeOptions>().BindConfiguration(IntakeOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<IntakeOptions>, IntakeOptions>();
        services.AddOptions<RetentionOptions>().BindConfiguration(RetentionOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<RetentionOptions>, RetentionOptions>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<FileIntake>();
        services.TryAddSingleton<BarRetention>();
        return services;
    }

    /// <summary>A source that is made only where an order names it: it may need files that others do not
    /// have.</summary>
    static IServiceCollection AddLocalSource<T>(this IServiceCollection services, string name)
        where T : class, IBarSource =>
        services.AddSingleton<IBarSource>(
            all => IsNamed(all, name) ? all.GetRequiredService<T>() : new DisabledSource(name));

    static bool IsNamed(IServiceProvider services, string name)
    {
        var order = services.GetRequiredService<IOptions<SourceChainOptions>>().Value.Order;
        return Enum.GetValues<AssetClass>().Any(symbols => order[symbols]?.Contains(name) == true);
    }

    static PriceHistory LoadHistory(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<MarketDataOptions>>().Value;
        var today = DateOnly.FromDateTime(services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime);
        var history = PriceHistory.Load(options.Prices, options.Sectors, today);
        return options.ReplayCoins ? SampleCoins.AddTo(history) : history;
    }

    /// <summary>Makes the chain with the start of the host, so that a bad file shows there and not at the first
    /// question.</summary>
    sealed class MarketDataStart(IServiceProvider services) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            _ = services.GetRequiredService<SourceChain>();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

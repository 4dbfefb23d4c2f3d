using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Trading.MarketData;

/// <summary>Composition of the market-data area.</summary>
public static class MarketDataServices
{
    /// <summary>Adds the source that the section <c>market_data</c> names. The price file is read once, before the start completes: one
    /// that breaks a rule stops the start with a <see cref="MarketDataFormatException"/>.</summary>
    public static IServiceCollection AddMarketData(this IServiceCollection services)
    {
        services.AddOptions<MarketDataOptions>().BindConfiguration(MarketDataOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<MarketDataOptions>, MarketDataOptions>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(LoadHistory);
        services.TryAddSingleton(CreateSource);
        services.AddHostedService<MarketDataStart>();
        return services;
    }

    static PriceHistory LoadHistory(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<MarketDataOptions>>().Value;
        var today = DateOnly.FromDateTime(services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime);
        return PriceHistory.Load(options.Prices, options.Sectors, today);
    }

    static IMarketDataSource CreateSource(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<MarketDataOptions>>().Value;
        var clock = services.GetRequiredService<TimeProvider>();
        var history = services.GetRequiredService<PriceHistory>();
        var terms = string.IsNullOrEmpty(options.Instruments) ? null : InstrumentFile.Read(options.Instruments);
        return options.Source == "csv"
            ? new CsvSource(history, clock, terms)
            : new ReplaySource(history, options.ReplayStart, TimeSpan.FromSeconds(options.ReplayInterval), clock, terms);
    }

    /// <summary>Makes the source with the start of the host, so that a bad file shows there and not at the first question.</summary>
    sealed class MarketDataStart(IServiceProvider services) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            _ = services.GetRequiredService<IMarketDataSource>();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

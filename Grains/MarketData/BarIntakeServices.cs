using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Trading.MarketData;

/// <summary>Composition of what brings bars to the grains of their symbols.</summary>
public static class BarIntakeServices
{
    /// <summary>Adds who takes bars in from callers and who follows the exchange's streams, to what
    /// <see cref="MarketDataServices.AddMarketData"/> adds.</summary>
    public static IServiceCollection AddBarIntake(this IServiceCollection services)
    {
        services.TryAddSingleton<IBarIntake, BarIntake>();
        return services.AddHostedService(all => new BinanceFollower(
            all.GetRequiredService<BinanceStream>(),
            all.GetRequiredService<IOptions<BinanceOptions>>().Value,
            all.GetRequiredService<SourceChain>().FillAsync,
            BinanceFollower.Grains(all),
            all.GetRequiredService<TimeProvider>(),
            all.GetRequiredService<ILogger<BinanceFollower>>()));
    }
}

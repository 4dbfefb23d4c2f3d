using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Trading.Backtests;

/// <summary>Composition of the backtests area.</summary>
public static class BacktestServices
{
    /// <summary>Adds what backtests need, with their options from section <c>backtests </c>, checked at the
    /// start.</summary>
    public static IServiceCollection AddBacktests(this IServiceCollection services)
    {
        services.AddOptions<BacktestOptions>().BindConfiguration(BacktestOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<BacktestOptions>, Validator>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(all => all.GetRequiredService<IOptions<BacktestOptions>>()
            .Value.Plugins is { Length: > 0 } folder
            ? StrategyPlugins.Load(folder) : StrategyCatalog.BuiltIn);
        services.TryAddSingleton<BacktestWorkers>();
        services.TryAddSingleton<BacktestHistories>();
        services.TryAddSingleton<BacktestFiles>();
        services.TryAddSingleton<BacktestRuns>();
        services.TryAddSingleton<SweepParts>();
        return services;
    }

    sealed class Validator : IValidateOptions<BacktestOptions>
    {
        public ValidateOptionsResult Validate(string? name, BacktestOptions options) => options.Validate();
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Trading.MarketData;

namespace Trading.Models;

/// <summary>Composition of the models area.</summary>
public static class ModelServices
{
    /// <summary>Adds what <see cref="ModelGrain"/> needs, with its options from section <c>models</c>, checked at the start; once the
    /// host runs, it starts the models of the configured symbols.</summary>
    public static IServiceCollection AddModels(this IServiceCollection services)
    {
        services.AddOptions<ModelOptions>().BindConfiguration(ModelOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ModelOptions>, Validator>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => ModelTrainers.Of(provider.GetRequiredService<IOptions<ModelOptions>>().Value));
        services.AddPublishedSeries();
        services.TryAddSingleton<TrainingWorkers>();
        services.TryAddSingleton<ModelHistories>();
        return services.AddHostedService<ModelStart>();
    }

    sealed class Validator : IValidateOptions<ModelOptions>
    {
        public ValidateOptionsResult Validate(string? name, ModelOptions options) => options.Validate();
    }
}

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Trading.Operations;

/// <summary>Section <c>monitoring</c>, as far as grains need it.</summary>
public sealed class MonitorOptions : IValidateOptions<MonitorOptions>
{
    public const string Section = "monitoring";

    /// <summary>The share of the time in which every part should serve, over 30 days; from 0.5 to 0.99999.</summary>
    [ConfigurationKeyName("availability_objective")] public double AvailabilityObjective { get; set; } = 0.999;

    public ValidateOptionsResult Validate(string? name, MonitorOptions options) =>
        options.AvailabilityObjective is >= 0.5 and <= 0.99999
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(FormattableString.Invariant(
                $"{Section}:availability_objective must be from 0.5 to 0.99999; it is {options.AvailabilityObjective}."));
}

public static class OperationsServices
{
    /// <summary>What the grains of operations need: their options, checked at the start.</summary>
    public static IServiceCollection AddOperations(this IServiceCollection services)
    {
        services.AddOptions<MonitorOptions>().BindConfiguration(MonitorOptions.Section).ValidateOnStart();
        return services.AddSingleton<IValidateOptions<MonitorOptions>, MonitorOptions>();
    }
}

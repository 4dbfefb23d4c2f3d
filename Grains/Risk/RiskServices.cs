using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Trading.Risk;

public static class RiskServices
{
    /// <summary>What <see cref="RiskLimitGrain"/> needs: its options, from section <c>risk</c> and checked at the
    /// start.</summary>
    public static IServiceCollection AddRisk(this IServiceCollection services)
    {
        services.AddOptions<RiskOptions>().BindConfiguration(RiskOptions.Section).ValidateOnStart();
        return services.AddSingleton<IValidateOptions<RiskOptions>, Validator>();
    }

    sealed class Validator : IValidateOptions<RiskOptions>
    {
        public ValidateOptionsResult Validate(string? name, RiskOptions options) => options.Validate();
    }
}

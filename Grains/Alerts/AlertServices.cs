using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Trading.Alerts;

public static class AlertServices
{
    /// <summary>What <see cref="AlertGrain"/> needs: its options, from section <c>alerts</c> and checked at the start,
    /// and the ways to reach people.</summary>
    public static IServiceCollection AddAlerts(this IServiceCollection services)
    {
        services.AddOptions<AlertOptions>().BindConfiguration(AlertOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AlertOptions>, AlertOptions>();
        return services.AddSingleton<NotificationSender>().AddSingleton<Heartbeat>();
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Runtime;

namespace Orleans.Hosting;

public static class SiloBuilderReminderMemoryExtensions
{
    /// <summary>Reminders that are lost when the silo stops.</summary>
    public static ISiloBuilder UseInMemoryReminderService(this ISiloBuilder builder)
    {
        builder.Services.TryAddSingleton<IReminderTable, MemoryReminderTable>();
        builder.Services.AddReminders();
        return builder;
    }
}

public static partial class SiloBuilderReminderExtensions
{
    /// <summary>The service that ticks; a table must be configured besides.</summary>
    public static void AddReminders(this IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(ReminderService))) return;
        services.AddSingleton<ReminderService>();
        services.AddSingleton<ISiloPart>(provider => provider.GetRequiredService<ReminderService>());
    }
}

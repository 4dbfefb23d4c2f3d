using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Hosting;

public static class AdoNetGrainStorageSiloBuilderExtensions
{
    /// <summary>State in SQLite or PostgreSQL; the table is created where it is missing.</summary>
    public static ISiloBuilder AddAdoNetGrainStorage(this ISiloBuilder builder, string name, Action<AdoNetGrainStorageOptions> configureOptions) =>
        builder.AddAdoNetGrainStorage(name, options => options.Configure(configureOptions));

    /// <inheritdoc cref="AddAdoNetGrainStorage(ISiloBuilder, string, Action{AdoNetGrainStorageOptions})"/>
    public static ISiloBuilder AddAdoNetGrainStorage(
        this ISiloBuilder builder, string name, Action<OptionsBuilder<AdoNetGrainStorageOptions>>? configureOptions = null)
    {
        configureOptions?.Invoke(builder.Services.AddOptions<AdoNetGrainStorageOptions>(name));
        builder.Services.AddKeyedSingleton(name, (services, _) =>
        {
            var options = services.GetRequiredService<IOptionsMonitor<AdoNetGrainStorageOptions>>().Get(name);
            return new DatabaseStorage(new(options.Invariant, options.ConnectionString, options.DataSource));
        });
        builder.Services.AddKeyedSingleton<IGrainStorage>(name, (services, _) => services.GetRequiredKeyedService<DatabaseStorage>(name));
        builder.Services.AddSingleton<ISiloPart>(services => services.GetRequiredKeyedService<DatabaseStorage>(name));
        return builder;
    }
}

public static partial class SiloBuilderReminderExtensions
{
    /// <summary>Reminders in SQLite or PostgreSQL; the table is created where it is missing.</summary>
    public static ISiloBuilder UseAdoNetReminderService(this ISiloBuilder builder, Action<AdoNetReminderTableOptions> configureOptions) =>
        builder.UseAdoNetReminderService(options => options.Configure(configureOptions));

    /// <inheritdoc cref="UseAdoNetReminderService(ISiloBuilder, Action{AdoNetReminderTableOptions})"/>
    public static ISiloBuilder UseAdoNetReminderService(
        this ISiloBuilder builder, Action<OptionsBuilder<AdoNetReminderTableOptions>> configureOptions)
    {
        configureOptions(builder.Services.AddOptions<AdoNetReminderTableOptions>());
        builder.Services.RemoveAll<IReminderTable>();
        builder.Services.AddSingleton<IReminderTable>(services =>
        {
            var options = services.GetRequiredService<IOptions<AdoNetReminderTableOptions>>().Value;
            return new DatabaseReminderTable(new(options.Invariant, options.ConnectionString, options.DataSource));
        });
        builder.Services.AddReminders();
        return builder;
    }
}

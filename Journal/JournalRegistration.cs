using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Trading.Journal;

/// <summary>Puts one journal into a service collection. It opens before any other hosted service starts, so that a
/// store that cannot be opened stops the start with its reason, and closes with the container, after writing what is
/// queued.</summary>
public static class JournalRegistration
{
    public static IServiceCollection AddInMemoryJournal(this IServiceCollection services) =>
        services.AddJournal(clock => new InMemoryJournal(clock));

    /// <param name="path">The SQLite file; created where missing, with its folder.</param>
    public static IServiceCollection AddSqliteJournal(this IServiceCollection services, string path) =>
        services.AddJournal(clock => EventJournal.Sqlite(path, clock));

    /// <param name="connectionString">Of Npgsql; the tables are created where missing.</param>
    public static IServiceCollection AddPostgresJournal(this IServiceCollection services, string connectionString) =>
        services.AddJournal(clock => EventJournal.Postgres(connectionString, clock));

    static IServiceCollection AddJournal(this IServiceCollection services, Func<TimeProvider, EventJournal> create)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => create(provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IJournal>(provider => provider.GetRequiredService<EventJournal>());
        return services.AddHostedService<Opening>();
    }

    sealed class Opening(EventJournal journal) : IHostedLifecycleService
    {
        public Task StartingAsync(CancellationToken cancellationToken) => journal.StartAsync(cancellationToken);
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

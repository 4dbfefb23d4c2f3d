using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Trading.MarketData;

/// <summary>The tables of bars, for whoever prepares a database.</summary>
public static class BarStores
{
    /// <summary>Creates what is missing.</summary>
    /// <exception cref="BarStoreException">The database cannot be reached, or is of another version.</exception>
    public static async Task PreparePostgresAsync(string connectionString, CancellationToken cancellation)
    {
        await using var store = new PostgresBarStore(connectionString);
        await store.OpenAsync(cancellation);
    }

    /// <inheritdoc cref="PreparePostgresAsync"/>
    public static async Task PrepareSqliteAsync(string path, CancellationToken cancellation)
    {
        await using var store = new SqliteBarStore(path);
        await store.OpenAsync(cancellation);
    }
}

/// <summary>Puts one bar store into a service collection. It opens before any other hosted service starts, so that a
/// store that cannot be opened stops the start with its reason, and closes with the container.</summary>
public static class BarStoreRegistration
{
    public static IServiceCollection AddInMemoryBarStore(this IServiceCollection services) =>
        services.AddBarStore(() => new InMemoryBarStore());

    /// <param name="path">The SQLite file; created where missing, with its folder. It may be that of the
    /// journal.</param>
    /// <param name="turn">Of whoever else writes the file in this process, each transaction in its turn; null for
    /// nobody.</param>
    public static IServiceCollection AddSqliteBarStore(
        this IServiceCollection services, string path, SemaphoreSlim? turn = null) =>
        services.AddBarStore(() => new SqliteBarStore(path, turn));

    /// <param name="connectionString">Of Npgsql; the tables are created where missing.</param>
    public static IServiceCollection AddPostgresBarStore(this IServiceCollection services, string connectionString) =>
        services.AddBarStore(() => new PostgresBarStore(connectionString));

    static IServiceCollection AddBarStore(this IServiceCollection services, Func<IBarStore> create) =>
        services.AddSingleton(_ => create()).AddHostedService<Opening>();

    sealed class Opening(IBarStore store) : IHostedLifecycleService
    {
        public Task StartingAsync(CancellationToken cancellationToken) => store.OpenAsync(cancellationToken);
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

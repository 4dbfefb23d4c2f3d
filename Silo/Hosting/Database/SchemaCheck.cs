namespace Trading.Hosting;

/// <summary>Before anything else of the host: a process that is alone brings its database up to date by itself; one of
/// a cluster only looks, since others may be running on it (<c>trading database migrate</c> does it).</summary>
sealed class SchemaCheck(DatabaseSchema schema, bool migrates) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) =>
        migrates ? schema.MigrateAsync(cancellationToken) : schema.RequireAsync(cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

static class SchemaCheckServices
{
    public static IServiceCollection AddSchemaCheck(
        this IServiceCollection services, StoreOptions store, bool migrates) =>
        services.AddHostedService(all => new SchemaCheck(
            new DatabaseSchema(store.ConnectionString!, all.GetRequiredService<TimeProvider>()), migrates));
}

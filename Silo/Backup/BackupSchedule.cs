using Npgsql;
using Trading.Hosting;
using Trading.Stores;

namespace Trading.Backup;

/// <summary>Makes a backup when the newest one is old enough. Of several silos one does: it holds a lock of the
/// database meanwhile, and the others find a new one.</summary>
sealed partial class BackupSchedule(
    Backups backups, BackupOptions options, StoreOptions store, TimeProvider clock, ILogger<BackupSchedule> log)
        : BackgroundService
{
    const long Lock = 0x5442636b;

    /// <summary>How often it looks.</summary>
    static readonly TimeSpan Look = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Look, clock);
        do
        {
            try
            {
                await TakeTurnAsync(stoppingToken);
            }
            catch (Exception failure)
                when (failure is StoreCopyException or IOException or UnauthorizedAccessException or NpgsqlException)
            {
                LogFailure(failure); // the next look tries again
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    async Task TakeTurnAsync(CancellationToken cancellation)
    {
        if (!IsDue()) return;
        if (store.Kind != "postgres")
        {
            await CreateAsync(cancellation);
            return;
        }

        await using var connection = new NpgsqlConnection(store.ConnectionString);
        await connection.OpenAsync(cancellation);
        await using var turn = new NpgsqlCommand($"SELECT pg_try_advisory_lock({Lock})", connection);
        if (await turn.ExecuteScalarAsync(cancellation) is not true) return;
        if (IsDue()) await CreateAsync(cancellation); // of silos that share the folder
        await using var end = new NpgsqlCommand($"SELECT pg_advisory_unlock({Lock})", connection);
        await end.ExecuteNonQueryAsync(cancellation);
    }

    bool IsDue() => backups.List() is not [var newest, ..]
        || clock.GetUtcNow() - newest.CreatedAt >= TimeSpan.FromHours(options.Every);

    async Task CreateAsync(CancellationToken cancellation)
    {
        var (entry, _) = await backups.CreateAsync(cancellation);
        LogMade(entry.Path, entry.Bytes);
    }

    [LoggerMessage(LogLevel.Information, "Backup {Path} was written, {Bytes} bytes.")]
    partial void LogMade(string path, long bytes);

    [LoggerMessage(LogLevel.Error, "No backup could be made.")]
    partial void LogFailure(Exception failure);
}

static class BackupServices
{
    /// <summary>Adds the schedule where the settings have one.</summary>
    public static IServiceCollection AddBackups(
        this IServiceCollection services, BackupOptions options, StoreOptions store)
    {
        if (options.Every == 0 || store.Kind == "memory") return services;
        return services.AddHostedService(all => new BackupSchedule(
            new Backups(options, store, all.GetRequiredService<TimeProvider>()), options, store,
            all.GetRequiredService<TimeProvider>(), all.GetRequiredService<ILogger<BackupSchedule>>()));
    }
}

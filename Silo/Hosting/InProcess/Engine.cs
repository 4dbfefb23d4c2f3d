namespace Trading.Hosting;

/// <summary>How the embedded engine keeps grain state and reminders.</summary>
static class Engine
{
    public const string Name = "InProcess";

    public static void Compose(ISiloBuilder silo, StoreOptions store)
    {
        silo.UseLocalhostClustering();
        switch (store.Kind)
        {
            case "sqlite":
                UseDatabase(silo, "Microsoft.Data.Sqlite", $"Data Source={store.Path}");
                break;
            case "postgres":
                UseDatabase(silo, "Npgsql", store.ConnectionString!);
                break;
            default:
                silo.AddMemoryGrainStorage("trading").UseInMemoryReminderService();
                break;
        }
    }

    static void UseDatabase(ISiloBuilder silo, string invariant, string connectionString) => silo
        .AddAdoNetGrainStorage("trading", options =>
        {
            options.Invariant = invariant;
            options.ConnectionString = connectionString;
        })
        .UseAdoNetReminderService(options =>
        {
            options.Invariant = invariant;
            options.ConnectionString = connectionString;
        });
}

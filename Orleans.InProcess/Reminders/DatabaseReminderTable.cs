using Orleans.Storage;

namespace Orleans.Runtime;

/// <summary>Reminders in the table grain_reminder. Times are ticks (100 ns) of UTC, periods likewise.</summary>
sealed class DatabaseReminderTable(Database database) : IReminderTable, IDisposable
{
    const string Tables = """
        CREATE TABLE IF NOT EXISTS grain_reminder (
            grain_type text NOT NULL,
            grain_key text NOT NULL,
            name text NOT NULL,
            first_tick bigint NOT NULL,
            period bigint NOT NULL,
            PRIMARY KEY (grain_type, grain_key, name))
        """;

    const string Upsert = """
        INSERT INTO grain_reminder (grain_type, grain_key, name, first_tick, period) VALUES (@type, @key, @name, @first_tick, @period)
        ON CONFLICT (grain_type, grain_key, name) DO UPDATE SET first_tick = excluded.first_tick, period = excluded.period
        """;

    const string Delete = "DELETE FROM grain_reminder WHERE grain_type = @type AND grain_key = @key AND name = @name";

    public Task CreateAsync(CancellationToken cancellation) => database.CreateAsync(Tables, cancellation);

    public Task<List<ReminderRow>> ReadAllAsync() => database.QueryAsync(
        "SELECT grain_type, grain_key, name, first_tick, period FROM grain_reminder",
        static row => new ReminderRow(
            GrainId.Create(row.GetString(0), row.GetString(1)), row.GetString(2),
            new DateTime(row.GetInt64(3), DateTimeKind.Utc), TimeSpan.FromTicks(row.GetInt64(4))),
        default);

    public Task UpsertAsync(ReminderRow row) => ChangeAsync(
        Upsert, ("type", row.Grain.Type.ToString()), ("key", row.Grain.Key.ToString()), ("name", row.Name),
        ("first_tick", row.FirstTick.Ticks), ("period", row.Period.Ticks));

    public Task RemoveAsync(GrainId grain, string name) =>
        ChangeAsync(Delete, ("type", grain.Type.ToString()), ("key", grain.Key.ToString()), ("name", name));

    Task<List<int>> ChangeAsync(string sql, params (string, object?)[] parameters) =>
        database.QueryAsync(sql, static _ => 0, default, parameters);

    public void Dispose() => database.Dispose();
}

namespace Trading.Hosting;

/// <summary>Reminders in a SQLite file that the journal writes too: a write takes its turn, as <see cref="SqliteTurnStorage"/> does.</summary>
/// <param name="turn">Of the file.</param>
sealed class SqliteTurnReminders(IReminderTable inner, SqliteTurn turn) : IReminderTable
{
    public Task StartAsync(CancellationToken cancellationToken) => inner.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => inner.StopAsync(cancellationToken);

    public Task<ReminderTableData> ReadRows(GrainId grainId) => ReadRows(grainId, default);

    public Task<ReminderTableData> ReadRows(GrainId grainId, CancellationToken cancellationToken) => inner.ReadRows(grainId, cancellationToken);

    public Task<ReminderTableData> ReadRows(uint begin, uint end) => ReadRows(begin, end, default);

    public Task<ReminderTableData> ReadRows(uint begin, uint end, CancellationToken cancellationToken) =>
        inner.ReadRows(begin, end, cancellationToken);

    public Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) => ReadRow(grainId, reminderName, default);

    public Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName, CancellationToken cancellationToken) =>
        inner.ReadRow(grainId, reminderName, cancellationToken);

    public Task<string?> UpsertRow(ReminderEntry entry) => UpsertRow(entry, default);

    public async Task<string?> UpsertRow(ReminderEntry entry, CancellationToken cancellationToken)
    {
        string? tag = null;
        await turn.WriteAsync(async () => tag = await inner.UpsertRow(entry, cancellationToken));
        return tag;
    }

    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) => RemoveRow(grainId, reminderName, eTag, default);

    public async Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag, CancellationToken cancellationToken)
    {
        var isGone = false;
        await turn.WriteAsync(async () => isGone = await inner.RemoveRow(grainId, reminderName, eTag, cancellationToken));
        return isGone;
    }

    public Task TestOnlyClearTable() => TestOnlyClearTable(default);

    public Task TestOnlyClearTable(CancellationToken cancellationToken) => turn.WriteAsync(() => inner.TestOnlyClearTable(cancellationToken));
}

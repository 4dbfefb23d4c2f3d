using System.Collections.Concurrent;

namespace Orleans.Runtime;

/// <summary>One reminder as it is stored. Times are UTC.</summary>
sealed record ReminderRow(GrainId Grain, string Name, DateTime FirstTick, TimeSpan Period);

/// <summary>Where reminders are kept.</summary>
interface IReminderTable
{
    Task CreateAsync(CancellationToken cancellation);
    Task<List<ReminderRow>> ReadAllAsync();
    Task UpsertAsync(ReminderRow row);
    Task RemoveAsync(GrainId grain, string name);
}

/// <summary>Reminders that last as long as the silo.</summary>
sealed class MemoryReminderTable : IReminderTable
{
    readonly ConcurrentDictionary<(GrainId, string), ReminderRow> _rows = new();

    public Task CreateAsync(CancellationToken cancellation) => Task.CompletedTask;

    public Task<List<ReminderRow>> ReadAllAsync() => Task.FromResult(_rows.Values.ToList());

    public Task UpsertAsync(ReminderRow row)
    {
        _rows[(row.Grain, row.Name)] = row;
        return Task.CompletedTask;
    }

    public Task RemoveAsync(GrainId grain, string name)
    {
        _rows.TryRemove((grain, name), out _);
        return Task.CompletedTask;
    }
}

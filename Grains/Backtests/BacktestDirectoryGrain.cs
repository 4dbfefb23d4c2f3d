using System.Collections.Immutable;

namespace Trading.Backtests;

[GenerateSerializer, Alias("trading.backtest-directory-record")]
public sealed record BacktestDirectoryRecord
{
    /// <summary>In the order in which they came.</summary>
    [Id(0)] public ImmutableArray<string> Ids { get; init; } = [];
}

/// <summary>Knows the ids of all jobs.</summary>
public sealed class BacktestDirectoryGrain(
    [PersistentState("backtests", "trading")] IPersistentState<BacktestDirectoryRecord> stored)
        : Grain, IBacktestDirectoryGrain
{
    /// <summary>Jobs whose results are kept.</summary>
    const int MostJobs = 100_000;

    public Task<ImmutableArray<string>> GetIdsAsync() =>
        Task.FromResult<ImmutableArray<string>>([.. stored.State.Ids.Reverse()]);

    public async Task<Outcome<string>> AddAsync(string id)
    {
        if (stored.State.Ids.Contains(id)) return Outcome.Done(id);
        if (stored.State.Ids.Length >= MostJobs)
            return Outcome.Conflict<string>("id", "too_many", $"There are {MostJobs} jobs; no more are kept.");
        stored.State = new() { Ids = stored.State.Ids.Add(id) };
        await stored.WriteStateAsync();
        return Outcome.Done(id);
    }
}

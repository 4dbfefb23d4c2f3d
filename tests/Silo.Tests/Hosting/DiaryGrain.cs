using System.Collections.Immutable;
using System.Threading.Channels;
using Trading.Risk;

namespace Trading.Hosting.Tests;

[GenerateSerializer, Alias("trading.tests.diary-state")]
public sealed record DiaryState
{
    [Id(0)] public LimitsVersion? Current { get; init; }
    [Id(1)] public ImmutableArray<LimitsVersion> Earlier { get; init; } = [];
    [Id(2)] public ImmutableDictionary<string, RiskRule> Notes { get; init; } = [];

    /// <summary>What a serializer may get wrong: nested and immutable types, enums, exact decimals, offsets, nulls, letters.</summary>
    public static DiaryState Sample { get; } = CreateSample();

    static DiaryState CreateSample()
    {
        var limits = RiskLimits.Default with { MinCash = 12_345.678901234567m, MaxDrawdown = null };
        var changedAt = new DateTimeOffset(2026, 1, 5, 12, 0, 0, 123, TimeSpan.FromHours(1));
        var current = new LimitsVersion(3, limits, "Zoë", changedAt, "new \"mandate\"");
        return new DiaryState
        {
            Current = current,
            Earlier = [current with { Version = 2 }, current with { Version = 1 }],
            Notes = ImmutableDictionary.CreateRange(
                [KeyValuePair.Create("Sector X", RiskRule.SectorExposure), KeyValuePair.Create("v", RiskRule.ValueAtRisk95)]),
        };
    }
}

/// <summary>A grain with all that a store is for: a state and a reminder.</summary>
[Alias("trading.tests.diary")]
public interface IDiaryGrain : IGrainWithStringKey
{
    Task WriteAsync(DiaryState entry);
    Task<DiaryState?> ReadAsync();
    Task ClearAsync();
    Task RemindAsync(TimeSpan period);
    Task ForgetAsync();
    Task<bool> IsRemindedAsync();
}

/// <summary>The keys of the diaries whose reminder ticked.</summary>
sealed class Ticks
{
    public Channel<string> Keys { get; } = Channel.CreateUnbounded<string>();
}

sealed class DiaryGrain([PersistentState("state", "trading")] IPersistentState<DiaryState> diary, Ticks ticks)
    : Grain, IDiaryGrain, IRemindable
{
    const string Reminder = "write";

    public Task WriteAsync(DiaryState entry)
    {
        diary.State = entry;
        return diary.WriteStateAsync();
    }

    public Task<DiaryState?> ReadAsync() => Task.FromResult(diary.RecordExists ? diary.State : null);

    public Task ClearAsync() => diary.ClearStateAsync();

    public Task RemindAsync(TimeSpan period) => this.RegisterOrUpdateReminder(Reminder, period, period);

    public async Task ForgetAsync() => await this.UnregisterReminder((await this.GetReminder(Reminder))!);

    public async Task<bool> IsRemindedAsync() => await this.GetReminder(Reminder) is not null;

    public Task ReceiveReminder(string reminderName, TickStatus status) =>
        ticks.Keys.Writer.WriteAsync(this.GetPrimaryKeyString()).AsTask();
}

/// <summary>Another type of grain with a state of the same name.</summary>
[Alias("trading.tests.counter")]
public interface ICounterGrain : IGrainWithStringKey
{
    Task<int> IncrementAsync();
}

sealed class CounterGrain([PersistentState("state", "trading")] IPersistentState<CounterState> counter) : Grain, ICounterGrain
{
    public async Task<int> IncrementAsync()
    {
        counter.State.Count++;
        await counter.WriteStateAsync();
        return counter.State.Count;
    }
}

[GenerateSerializer, Alias("trading.tests.counter-state")]
public sealed class CounterState
{
    [Id(0)] public int Count { get; set; }
}

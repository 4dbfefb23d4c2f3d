using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Storage;
using Trading.Journal;
using Trading.MarketData;
using Trading.Portfolios;
using Trading.Risk;
using Trading.Testing;

namespace Trading.Simulation.Tests;

/// <summary>The real grains under a clock that stands still until it is moved, on a journal, a store and reminders that outlive a silo.
/// Whoever calls, calls alone: between two calls and between two timers everything comes to rest.</summary>
sealed class World : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    /// <summary>How long everything may take to come to rest, in real time: longer means that something hangs.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly IReminderTable _reminders = new MemoryReminderTable();
    readonly List<TestSilo> _silos = [];

    public World(int seed)
    {
        Journal = new(Clock);
        Market = new(Clock, new Random(seed));
    }

    public ManualTimeProvider Clock { get; } = new(Start);
    public FaultyJournal Journal { get; }
    public FaultyStorage Storage { get; } = new();
    public SimulatedMarket Market { get; }
    public DateTimeOffset Now => Clock.GetUtcNow();
    public int SiloCount => _silos.Count;

    public IGrainFactory Grains(int silo = 0) => _silos[silo].Grains;

    /// <summary>One more silo, which knows nothing of the others.</summary>
    public async Task StartSiloAsync() => _silos.Add(await TestSilo.StartAsync(
        services =>
        {
            services.AddSingleton<IJournal>(Journal);
            services.AddKeyedSingleton<IGrainStorage>("trading", Storage);
            services.AddSingleton(_reminders);
            services.AddSingleton<ISymbolFeeds>(Market);
            services.AddSingleton(Options.Create(new MarketDataOptions { RefreshInterval = 7 }));
            services.AddSingleton(Options.Create(new PortfolioOptions
            {
                PriceRefresh = 11, VarLookbackDays = 30, VarMinSessions = 20, SnapshotEvery = 60, RecentKeys = 16,
                Analysis = new() { MonteCarloScenarios = 40, LongWindowDays = 100 },
            }));
            services.AddSingleton(Options.Create(new RiskOptions { LimitsRefresh = 13 }));
        },
        time: Clock));

    /// <summary>Ends the newest silo as a host does: grains leave their snapshots behind.</summary>
    public async Task StopSiloAsync()
    {
        await SettleAsync();
        var silo = _silos[^1];
        await silo.DisposeAsync();
        _silos.Remove(silo);
        await SettleAsync();
    }

    /// <summary>Waits until no grain and no append has anything to do. Looks thrice, since what ends in one place may just be about to
    /// begin in another.</summary>
    public async Task SettleAsync()
    {
        var begun = TimeProvider.System.GetTimestamp();
        for (var (calm, looks) = (0, 0); calm < 3; looks++)
        {
            calm = IsQuiet ? calm + 1 : 0;
            if (looks % 64 == 63) await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
            else await Task.Yield();
            if (TimeProvider.System.GetElapsedTime(begun) > Patience) throw new TimeoutException("The silo does not come to rest.");
        }
    }

    /// <summary>Moves the clock from timer to timer, and lets each do its work before the next.</summary>
    public async Task AdvanceAsync(TimeSpan by)
    {
        var target = Now + by;
        while (Clock.Step(target)) await SettleAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos) await silo.DisposeAsync();
        Journal.Dispose();
    }

    bool IsQuiet => Journal.Waiting == 0 && _silos.All(silo => silo.Services.GetRequiredService<Silo>().IsQuiet);
}

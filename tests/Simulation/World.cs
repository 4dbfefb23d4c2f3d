using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Storage;
using Trading.Journal;
using Trading.MarketData;
using Trading.Portfolios;
using Trading.Risk;
using Trading.Testing;

namespace Trading.Simulation.Tests;

/// <summary>The real grains on real silos, under a clock that stands still until it is moved, on a journal, a store
/// and reminders that outlive a silo. Whoever calls, calls alone: between two calls and between two timers everything
/// comes to rest.</summary>
sealed class World : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    readonly VirtualTime _time = new(Start);
    readonly Activations _activations = new();
    readonly RestDetector _rest;
    readonly OneCallAtATime _calls;
    readonly List<TestSilo> _silos = [];

    public World(int seed)
    {
        _rest = new(UnderWay);
        _calls = new(_rest, Trace);
        Journal = new(_time.Clock, _rest, Trace);
        Market = new(_time.Clock, new Random(seed));
    }

    public Trace Trace { get; } = new();
    public FaultyJournal Journal { get; }
    public FaultyStorage Storage { get; } = new();
    public SimulatedMarket Market { get; }
    public DateTimeOffset Now => _time.Clock.GetUtcNow();
    public int SiloCount => _silos.Count;

    public IGrainFactory Grains(int silo = 0) => _silos[silo].Grains;

    /// <summary>One more silo, which knows nothing of the others.</summary>
    public async Task StartSiloAsync() => _silos.Add(await TestSilo.StartAsync(
        _time,
        services =>
        {
            services.AddSingleton<IJournal>(Journal);
            services.AddKeyedSingleton<IGrainStorage>("trading", Storage);
            services.AddSingleton<ISymbolFeeds>(Market);
            services.AddSingleton(Options.Create(new MarketDataOptions { RefreshInterval = 7 }));
            services.AddSingleton<DecisionReplays>();
            services.AddSingleton(Options.Create(new PortfolioOptions
            {
                PriceRefresh = 11, VarLookbackDays = 30, VarMinSessions = 20, SnapshotEvery = 60, RecentKeys = 16,
                Analysis = new() { MonteCarloScenarios = 40, LongWindowDays = 100 },
            }));
            services.AddSingleton(Options.Create(new RiskOptions { LimitsRefresh = 13 }));
        },
        silo => silo.AddOutgoingGrainCallFilter(_calls)));

    /// <summary>Ends the newest silo as a host does: grains leave their snapshots behind.</summary>
    public async Task StopSiloAsync()
    {
        await SettleAsync();
        var silo = _silos[^1];
        await silo.DisposeAsync();
        _silos.Remove(silo);
        await SettleAsync();
    }

    /// <summary>The grains that are active, always in one order.</summary>
    public IReadOnlyList<IGrainContext> Activations => _activations.Living;

    /// <summary>Ends an activation as a silo does that has not heard of it for long.</summary>
    public Task EndAsync(IGrainContext activation)
    {
        activation.Deactivate(new(DeactivationReasonCode.ActivationIdle, "It was idle for long."));
        return SettleAsync();
    }

    /// <summary>Lets nothing be written until <see cref="ReleaseJournal"/>.</summary>
    public void HoldJournal() => _rest.HoldsCommits = true;

    public void ReleaseJournal() => _rest.HoldsCommits = false;

    /// <summary>Waits until no grain and no append has anything to do.</summary>
    public Task SettleAsync() => _rest.WaitAsync(Turn.Quiet);

    /// <summary>Waits until nothing moves, be it that all is done or that it waits for a journal that is
    /// held.</summary>
    public Task StandstillAsync() => _rest.WaitAsync(Turn.Standstill);

    /// <summary>Moves the clock from timer to timer, and lets each do its work before the next.</summary>
    public async Task AdvanceAsync(TimeSpan by)
    {
        var target = Now + by;
        while (_time.Clock.Step(target)) await SettleAsync();
    }

    public async ValueTask DisposeAsync()
    {
        ReleaseJournal();
        foreach (var silo in _silos) await silo.DisposeAsync();
        _rest.Dispose();
        _activations.Dispose();
        Journal.Dispose();
    }

    string? UnderWay()
    {
        var (calls, ticks, ending) = (_calls.UnderWay, _time.Ticks.Count, _activations.Ending);
        return calls + ticks + ending == 0 ? null : $"{calls} calls, {ticks} ticks and {ending} endings of activations";
    }
}

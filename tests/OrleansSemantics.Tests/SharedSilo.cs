using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Trading.Testing;

namespace Trading.OrleansSemantics.Tests;

/// <summary>What grains report, by grain key, and gates at which they wait.</summary>
public sealed class Probe
{
    readonly ConcurrentDictionary<string, Channel<string>> _events = new();
    readonly ConcurrentDictionary<string, TaskCompletionSource> _gates = new();

    public void Report(string key, string what) => Events(key).Writer.TryWrite(what);

    /// <summary>The next report, at the latest after half a minute.</summary>
    public Task<string> NextAsync(string key) =>
        Events(key).Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>Reports up to and with one.</summary>
    public async Task<List<string>> UntilAsync(string key, string last)
    {
        List<string> all = [];
        do all.Add(await NextAsync(key));
        while (all[^1] != last);
        return all;
    }

    /// <summary>What was reported and not yet read.</summary>
    public List<string> Rest(string key)
    {
        List<string> all = [];
        while (Events(key).Reader.TryRead(out var one)) all.Add(one);
        return all;
    }

    public Task GateAsync(string key) => Gate(key).Task;

    public void Open(string key) => Gate(key).TrySetResult();

    Channel<string> Events(string key) => _events.GetOrAdd(key, _ => Channel.CreateUnbounded<string>());

    TaskCompletionSource Gate(string key) =>
        _gates.GetOrAdd(key, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}

/// <summary>One silo for all tests that need nothing special of it.</summary>
public sealed class SharedSilo : IAsyncLifetime
{
    public TestSilo Silo { get; private set; } = null!;
    public IGrainFactory Grains => Silo.Grains;
    public Probe Probe { get; } = new();

    public async ValueTask InitializeAsync() => Silo = await TestSilo.StartAsync(
        services => services.AddSingleton(Probe),
        silo => silo
            .Configure<ReminderOptions>(options => options.MinimumReminderPeriod = TimeSpan.FromMilliseconds(50)));

    public async ValueTask DisposeAsync() => await Silo.DisposeAsync();
}

[CollectionDefinition(nameof(SharedSilo))]
public sealed class SharedSiloCollection : ICollectionFixture<SharedSilo>;

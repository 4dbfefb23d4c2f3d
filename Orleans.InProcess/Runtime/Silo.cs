using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.InProcess;

namespace Orleans.Runtime;

/// <summary>The one silo of a process: what activations share, started and stopped with the host.</summary>
sealed class Silo : IHostedService, IClusterClient
{
    readonly IEnumerable<ISiloPart> _parts;
    volatile bool _open, _stopping;

    public Silo(
        IServiceProvider services, IOptions<GrainCollectionOptions> collection, IOptions<SiloMessagingOptions> messaging,
        IEnumerable<IIncomingGrainCallFilter> filters, IEnumerable<ISiloPart> parts, ILogger<Silo> logger, TimeProvider? time = null)
    {
        Services = services;
        Time = time ?? TimeProvider.System;
        Collection = collection.Value;
        ResponseTimeout = messaging.Value.ResponseTimeout;
        Filters = [.. filters];
        Log = new(logger);
        Activations = new(this);
        Pending = new(this);
        Interfaces = new(this);
        _parts = parts;
    }

    public IServiceProvider Services { get; }
    public TimeProvider Time { get; }
    public GrainCollectionOptions Collection { get; }
    public TimeSpan ResponseTimeout { get; }
    public IIncomingGrainCallFilter[] Filters { get; }
    public EngineLog Log { get; }
    public ActivationDirectory Activations { get; }
    public PendingCalls Pending { get; }
    public GrainInterfaces Interfaces { get; }

    IServiceProvider IClusterClient.ServiceProvider => Services;

    /// <summary>Whether no grain runs or waits for its turn: nothing happens until somebody calls or the clock moves.</summary>
    public bool IsQuiet => Interfaces.Classes.All(grainClass => grainClass.Activations.Values.All(activation => activation.IsQuiet));

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var part in _parts) await part.StartAsync(this, cancellationToken);
        Activations.Start();
        _open = true;
        foreach (var part in _parts) part.Open();
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_stopping) return;
        _stopping = true;
        foreach (var part in _parts) part.Close();
        try
        {
            await Activations.StopAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Log.StoppedEarly(Activations.Count);
        }

        _open = false;
        Activations.Dispose();
        Pending.Dispose();
    }

    /// <summary>While the silo stops, only the grains that are ending may still call.</summary>
    public void ThrowUnlessOpen(GrainCall call)
    {
        if (!_open || _stopping && call.Source is null)
            throw new SiloUnavailableException(_stopping ? "The silo has stopped." : "The silo has not started.");
    }

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey =>
        (TGrainInterface)(object)GetGrain(typeof(TGrainInterface), primaryKey, grainClassNamePrefix);

    public IGrain GetGrain(Type grainInterfaceType, string grainPrimaryKey) =>
        (IGrain)(object)GetGrain(grainInterfaceType, grainPrimaryKey, null);

    public TGrainInterface GetGrain<TGrainInterface>(GrainId grainId) where TGrainInterface : IAddressable =>
        (TGrainInterface)(object)Interfaces.Reference(
            typeof(TGrainInterface), new(this, Interfaces.Resolve(grainId.Type), grainId.Key.ToString()));

    GrainReference GetGrain(Type type, string key, string? prefix)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        return Interfaces.Reference(type, new(this, Interfaces.Resolve(type, prefix), key));
    }

    /// <summary>A timer that does not carry its creator's context into its ticks.</summary>
    public ITimer CreateTimer(TimerCallback callback, object state, TimeSpan? period = null)
    {
        var time = period ?? Timeout.InfiniteTimeSpan;
        using var flow = ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow();
        return Time.CreateTimer(callback, state, time, time);
    }

    /// <summary>A timer that ticks once.</summary>
    public ITimer StartTimer(TimerCallback callback, object state, TimeSpan dueTime)
    {
        var timer = CreateTimer(callback, state);
        timer.Change(dueTime, Timeout.InfiniteTimeSpan);
        return timer;
    }
}

/// <summary>What starts before the silo takes calls, opens with it and closes before it stops: stores and reminders.</summary>
interface ISiloPart
{
    Task StartAsync(Silo silo, CancellationToken cancellation);
    void Open() { }
    void Close() { }
}

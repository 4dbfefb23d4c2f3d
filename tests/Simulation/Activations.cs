using Orleans.Runtime.Diagnostics;
using Trading.Portfolios;

namespace Trading.Simulation.Tests;

/// <summary>The activations of our grains in this process: those that live, and those that are ending.</summary>
sealed class Activations : IObserver<GrainLifecycleEvents.LifecycleEvent>, IDisposable
{
    readonly Lock _gate = new();
    readonly HashSet<IGrainContext> _living = [];
    readonly HashSet<IGrainContext> _ending = [];
    readonly IDisposable _events;

    public Activations() => _events = GrainLifecycleEvents.AllEvents.Subscribe(this);

    public int Ending
    {
        get
        {
            lock (_gate) return _ending.Count;
        }
    }

    /// <summary>Always in one order, whatever happened before.</summary>
    public IReadOnlyList<IGrainContext> Living
    {
        get
        {
            lock (_gate) return [.. _living.OrderBy(context => $"{context.GrainId}", StringComparer.Ordinal)];
        }
    }

    public void OnNext(GrainLifecycleEvents.LifecycleEvent value)
    {
        var context = value.GrainContext;
        lock (_gate)
            switch (value)
            {
                case GrainLifecycleEvents.Activated when IsOurs(context):
                    _living.Add(context);
                    break;
                case GrainLifecycleEvents.Deactivating:
                    _living.Remove(context);
                    _ending.Add(context);
                    break;
                case GrainLifecycleEvents.Deactivated:
                    _ending.Remove(context);
                    break;
            }
    }

    public void OnCompleted() { }

    public void OnError(Exception error) { }

    public void Dispose() => _events.Dispose();

    static bool IsOurs(IGrainContext context) =>
        context.GrainInstance?.GetType().Assembly == typeof(PortfolioGrain).Assembly;
}

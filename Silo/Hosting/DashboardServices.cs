namespace Trading.Hosting;

/// <summary>What the dashboard of Orleans runs besides its pages. It begins with the first look at them, where its package would have it
/// begin with the silo, and ends with the program.</summary>
sealed class DashboardServices(IServiceProvider services) : IHostedService, ISiloLifecycle
{
    const string Key = nameof(DashboardServices);

    readonly List<(int Stage, ILifecycleObserver Observer)> _observers = [];
    readonly List<IHostedService> _hosted = [];

    public bool IsStarted { get; private set; }

    public int HighestCompletedStage => IsStarted ? ServiceLifecycleStage.Last : ServiceLifecycleStage.First;
    public int LowestStoppedStage => ServiceLifecycleStage.Last;

    /// <summary>Takes what was registered from a place on away from the silo's start.</summary>
    public static void Take(IServiceCollection registered, int from)
    {
        foreach (var service in registered.Skip(from).Where(service =>
            service.ServiceType == typeof(IHostedService) || service.ServiceType == typeof(ILifecycleParticipant<ISiloLifecycle>)).ToList())
        {
            registered.Remove(service);
            registered.Add(ServiceDescriptor.KeyedSingleton(service.ServiceType, Key, (provider, _) =>
                service.ImplementationFactory?.Invoke(provider)
                ?? ActivatorUtilities.CreateInstance(provider, service.ImplementationType!)));
        }

        registered.AddSingleton<DashboardServices>().AddHostedService(provider => provider.GetRequiredService<DashboardServices>());
    }

    /// <summary>Starts it all; called once.</summary>
    public async Task BeginAsync()
    {
        foreach (var participant in services.GetKeyedServices<ILifecycleParticipant<ISiloLifecycle>>(Key)) participant.Participate(this);
        foreach (var (_, observer) in _observers.OrderBy(one => one.Stage)) await observer.OnStart(CancellationToken.None);
        foreach (var service in services.GetKeyedServices<IHostedService>(Key))
        {
            await service.StartAsync(CancellationToken.None);
            _hosted.Add(service);
        }

        IsStarted = true;
    }

    public IDisposable Subscribe(string observerName, int stage, ILifecycleObserver observer)
    {
        _observers.Add((stage, observer));
        return new Nothing();
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (!IsStarted) return;
        foreach (var service in _hosted) await service.StopAsync(cancellationToken);
        foreach (var (_, observer) in _observers.OrderByDescending(one => one.Stage)) await observer.OnStop(cancellationToken);
    }

    /// <summary>Nobody leaves before the end.</summary>
    sealed class Nothing : IDisposable
    {
        public void Dispose()
        {
        }
    }
}

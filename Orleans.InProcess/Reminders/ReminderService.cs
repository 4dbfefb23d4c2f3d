using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Hosting;
using Orleans.InProcess;

namespace Orleans.Runtime;

/// <summary>Wakes grains at the times that they asked for. All reminders are in memory; the table makes them durable.</summary>
sealed class ReminderService(IReminderTable table, IOptions<ReminderOptions> options) : ISiloPart
{
    readonly ConcurrentDictionary<(GrainId, string), Reminder> _reminders = new();
    Silo? _silo;

    Silo Silo => _silo ?? throw new SiloUnavailableException("The silo has not started.");

    public static ReminderService Of(IGrainBase grain) =>
        grain.GrainContext.ActivationServices.GetService<ReminderService>() ?? throw new OrleansConfigurationException(
            "The reminder service has not been configured: call UseInMemoryReminderService or UseAdoNetReminderService.");

    public async Task StartAsync(Silo silo, CancellationToken cancellation)
    {
        _silo = silo;
        await table.CreateAsync(cancellation);
        foreach (var row in await table.ReadAllAsync()) _reminders[(row.Grain, row.Name)] = new(silo, row);
    }

    public void Open()
    {
        foreach (var (_, reminder) in _reminders) reminder.Schedule();
    }

    public void Close()
    {
        foreach (var (_, reminder) in _reminders) reminder.Dispose();
    }

    public async Task<IGrainReminder> RegisterAsync(IGrainBase grain, string name, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(period, TimeSpan.Zero);
        if (period < options.Value.MinimumReminderPeriod)
            throw new ArgumentException(
                $"Cannot register reminder {name} as requested period ({period}) is less than minimum allowed reminder period "
                + $"({options.Value.MinimumReminderPeriod})");
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (grain is not IRemindable)
            throw new InvalidOperationException($"{grain.GetType()} does not implement {nameof(IRemindable)}.");
        var row = new ReminderRow(grain.GrainContext.GrainId, name, (Silo.Time.GetUtcNow() + dueTime).UtcDateTime, period);
        await table.UpsertAsync(row);
        return Schedule(row);
    }

    public async Task UnregisterAsync(IGrainReminder handle)
    {
        var reminder = (Reminder)handle;
        await table.RemoveAsync(reminder.Row.Grain, reminder.ReminderName);
        if (_reminders.TryRemove((reminder.Row.Grain, reminder.ReminderName), out var scheduled)) scheduled.Dispose();
    }

    public Task<IGrainReminder?> GetAsync(IGrainBase grain, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return Task.FromResult<IGrainReminder?>(_reminders.GetValueOrDefault((grain.GrainContext.GrainId, name)));
    }

    public Task<List<IGrainReminder>> GetAllAsync(IGrainBase grain) => Task.FromResult(
        _reminders.Values.Where(reminder => reminder.Row.Grain == grain.GrainContext.GrainId).Cast<IGrainReminder>().ToList());

    Reminder Schedule(ReminderRow row)
    {
        var key = (row.Grain, row.Name);
        if (_reminders.TryRemove(key, out var before)) before.Dispose();
        var reminder = _reminders[key] = new Reminder(Silo, row);
        reminder.Schedule();
        return reminder;
    }

    sealed class Reminder : IGrainReminder, IDisposable
    {
        readonly Silo _silo;
        readonly ITimer _timer;
        long _lastDue, _nextDue;
        volatile bool _disposed;

        public Reminder(Silo silo, ReminderRow row)
        {
            _silo = silo;
            Row = row;
            _timer = silo.CreateTimer(static reminder => _ = ((Reminder)reminder!).TickAsync(), this);
        }

        public ReminderRow Row { get; }

        public string ReminderName => Row.Name;

        /// <summary>Sets the timer for the first tick that is neither past nor done: what was missed is not made up for. A timer
        /// may fire before the clock shows its time; the tick counts all the same.</summary>
        public void Schedule()
        {
            var now = _silo.Time.GetUtcNow().UtcDateTime;
            var period = Math.Max(Row.Period.Ticks, TimeSpan.TicksPerMillisecond);
            var earliest = Math.Max(now.Ticks, _lastDue + 1);
            var periods = Math.Max(0, (earliest - Row.FirstTick.Ticks + period - 1) / period);
            _nextDue = Row.FirstTick.Ticks + periods * period;
            if (!_disposed) _timer.Change(TimeSpan.FromTicks(Math.Max(0, _nextDue - now.Ticks)), Timeout.InfiniteTimeSpan);
        }

        async Task TickAsync()
        {
            _lastDue = _nextDue;
            try
            {
                var status = new TickStatus(Row.FirstTick, Row.Period, _silo.Time.GetUtcNow().UtcDateTime);
                await _silo.GetGrain<IRemindable>(Row.Grain).ReceiveReminder(Row.Name, status);
            }
            catch (Exception exception)
            {
                if (!_disposed) _silo.Log.ReminderFailed(exception, Row.Name, Row.Grain);
            }
            finally
            {
                Schedule();
            }
        }

        public void Dispose()
        {
            _disposed = true;
            _timer.Dispose();
        }
    }
}

/// <summary>What the generator would write for <see cref="IRemindable"/>.</summary>
sealed class RemindableReference(GrainTarget target) : GrainReference(target), IRemindable
{
    public Task ReceiveReminder(string reminderName, TickStatus status) => Send(new Call(reminderName, status)).AsTask();

    sealed class Call(string name, TickStatus status) : VoidGrainCall
    {
        static readonly GrainMethod Receive = new(typeof(IRemindable), nameof(ReceiveReminder), [typeof(string), typeof(TickStatus)]);

        protected internal override GrainMethod Method => Receive;

        protected override ValueTask InvokeVoid(object grain) => new(((IRemindable)grain).ReceiveReminder(name, status));
    }
}

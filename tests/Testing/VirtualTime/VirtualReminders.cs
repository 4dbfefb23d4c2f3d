using Orleans.Timers;

namespace Trading.Testing;

/// <summary>Reminders on a clock that a test moves. They outlive the silos, all of which share them; what falls due
/// while none runs is lost and not made up for, as with Orleans.</summary>
public sealed class VirtualReminders(TimeProvider clock, PendingWork ticks) : IReminderRegistry
{
    /// <summary>The least period that Orleans takes by default.</summary>
    static readonly TimeSpan MinimumPeriod = TimeSpan.FromMinutes(1);

    readonly Lock _gate = new();
    readonly Dictionary<(GrainId Grain, string Name), Reminder> _reminders = [];
    readonly List<IGrainFactory> _silos = [];

    public Task<IGrainReminder> RegisterOrUpdateReminder(
        GrainId callingGrainId, string reminderName, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, TimeSpan.Zero);
        if (period < MinimumPeriod)
            throw new ArgumentException(
                $"The period {period} of {reminderName} is below the minimum of {MinimumPeriod}.", nameof(period));
        var reminder = new Reminder(callingGrainId, reminderName, clock.GetUtcNow() + dueTime, period);
        lock (_gate)
        {
            if (_reminders.Remove((callingGrainId, reminderName), out var replaced)) replaced.Timer?.Dispose();
            _reminders.Add((callingGrainId, reminderName), reminder);
            reminder.Timer = clock.CreateTimer(_ => Tick(reminder), null, dueTime, period);
        }

        return Task.FromResult<IGrainReminder>(reminder);
    }

    public Task UnregisterReminder(GrainId callingGrainId, IGrainReminder reminder)
    {
        lock (_gate)
            if (_reminders.Remove((callingGrainId, reminder.ReminderName), out var known)) known.Timer?.Dispose();
        return Task.CompletedTask;
    }

    public Task<IGrainReminder?> GetReminder(GrainId callingGrainId, string reminderName)
    {
        lock (_gate)
            return Task.FromResult<IGrainReminder?>(_reminders.GetValueOrDefault((callingGrainId, reminderName)));
    }

    public Task<List<IGrainReminder>> GetReminders(GrainId callingGrainId)
    {
        lock (_gate)
            return Task.FromResult(
                _reminders.Values.Where(reminder => reminder.Grain == callingGrainId).ToList<IGrainReminder>());
    }

    /// <summary>From now on a silo can be called; the one that came first is.</summary>
    internal void Join(IGrainFactory silo)
    {
        lock (_gate) _silos.Add(silo);
    }

    internal void Leave(IGrainFactory silo)
    {
        lock (_gate) _silos.Remove(silo);
    }

    void Tick(Reminder reminder)
    {
        IGrainFactory? silo;
        lock (_gate) silo = _silos.FirstOrDefault();
        if (silo is not null) _ = TickAsync(silo.GetGrain<IRemindable>(reminder.Grain), reminder);
    }

    async Task TickAsync(IRemindable grain, Reminder reminder)
    {
        ticks.Begin();
        try
        {
            var now = clock.GetUtcNow().UtcDateTime;
            var status = new TickStatus(reminder.FirstAt.UtcDateTime, reminder.Period, now);
            await grain.ReceiveReminder(reminder.ReminderName, status);
        }
        catch (Exception)
        {
            // Orleans logs it and ticks again in its time.
        }
        finally
        {
            ticks.End();
        }
    }

    sealed record Reminder(GrainId Grain, string ReminderName, DateTimeOffset FirstAt, TimeSpan Period) : IGrainReminder
    {
        public ITimer? Timer { get; set; }
    }
}

using Orleans.Runtime;

namespace Orleans
{
    /// <summary>A grain that reminders can wake.</summary>
    public interface IRemindable : IGrain
    {
        Task ReceiveReminder(string reminderName, TickStatus status);
    }

    /// <summary>Reminders outlive activations and processes. Ticks that were missed are not made up for.</summary>
    public static class GrainReminderExtensions
    {
        public static Task<IGrainReminder> RegisterOrUpdateReminder(this IGrainBase grain, string reminderName, TimeSpan dueTime, TimeSpan period) =>
            ReminderService.Of(grain).RegisterAsync(grain, reminderName, dueTime, period);

        public static Task UnregisterReminder(this IGrainBase grain, IGrainReminder reminder) =>
            ReminderService.Of(grain).UnregisterAsync(reminder);

        public static Task<IGrainReminder?> GetReminder(this IGrainBase grain, string reminderName) =>
            ReminderService.Of(grain).GetAsync(grain, reminderName);

        public static Task<List<IGrainReminder>> GetReminders(this IGrainBase grain) => ReminderService.Of(grain).GetAllAsync(grain);
    }
}

namespace Orleans.Runtime
{
    public interface IGrainReminder
    {
        string ReminderName { get; }
    }

    /// <summary>Which tick of a reminder this is. Times are UTC.</summary>
    [GenerateSerializer, Immutable]
    public readonly struct TickStatus(DateTime firstTickTime, TimeSpan period, DateTime timeStamp)
    {
        [Id(0)] public DateTime FirstTickTime { get; } = firstTickTime;
        [Id(1)] public TimeSpan Period { get; } = period;
        [Id(2)] public DateTime CurrentTickTime { get; } = timeStamp;

        public override string ToString() => $"<{FirstTickTime}, {Period}, {CurrentTickTime}>";
    }

    [GenerateSerializer]
    public sealed class ReminderException : OrleansException
    {
        public ReminderException() { }
        public ReminderException(string message) : base(message) { }
        public ReminderException(string message, Exception? innerException) : base(message, innerException) { }
    }
}

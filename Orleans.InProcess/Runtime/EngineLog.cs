using Microsoft.Extensions.Logging;

namespace Orleans.Runtime;

/// <summary>What the engine has to say.</summary>
sealed partial class EngineLog(ILogger logger)
{
    [LoggerMessage(1, LogLevel.Warning, "A timer of {Grain} failed; it goes on.")]
    public partial void TimerFailed(Exception exception, GrainId grain);

    [LoggerMessage(2, LogLevel.Warning, "OnDeactivateAsync of {Grain} failed.")]
    public partial void DeactivationFailed(Exception exception, GrainId grain);

    [LoggerMessage(3, LogLevel.Warning, "{Grain} could not be disposed of.")]
    public partial void DisposalFailed(Exception exception, GrainId grain);

    [LoggerMessage(4, LogLevel.Warning, "Reminder {Reminder} of {Grain} failed; the next tick comes in its time.")]
    public partial void ReminderFailed(Exception exception, string reminder, GrainId grain);

    [LoggerMessage(5, LogLevel.Warning, "The silo stopped with {Count} grains still active.")]
    public partial void StoppedEarly(int count);

    [LoggerMessage(6, LogLevel.Error, "Storage of {State} failed for {Grain}.")]
    public partial void StorageFailed(Exception exception, string state, GrainId grain);
}

using System.Collections.Immutable;
using Orleans.Concurrency;

namespace Trading.Alerts;

/// <summary>Keeps what is wrong, and sees to it that persons hear of it: once, on a channel that works. Key: <see
/// cref="GrainKeys.Alerts"/>.</summary>
[Alias("trading.alerts")]
public interface IAlertGrain : IGrainWithStringKey
{
    /// <summary>Takes what was measured and holds it against the rules.</summary>
    [Traced]
    Task ObserveAsync(ImmutableArray<Observation> observations);

    /// <summary>Takes alerts that somebody else has found; on record before it is answered.</summary>
    [Traced]
    Task<Outcome<AlertReceipt>> RaiseAsync(ImmutableArray<AlertSignal> signals);

    [AlwaysInterleave]
    [Traced]
    Task<AlertList> ListAsync(AlertQuery query);

    /// <summary>A person takes care: nobody is told again until it is over.</summary>
    [Traced]
    Task<Outcome<Alert>> AcknowledgeAsync(string fingerprint, string by, string reason);

    /// <summary>Alerts with these labels are kept, and nobody is told.</summary>
    [Traced]
    Task<Outcome<Silence>> SilenceAsync(SilenceRequest request);

    [Traced]
    Task<Outcome<Silence>> EndSilenceAsync(string silenceId, string by, string reason);

    /// <summary>Sends a test over every channel, beside whatever else is to be sent.</summary>
    [Traced]
    Task<Outcome<AlertReceipt>> TestAsync(string by);
}

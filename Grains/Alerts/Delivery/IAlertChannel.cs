using System.Collections.Immutable;

namespace Trading.Alerts;

/// <summary>What a channel sends.</summary>
public sealed record AlertMessage(Notification Notification, ImmutableArray<Alert> Alerts);

/// <summary>A way to reach somebody.</summary>
public interface IAlertChannel
{
    string Kind { get; }

    /// <summary>Sends once; what the receiver said is the receipt.</summary>
    /// <exception cref="ChannelException">It was not taken.</exception>
    Task<string> SendAsync(AlertMessage message, CancellationToken cancellation);
}

/// <summary>A message was not taken. Its text has no secret: neither an address nor a token is in it.</summary>
/// <param name="isFinal">Trying again will not help: the receiver refuses what it is sent, or who sends it.</param>
/// <param name="retryAfter">When the receiver wants to be asked again; null where it does not say.</param>
public sealed class ChannelException(string message, bool isFinal = false, TimeSpan? retryAfter = null,
    Exception? inner = null)
    : Exception(message, inner)
{
    public bool IsFinal { get; } = isFinal;
    public TimeSpan? RetryAfter { get; } = retryAfter;
}

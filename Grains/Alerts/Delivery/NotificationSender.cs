using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Trading.Alerts;

/// <summary>Sends a message over the first channel of its chain that takes it. Each has a few attempts with growing
/// pauses, a time-out for each of them, and a breaker: one that failed several times in a row is left alone for a
/// while, and the next in the chain has its turn at once.</summary>
public sealed class NotificationSender : IDisposable
{
    /// <summary>Attempts at one channel in one round.</summary>
    const int MaxAttempts = 3;

    /// <summary>Failed messages in a row after which a channel is left alone.</summary>
    const int FailuresToOpen = 3;

    static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    /// <summary>A receiver that wants to be left alone for longer is not waited for.</summary>
    static readonly TimeSpan MostPatience = TimeSpan.FromSeconds(30);

    static readonly TimeSpan OpenFor = TimeSpan.FromMinutes(1);

    readonly SocketsHttpHandler _handler = new() { AllowAutoRedirect = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
    readonly HttpClient _http;
    readonly ImmutableSortedDictionary<string, Line> _lines;
    readonly TimeProvider _clock;

    public NotificationSender(IOptions<AlertOptions> options, TimeProvider clock)
    {
        _clock = clock;
        _http = new HttpClient(_handler) { Timeout = Timeout.InfiniteTimeSpan };
        _lines = options.Value.Channels.ToImmutableSortedDictionary(
            channel => channel.Key, channel => new Line(channel.Value, Create(channel.Value)), StringComparer.Ordinal);
    }

    public ImmutableArray<ChannelReport> Report() =>
        [.. _lines.Select(line => new ChannelReport(
            line.Key, line.Value.Channel.Kind, line.Value.Failures, line.Value.OpenUntil, line.Value.LastSuccess,
                line.Value.LastError))];

    /// <summary>Tries the chain once.</summary>
    public async Task<NotificationReceipt> SendAsync(AlertMessage message, CancellationToken cancellation)
    {
        var notification = message.Notification;
        var (attempts, failures) = (0, new List<string>());
        foreach (var name in notification.Chain)
        {
            if (!_lines.TryGetValue(name, out var line))
            {
                failures.Add($"{name}: there is no such channel now");
                continue;
            }

            if (line.OpenUntil is { } until && _clock.GetUtcNow() < until)
            {
                failures.Add($"{name}: left alone after {line.Failures} failures ({line.LastError})");
                continue;
            }

            var (answer, tried) = await TryAsync(line, message, cancellation);
            attempts += tried;
            if (answer is not null)
                return Receipt(delivered: true, name, string.Join("; ", [.. failures, answer]));
            failures.Add($"{name}: {line.LastError}");
        }

        return Receipt(delivered: false, null, string.Join("; ", failures));

        NotificationReceipt Receipt(bool delivered, string? channel, string detail) => new(
            notification.Id, notification.Kind, notification.Title, message.Alerts.Length, delivered, channel,
                attempts, detail, _clock.GetUtcNow());
    }

    public void Dispose()
    {
        _http.Dispose();
        _handler.Dispose();
    }

    async Task<(string? Answer, int Attempts)> TryAsync(Line line, AlertMessage message, CancellationToken cancellation)
    {
        var chance = new Random(BitConverter.ToInt32(SHA256.HashData(Encoding.UTF8.GetBytes(message.Notification.Id))));
        for (var attempt = 1; ; attempt++)
            try
            {
                var answer = await OnceAsync(line, message, cancellation);
                line.Succeeded(_clock.GetUtcNow());
                return (answer, attempt);
            }
            catch (ChannelException failure)
            {
                var pause = failure.RetryAfter ?? FirstPause * Math.Pow(2, attempt - 1) * (0.5 + chance.NextDouble());
                if (attempt == MaxAttempts || failure.IsFinal || pause > MostPatience)
                {
                    line.Failed(failure.Message, _clock.GetUtcNow());
                    return (null, attempt);
                }

                await Task.Delay(pause < TimeSpan.Zero ? TimeSpan.Zero : pause, _clock, cancellation);
            }
    }

    async Task<string> OnceAsync(Line line, AlertMessage message, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(line.Options.Timeout), _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            return await line.Channel.SendAsync(message, either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new ChannelException(FormattableString.Invariant($"No answer within {line.Options.Timeout:0.#} s."));
        }
    }

    IAlertChannel Create(ChannelOptions options) =>
        options.Kind == "email" ? new EmailChannel(options) : new HttpChannel(options, _http, _clock);

    sealed class Line(ChannelOptions options, IAlertChannel channel)
    {
        readonly Lock _gate = new();

        public ChannelOptions Options => options;
        public IAlertChannel Channel => channel;
        public int Failures { get; private set; }
        public DateTimeOffset? OpenUntil { get; private set; }
        public DateTimeOffset? LastSuccess { get; private set; }
        public string? LastError { get; private set; }

        public void Succeeded(DateTimeOffset now)
        {
            lock (_gate) (Failures, OpenUntil, LastSuccess, LastError) = (0, null, now, null);
        }

        public void Failed(string error, DateTimeOffset now)
        {
            lock (_gate)
            {
                (Failures, LastError) = (Failures + 1, error);
                if (Failures >= FailuresToOpen) OpenUntil = now + OpenFor;
            }
        }
    }
}

using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Trading.Journal;

namespace Trading.Alerts;

/// <summary>Every change is in the journal before it is answered, and every message before it is sent; a message that
/// has no receipt is sent again by the next activation, under the same id.</summary>
/// <remarks>Messages are sent beside the turns: a mail server that is slow keeps nobody. What came of them waits for
/// the next tick.</remarks>
public sealed partial class AlertGrain(
    IJournal journal, NotificationSender sender, Heartbeat heartbeat, IOptions<AlertOptions> options,
        TimeProvider clock,
    ILogger<AlertGrain> log) : Grain, IAlertGrain, IDisposable
{
    static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    /// <summary>Messages under way at once.</summary>
    const int MaxSending = 4;

    /// <summary>Alerts that came together and are told in the log; the register has them all.</summary>
    const int MaxLogged = 20;

    readonly ConcurrentQueue<NotificationReceipt> _receipts = new();
    readonly HashSet<string> _sending = [];
    readonly CancellationTokenSource _stop = new();
    readonly GuardNotices _notices = new(journal);
    AlertEventStore _store = null!;
    RuleEvaluator _rules = null!;

    AlertRegister Register => _store.Register;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _store = new AlertEventStore(journal, DeactivateOnIdle);
        await _store.LoadAsync(cancellationToken);
        _rules = new RuleEvaluator(AlertRuleTable.Of(options.Value));
        this.RegisterGrainTimer(TickAsync, new() { DueTime = Tick, Period = Tick, KeepAlive = true });
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) =>
        _stop.CancelAsync();

    public void Dispose() => _stop.Dispose();

    public Task ObserveAsync(ImmutableArray<Observation> observations) => TakeAsync(_rules.Evaluate(
        observations, clock.GetUtcNow(), fingerprint => Register.Find(fingerprint) is { State: AlertState.Firing }));

    public async Task<Outcome<AlertReceipt>> RaiseAsync(ImmutableArray<AlertSignal> signals) =>
        Outcome.Done(await TakeAsync(signals));

    public Task<AlertList> ListAsync(AlertQuery query) =>
        Task.FromResult(AlertReports.List(Register, sender.Report(), query, clock.GetUtcNow()));

    public async Task<Outcome<Alert>> AcknowledgeAsync(string fingerprint, string by, string reason)
    {
        if (Register.Find(fingerprint) is not { } alert) return Outcome.NotFound<Alert>("fingerprint",
            $"There is no alert '{fingerprint}'.");
        if (alert.State == AlertState.Resolved)
            return Outcome.Conflict<Alert>("fingerprint", "resolved", $"The alert '{fingerprint}' is over.");
        await _store.CommitAsync(new AlertAcknowledged(fingerprint, by, reason, clock.GetUtcNow()));
        return Outcome.Done(Register.Find(fingerprint)!);
    }

    public async Task<Outcome<Silence>> SilenceAsync(SilenceRequest request)
    {
        var now = clock.GetUtcNow();
        var silence = new Silence(
            $"silence-{Register.LastSilence + 1}", request.Matchers, now, now.AddMinutes(request.Minutes),
            request.By, request.Reason, null);
        await _store.CommitAsync(new SilenceBegun(silence));
        return Outcome.Done(silence);
    }

    public async Task<Outcome<Silence>> EndSilenceAsync(string silenceId, string by, string reason)
    {
        if (Register.Silences.FirstOrDefault(silence => silence.SilenceId == silenceId) is not { } silence)
            return Outcome.NotFound<Silence>("silence_id", $"There is no silence '{silenceId}'.");
        if (silence.EndedBy is not null || silence.Until <= clock.GetUtcNow())
            return Outcome.Conflict<Silence>("silence_id", "ended", $"The silence '{silenceId}' is over.");
        await _store.CommitAsync(new SilenceEnded(silenceId, by, reason, clock.GetUtcNow()));
        return Outcome.Done(Register.Silences.Single(one => one.SilenceId == silenceId));
    }

    public async Task<Outcome<AlertReceipt>> TestAsync(string by)
    {
        var test = AlertPolicy.Test(Register, options.Value, by, clock.GetUtcNow());
        if (test.Notifications.IsEmpty)
            return Outcome.Conflict<AlertReceipt>("channels", "none", "No channel can be tested: alerts:channels is empty.");
        await _store.CommitAsync(test);
        return Outcome.Done(new AlertReceipt(0, 0, 0, 0));
    }

    async Task<AlertReceipt> TakeAsync(IEnumerable<AlertSignal> signals, params ImmutableArray<AlertEvent> more)
    {
        var (changes, receipt) = AlertPolicy.Take(Register, signals, clock.GetUtcNow());
        await _store.CommitAsync([.. changes, .. more]);
        foreach (var change in changes.OfType<AlertFired>().Take(MaxLogged))
            LogFired(change.Alert.Name, change.Alert.Summary);
        return receipt;
    }

    async Task TickAsync(CancellationToken cancellation)
    {
        var (signals, read) = await _notices.ReadAsync(Register.Notices, cancellation);
        if (!read.IsEmpty) await TakeAsync(signals, read);
        await SettleAsync();
        var now = clock.GetUtcNow();
        if (DueTest(now) is { } test) await _store.CommitAsync(test);
        await _store.CommitAsync([.. AlertPolicy.Due(Register, options.Value, now)]);
        Send(now);
        heartbeat.Beat();
    }

    /// <summary>What came of messages since the last tick.</summary>
    async Task SettleAsync()
    {
        var tried = ImmutableArray.CreateBuilder<AlertEvent>();
        while (_receipts.TryDequeue(out var receipt))
        {
            _sending.Remove(receipt.Id);
            if (Register.Pending.FirstOrDefault(message => message.Id == receipt.Id) is not { } message) continue;
            if (!receipt.Delivered) LogNotSent(receipt.Id, receipt.Detail);
            tried.Add(new NotificationTried(receipt, receipt.At + AlertReports.Pause(message.Rounds)));
        }

        await _store.CommitAsync(tried.ToImmutable());
    }

    void Send(DateTimeOffset now)
    {
        var due = Register.Pending.Where(message => message.NextAt <= now && !_sending.Contains(message.Id));
        foreach (var message in due.Take(MaxSending - _sending.Count).ToArray())
        {
            _sending.Add(message.Id);
            _ = SendAsync(new(message, [.. message.Fingerprints.Select(Register.Find).OfType<Alert>()]), _stop.Token);
        }
    }

    async Task SendAsync(AlertMessage message, CancellationToken stop)
    {
        try
        {
            _receipts.Enqueue(await Task.Run(() => sender.SendAsync(message, stop), stop));
        }
        catch (OperationCanceledException)
        {
            // The next activation sends it.
        }
        catch (Exception failure) // a channel is a plug-in: whatever fails in it, the message is tried again
        {
            var notification = message.Notification;
            _receipts.Enqueue(new(
                notification.Id, notification.Kind, notification.Title, message.Alerts.Length, false, null, 1,
                failure.GetType().Name, clock.GetUtcNow()));
        }
    }

    /// <summary>Once a day, after its time; also after a night in which nothing ran.</summary>
    NotificationsQueued? DueTest(DateTimeOffset now)
    {
        if (options.Value.SelfTestAt is not { } at || options.Value.Channels.Count == 0) return null;
        var due = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero) + at.ToTimeSpan();
        return now >= due && (Register.TestedAt is not { } tested || tested < due)
            ? AlertPolicy.Test(Register, options.Value, "the clock", now) : null;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Alert {Name}: {Summary}")]
    partial void LogFired(string name, string summary);

    [LoggerMessage(Level = LogLevel.Error, Message = "The message {Id} reached nobody; it is tried again. {Detail}")]
    partial void LogNotSent(string id, string detail);
}

using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Trading.Alerts;

namespace Trading.Api;

/// <summary>Hands security alerts to the alerts of the system, which keep them and tell persons once, on a channel that works. What
/// cannot be handed over is tried again. An alert of which nothing was heard for an hour is over, so that the next one is told.</summary>
internal sealed partial class SecurityAlertForwarder(
    IGrainFactory grains, TimeProvider clock, IHostApplicationLifetime lifetime, ILogger<SecurityAlertForwarder> log)
    : RepeatedWork(Period, clock, lifetime), ISecurityAlertSink
{
    public const string Source = "security";

    /// <summary>Alerts that wait; more are in the log alone.</summary>
    const int MaxWaiting = 1_000;

    /// <summary>Alerts whose end is looked for; more fire until a person ends them.</summary>
    const int MaxFollowed = 10_000;

    static readonly TimeSpan Period = TimeSpan.FromSeconds(1), Quiet = TimeSpan.FromHours(1), Patience = TimeSpan.FromSeconds(10);

    static readonly FrozenDictionary<string, (string Name, AlertSeverity Severity)> Names = new Dictionary<string, (string, AlertSeverity)>
    {
        ["repeated_failures"] = ("RepeatedFailures", AlertSeverity.Warning),
        ["new_address"] = ("AdministratorAtNewAddress", AlertSeverity.Warning),
        ["token_reused"] = ("RefreshTokenReused", AlertSeverity.Critical),
        ["chain_broken"] = ("JournalChainBroken", AlertSeverity.Critical),
        ["secret_read"] = ("SecretReadOutOfHours", AlertSeverity.Warning),
    }.ToFrozenDictionary();

    readonly Channel<SecurityAlert> _waiting = Channel.CreateBounded<SecurityAlert>(MaxWaiting);
    readonly Dictionary<string, (AlertSignal Signal, DateTimeOffset Last)> _firing = [];
    readonly List<SecurityAlert> _taken = [];
    bool _hasAsked;

    IAlertGrain Grain => grains.GetGrain<IAlertGrain>(GrainKeys.Alerts);

    public void Raise(SecurityAlert alert) => _waiting.Writer.TryWrite(alert);

    /// <summary>Hands over what waits, and what is over.</summary>
    protected override async Task WorkAsync()
    {
        var now = Clock.GetUtcNow();
        if (!_hasAsked) await AdoptAsync(now);
        while (_taken.Count < MaxWaiting && _waiting.Reader.TryRead(out var alert)) _taken.Add(alert);
        if (_taken.Count > 0) await RaiseAsync(now);
        await ResolveAsync(now);
    }

    async Task RaiseAsync(DateTimeOffset now)
    {
        AlertSignal[] signals = [.. _taken.Select(SignalOf)];
        await Grain.RaiseAsync([.. signals]).WaitAsync(Patience, Clock);
        _taken.Clear();
        foreach (var signal in signals)
            if (KeyOf(signal.Name, signal.Labels) is var key && (_firing.Count < MaxFollowed || _firing.ContainsKey(key)))
                _firing[key] = (signal, now);
    }

    async Task ResolveAsync(DateTimeOffset now)
    {
        var over = _firing.Where(known => now - known.Value.Last >= Quiet).ToArray();
        if (over.Length == 0) return;
        await Grain.RaiseAsync([.. over.Select(known => known.Value.Signal with { State = AlertState.Resolved })]).WaitAsync(Patience, Clock);
        foreach (var (key, _) in over) _firing.Remove(key);
    }

    /// <summary>Those that an earlier process has raised end too.</summary>
    async Task AdoptAsync(DateTimeOffset now)
    {
        var known = await Grain.ListAsync(new(AlertState.Firing, MaxFollowed)).WaitAsync(Patience, Clock);
        foreach (var alert in known.Alerts.Where(alert => alert.Source == Source))
            _firing.TryAdd(KeyOf(alert.Name, alert.Labels),
                (new(alert.Name, alert.Severity, alert.Labels, alert.Summary, AlertState.Firing, Source), now));
        _hasAsked = true;
    }

    static AlertSignal SignalOf(SecurityAlert alert)
    {
        var labels = ImmutableSortedDictionary<string, string>.Empty;
        if (alert.Subject is not null) labels = labels.Add("subject", PlainText.Of(alert.Subject));
        if (alert.Address is not null) labels = labels.Add("address", alert.Address);
        var (name, severity) = Names.GetValueOrDefault(alert.Kind, ("SecurityAlert", AlertSeverity.Warning));
        return new(name, severity, labels, $"{string.Join(", ", labels.Values.DefaultIfEmpty("the system"))}: {alert.Detail}", AlertState.Firing, Source);
    }

    static string KeyOf(string name, ImmutableSortedDictionary<string, string> labels) =>
        $"{name}\n{string.Join('\n', labels.Select(label => $"{label.Key}={label.Value}"))}";

    [LoggerMessage(LogLevel.Error, "Security alerts could not be handed over; they are kept and tried again.")]
    protected override partial void LogFailure(Exception failure);
}

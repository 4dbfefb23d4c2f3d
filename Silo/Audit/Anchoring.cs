using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Trading.Api;
using Trading.Journal;
using Trading.Operations;

namespace Trading.Audit;

/// <summary>Tells the outside, now and then, where the chains stand. Between two anchors it reads only what is new, and a chain that no longer
/// fits what it has seen is an alert.</summary>
sealed partial class Anchoring(
    IJournal journal, AuditTrail audit, SecurityAlerts alerts, IHttpClientFactory clients, IOptions<AuditOptions> options, TimeProvider clock, ILogger<Anchoring> log) : BackgroundService
{
    public const string Client = "anchors";

    readonly Dictionary<string, Head> _heads = new(StringComparer.Ordinal);

    AuditOptions Options => options.Value;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (string.IsNullOrEmpty(Options.AnchorFile) && string.IsNullOrEmpty(Options.AnchorWebhook)) return;
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(Options.AnchorInterval), clock);
        do
        {
            try
            {
                await AnchorAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                LogFailure(failure);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    internal async Task AnchorAsync(CancellationToken cancellation)
    {
        foreach (var stream in await journal.ListStreamsAsync("", cancellation)) await FollowAsync(stream, cancellation);
        var anchor = new Anchor(clock.GetUtcNow(), [.. _heads.Values.OrderBy(head => head.Stream, StringComparer.Ordinal)]);
        if (Options.AnchorFile is { Length: > 0 } file) await File.AppendAllTextAsync(file, anchor.ToLine() + "\n", cancellation);
        if (Options.AnchorWebhook is { Length: > 0 } address)
        {
            using var client = clients.CreateClient(Client);
            using var answer = await client.PostAsync(new Uri(address), new StringContent(anchor.ToLine(), System.Text.Encoding.UTF8, "application/json"), cancellation);
            answer.EnsureSuccessStatusCode();
        }

        await audit.RecordAsync(ImmutableArray.Create(new AuditEntry(AuditKinds.Anchor, null, null, $"{anchor.Heads.Length} chains")));
    }

    async Task FollowAsync(string stream, CancellationToken cancellation)
    {
        try
        {
            await foreach (var recorded in journal.ReadAsync(stream, _heads.GetValueOrDefault(stream)?.Sequence ?? 0, cancellation))
                _heads[stream] = new(stream, recorded.Sequence, Convert.ToHexStringLower(recorded.Hash.Span));
        }
        catch (JournalCorruptException broken)
        {
            alerts.Raise("chain_broken", null, null, broken.Message);
        }
    }

    [LoggerMessage(LogLevel.Error, "The heads of the chains could not be anchored.")]
    partial void LogFailure(Exception failure);
}

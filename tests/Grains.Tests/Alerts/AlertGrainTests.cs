using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Trading.Journal;
using Trading.Portfolios;
using Trading.Risk;
using Trading.Testing;

namespace Trading.Alerts.Tests;

/// <summary>Alerts over a journal that outlives its silo, and a mail server that comes and goes.</summary>
public sealed partial class AlertGrainTests
{
    const int Flood = 10_000;

    [Fact]
    public async Task Flood_WithoutAMailServer_AndARestartInMidStorm_ReachesTheDeskOnce_AndWhole()
    {
        using var folder = new TemporaryFolder();
        await using var mail = new SmtpServer { Refusal = "451 4.3.0 Out of order" };
        ImmutableArray<AlertSignal> flood = [.. Enumerable.Range(0, Flood)
            .Select(number => Signal($"Kind{number % 40}", $"{number}"))];

        await using (var silo = await StartAsync(folder, mail.Port))
        {
            foreach (var some in flood.Chunk(500)) await Alerts(silo).RaiseAsync([.. some]);
            await Wait.UntilAsync(async () => (await Alerts(silo).ListAsync(new(null, 1))).PendingCount > 0);
        }

        mail.Refusal = null;
        await using (var silo = await StartAsync(folder, mail.Port))
        {
            foreach (var some in flood.Chunk(500)) (await Alerts(silo).RaiseAsync([.. some])).Value!.Fired.ShouldBe(
                0); // they are known
            await Wait.UntilAsync(() => mail.Mails.Length >= 3); // in the middle of it
        }

        await using (var silo = await StartAsync(folder, mail.Port))
        {
            await Wait.UntilAsync(async () => await Alerts(silo).ListAsync(new(null, 1)) is { PendingCount: 0 }
                && Told(mail).Count == Flood);
            (await Alerts(silo).ListAsync(new(null, 1))).Firing.ShouldBe(Flood);
        }

        // A mail whose receipt was lost with its silo is sent again under the same id, and is one mail to whoever sorts by it.
        var once = mail.Mails.DistinctBy(one => MessageId().Match(one).Value).ToArray();
        once.Sum(one => Line().Count(one)).ShouldBe(Flood);
        (mail.Mails.Length - once.Length).ShouldBeLessThanOrEqualTo(2 * 4); // what was under way at two restarts
        once.Length.ShouldBeLessThan(100);
    }

    [Fact]
    public async Task TrippedBreaker_IsFoundInTheJournal_ByWhoeverComesLater_OnceAndWithItsEnd()
    {
        using var folder = new TemporaryFolder();
        await using var mail = new SmtpServer();
        await using (var journal = EventJournal.Sqlite(Path.Combine(folder.Path, "trading.db"), TimeProvider.System))
        {
            var writer = await journal.OpenAsync("portfolio/desk", CancellationToken.None);
            var settings = Breakers.Default.Drawdown!;
            var at = TimeProvider.System.GetUtcNow();
            await writer.AppendAsync(
                new BookEvent[]
                {
                    new Opened(new("USD", 100, false), at),
                    new BreakerMoved(BreakerName.Drawdown, BreakerState.Closed, BreakerState.Tripped, 0.2,
                        0.15, "system", null, "over", at, settings) { Notice = 1 },
                    new Stopped(new(StopScope.Portfolio, "ada", "enough", at), null) { Notice = 2 },
                    new BreakerMoved(BreakerName.Drawdown, BreakerState.Tripped, BreakerState.Cooling, 0.1,
                        0.1, "ada", null, "seen", at, settings) { Notice = 3 },
                    new Resumed(StopScope.Portfolio, null, "ada", null, "fine", at) { Notice = 4 },
                }.Select(BookJson.Encode).ToArray(), CancellationToken.None);
        }

        for (var restart = 0; restart < 2; restart++)
        {
            await using var silo = await StartAsync(folder, mail.Port);
            await Wait.UntilAsync(async () =>
                await Alerts(silo).ListAsync(new(null, 10)) is { Alerts.Length: 2, PendingCount: 0 } list
                && list.Alerts.All(alert => alert.AnnouncedAt is not null));
            var alerts = (await Alerts(silo).ListAsync(new(null, 10))).Alerts;
            alerts.Single(alert => alert.Name == "BreakerTripped").ShouldSatisfyAllConditions(
                alert => alert.State.ShouldBe(AlertState.Firing), // cooling is not closed
                alert => alert.Summary.ShouldBe("desk: the breaker drawdown tripped at 0.2, over 0.15; only reductions trade"));
            alerts.Single(alert => alert.Name == "TradingStopped").State.ShouldBe(AlertState.Resolved);
        }

        mail.Mails.Sum(one => one.Split("the breaker drawdown tripped").Length - 1).ShouldBe(1);
    }

    [Fact]
    public async Task Persons_AcknowledgeSilenceAndTest_AndOnlyWhatThereIs()
    {
        using var folder = new TemporaryFolder();
        await using var mail = new SmtpServer();
        await using var silo = await StartAsync(folder, mail.Port);
        var alerts = Alerts(silo);
        await alerts.RaiseAsync([Signal("Down", "a")]);
        var fingerprint =
            (await alerts.ListAsync(new(AlertState.Firing, 10))).Alerts.ShouldHaveSingleItem().Fingerprint;

        (await alerts.AcknowledgeAsync(fingerprint, "ada", "mine")).Value!.AcknowledgedBy.ShouldBe("ada");
        (await alerts.AcknowledgeAsync("0000000000000000", "ada", "mine")).Kind.ShouldBe(OutcomeKind.NotFound);
        var silence =
            (await alerts.SilenceAsync(
                new(ImmutableSortedDictionary<string, string>.Empty.Add("alertname", "Down"),
                    5, "ada", "restart"))).Value!;
        (await alerts.ListAsync(new(null, 10))).Alerts[0].SilenceId.ShouldBe(silence.SilenceId);
        (await alerts.EndSilenceAsync(silence.SilenceId, "ada", "done")).IsDone.ShouldBeTrue();
        (await alerts.EndSilenceAsync(silence.SilenceId, "ada", "done")).Kind.ShouldBe(OutcomeKind.Conflict);
        (await alerts.TestAsync("ada")).IsDone.ShouldBeTrue();

        await Wait.UntilAsync(() =>
            mail.Mails.Any(one => one.Contains("Test of mail, by ada", StringComparison.Ordinal)));
        await Wait.UntilAsync(async () =>
            (await alerts.ListAsync(new(null, 1))).Receipts.Any(receipt =>
                receipt is { Kind: NotificationKind.Test, Delivered: true, Channel: "mail" }));
    }

    [Fact]
    public async Task Heartbeat_GoesOn_WhileAlertsAreSent()
    {
        using var folder = new TemporaryFolder();
        await using var watcher = await LocalServer.StartAsync(LocalServer.Says("ok"));
        await using var mail = new SmtpServer();
        await using var silo = await StartAsync(folder, mail.Port, options =>
            (options.HeartbeatUrl, options.HeartbeatInterval) = (watcher.Address + "/beat", 5));
        await Alerts(silo).RaiseAsync([]);

        await Wait.UntilAsync(() => !watcher.Asked.IsEmpty);
        watcher.Asked.ShouldAllBe(path => path == "/beat");
    }

    static Task<TestSilo> StartAsync(TemporaryFolder folder, int port, Action<AlertOptions>? change = null) =>
        TestSilo.StartAsync(services =>
    {
        services.AddSqliteJournal(Path.Combine(folder.Path, "trading.db")).AddAlerts();
        services.Configure<AlertOptions>(options =>
        {
            (options.GroupWait, options.GroupInterval, options.StormInterval, options.SelfTestAt) = (0, 1, 1, null);
            options.Channels["mail"] = new() { Kind = "email", Host = "127.0.0.1", Port = port, Security = "none",
                From = "trading@example.com", To = "desk@example.com" };
            foreach (var route in new[] { "info", "warning", "critical" }) options.Routes[route] = "mail";
            change?.Invoke(options);
        });
    });

    static IAlertGrain Alerts(TestSilo silo) => silo.Grains.GetGrain<IAlertGrain>(GrainKeys.Alerts);

    static HashSet<string> Told(SmtpServer mail) =>
        [.. mail.Mails.SelectMany(one => Line().Matches(one)).Select(match => match.Groups["of"].Value)];

    static AlertSignal Signal(string name, string label) => new(
        name, AlertSeverity.Critical, ImmutableSortedDictionary<string, string>.Empty.Add("number", label),
            $"trouble {label}", AlertState.Firing, "test");

    [GeneratedRegex(@"trouble \d+  ?\[(?<of>[0-9a-f]{16})\]")]
    private static partial Regex Line();

    [GeneratedRegex("(?<=Message-Id: )<[^>]+>")]
    private static partial Regex MessageId();
}

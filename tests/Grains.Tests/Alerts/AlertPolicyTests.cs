using System.Collections.Immutable;

namespace Trading.Alerts.Tests;

/// <summary>Who is told what and when, under a clock of the test's own; nothing is sent.</summary>
public sealed class AlertPolicyTests
{
    readonly AlertOptions _options = new() { GroupWait = 5, GroupInterval = 60, RepeatInterval = 600,
        RepeatMax = 2_400, EscalateAfter = 900, StormMessages = 5, StormInterval = 60 };
    readonly AlertRegister _register = new();
    DateTimeOffset _now = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    public AlertPolicyTests()
    {
        foreach (var severity in new[] { "info", "warning", "critical" }) _options.Routes[severity] = "chat|mail";
        _options.Routes["escalation"] = "phone";
    }

    [Fact]
    public void AlertsOfOneName_AreOneMessage_AndTheSameAlertIsNone()
    {
        Fire("Down", "a");
        Fire("Down", "b");
        Fire("Down", "a").Known.ShouldBe(1);

        Pass(4).ShouldBeEmpty();
        var message = Pass(2).ShouldHaveSingleItem();
        message.Kind.ShouldBe(NotificationKind.Firing);
        message.Fingerprints.Length.ShouldBe(2);
        message.Chain.ShouldBe(["chat", "mail"]);
        Fire("Down", "a");
        Pass(30).ShouldBeEmpty();
    }

    [Fact]
    public void LaterAlertsOfTheName_WaitForTheInterval()
    {
        Fire("Down", "a");
        Pass(6).ShouldHaveSingleItem();
        Fire("Down", "b");
        Pass(50).ShouldBeEmpty();
        Pass(20).ShouldHaveSingleItem().Fingerprints.Length.ShouldBe(1);
    }

    [Fact]
    public void Repetitions_ComeAtGrowingIntervals_UntilSomebodyTakesCare()
    {
        Fire("Down", "a", AlertSeverity.Warning);
        Pass(6);
        var times = new List<double>();
        var start = _now;
        for (var i = 0; i < 12_000 / 60; i++)
            if (Pass(60).Exists(message => message.Kind == NotificationKind.Repeat)) times.Add(
                (_now - start).TotalSeconds);
        times.Zip([600.0, 1_800, 4_200, 6_600, 9_000, 11_400]).ShouldAllBe(pair =>
            Math.Abs(pair.First - pair.Second) <= 120);
        times.Count.ShouldBe(6);

        Apply(new AlertAcknowledged(Find("Down", "a").Fingerprint, "ada", "mine", _now));
        for (var i = 0; i < 100; i++) Pass(600).ShouldBeEmpty();
    }

    [Fact]
    public void CriticalAlert_ThatNobodyAcknowledges_GoesToTheNextPeople_Once()
    {
        Fire("Down", "a");
        Fire("Slow", "b", AlertSeverity.Warning);
        Pass(6);
        var escalated = Enumerable.Range(0, 100).SelectMany(_ => Pass(60))
            .Where(message => message.Kind == NotificationKind.Escalation).ToList();

        escalated.ShouldHaveSingleItem().Chain.ShouldBe(["phone"]);
        Find("Down", "a").Escalated.ShouldBeTrue();
        Find("Slow", "b").Escalated.ShouldBeFalse();
    }

    [Fact]
    public void End_IsTold_ToWhomTheBeginningWas()
    {
        Fire("Down", "a");
        Pass(6);
        Resolve("Down", "a");

        Pass(6).ShouldHaveSingleItem().Kind.ShouldBe(NotificationKind.Resolved);
        Pass(6_000).ShouldBeEmpty();
    }

    [Fact]
    public void AlertThatEndsBeforeItWasTold_IsToldAsItIs_Once()
    {
        Fire("Down", "a");
        Resolve("Down", "a");

        Pass(6).ShouldHaveSingleItem().Fingerprints.ShouldBe([Find("Down", "a").Fingerprint]);
        Pass(6_000).ShouldBeEmpty();
    }

    [Fact]
    public void AlertThatComesBackBeforeItsEndWasTold_GoesOn()
    {
        Fire("Down", "a");
        Pass(6);
        var started = Find("Down", "a").StartedAt;
        Resolve("Down", "a");
        Fire("Down", "a");

        Pass(6).ShouldBeEmpty();
        Find("Down", "a").StartedAt.ShouldBe(started);
    }

    [Fact]
    public void SilencedAlerts_AreKept_AndToldWhenTheSilenceEnds()
    {
        Apply(new SilenceBegun(new("silence-1", Labels("x", "a"), _now, _now.AddMinutes(10), "ada", "restart", null)));
        Fire("Down", "a");
        Fire("Down", "b");

        Pass(6).ShouldHaveSingleItem().Fingerprints.ShouldBe([Find("Down", "b").Fingerprint]);
        Pass(100).ShouldBeEmpty();
        Apply(new SilenceEnded("silence-1", "ada", "done", _now));
        Pass(1).ShouldHaveSingleItem().Fingerprints.ShouldBe([Find("Down", "a").Fingerprint]);
    }

    [Fact]
    public void Storm_ComesInFewMessages_AndNothingIsLeftOut()
    {
        var told = new List<Notification>();
        var random = new Random(5);
        for (var second = 0; second < 300; second++)
        {
            for (var i = random.Next(20); i > 0; i--) Fire($"Kind{random.Next(200)}", $"{random.Next(50)}");
            told.AddRange(Pass(1));
        }

        told.AddRange(Enumerable.Range(0, 10).SelectMany(_ => Pass(60))
            .Where(message => message.Kind is NotificationKind.Firing or NotificationKind.Storm));
        var fresh = told.Where(message => message.Kind is NotificationKind.Firing or NotificationKind.Storm).ToList();
        fresh.SelectMany(message => message.Fingerprints).Order()
            .ShouldBe(_register.Alerts.Select(alert => alert.Fingerprint).Order());
        fresh.Count.ShouldBeLessThan(60); // against about 1,500 alerts of 200 kinds
    }

    [Fact]
    public void RestoredRegister_PlansTheSame()
    {
        var random = new Random(9);
        for (var second = 0; second < 200; second++)
        {
            if (random.Next(3) == 0) Fire($"Kind{random.Next(6)}", $"{random.Next(4)}", (AlertSeverity)random.Next(3));
            if (random.Next(5) == 0) Resolve($"Kind{random.Next(6)}", $"{random.Next(4)}");
            var again =
                AlertRegister.Restore(
                    AlertEventJson.Decode(new Journal.JournalSnapshot(1, AlertEventJson.Encode(_register.Save()))));
            _now = _now.AddSeconds(random.Next(30));
            var due = AlertPolicy.Due(_register, _options, _now).ToArray();
            var dueAgain = AlertPolicy.Due(again, _options, _now).ToArray();
            dueAgain.SelectMany(one => one.Notifications).Select(Text)
                .ShouldBe(due.SelectMany(one => one.Notifications).Select(Text));
            foreach (var one in due) Apply(one);
        }

        static string Text(Notification message) =>
            $"{message.Id} {message.Kind} {string.Join(' ', message.Fingerprints)}";
    }

    [Fact]
    public void MoreAlertsThanAreKept_AreCounted()
    {
        var (changes, receipt) = AlertPolicy.Take(
            _register, Enumerable.Range(0, AlertRegister.MaxAlerts + 3)
                .Select(number => Signal("Flood", $"{number}", AlertState.Firing, AlertSeverity.Info)), _now);

        (receipt.Fired, receipt.Refused).ShouldBe((AlertRegister.MaxAlerts, 3));
        changes[^1].ShouldBe(new AlertsRefused(3, _now));
    }

    AlertReceipt Fire(string name, string label, AlertSeverity severity = AlertSeverity.Critical) =>
        Take(Signal(name, label, AlertState.Firing, severity));

    AlertReceipt Resolve(string name, string label) =>
        Take(Signal(name, label, AlertState.Resolved, AlertSeverity.Critical));

    AlertReceipt Take(AlertSignal signal)
    {
        var (changes, receipt) = AlertPolicy.Take(_register, [signal], _now);
        Apply([.. changes]);
        return receipt;
    }

    /// <summary>Lets time pass, and queues what is due.</summary>
    List<Notification> Pass(double seconds)
    {
        _now = _now.AddSeconds(seconds);
        NotificationsQueued[] due = [.. AlertPolicy.Due(_register, _options, _now)];
        Apply(due);
        return [.. due.SelectMany(one => one.Notifications)];
    }

    void Apply(params AlertEvent[] changes)
    {
        foreach (var change in changes) _register.Apply(change);
    }

    Alert Find(string name, string label) => _register.Find(Fingerprints.Of(name, Labels("x", label)))!;

    static AlertSignal Signal(string name, string label, AlertState state, AlertSeverity severity) =>
        new(name, severity, Labels("x", label), $"{name} {label}", state, "test");

    static ImmutableSortedDictionary<string, string> Labels(string name, string value) =>
        ImmutableSortedDictionary<string, string>.Empty.Add(name, value);
}

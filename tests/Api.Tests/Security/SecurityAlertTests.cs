using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using NSubstitute;
using Trading.Alerts;
using Trading.Operations;

namespace Trading.Api.Tests;

/// <summary>What single requests do not show goes to the alerts of the system: once, whatever fails on the way, and with an end.</summary>
public sealed class SecurityAlertTests : IAsyncLifetime
{
    readonly ApiHost _api = new();
    readonly IAlertGrain _alerts = Substitute.For<IAlertGrain>();
    readonly List<AlertSignal> _told = [];
    bool _isAway;

    SecurityAlertForwarder Forwarder => _api.Services.GetRequiredService<SecurityAlertForwarder>();
    SecurityAlerts Alerts => _api.Services.GetRequiredService<SecurityAlerts>();

    public async ValueTask InitializeAsync()
    {
        _api.Grain(_alerts, GrainKeys.Alerts);
        Knows([]);
        _alerts.RaiseAsync(default).ReturnsForAnyArgs(call => Take(call.Arg<ImmutableArray<AlertSignal>>()));
        await _api.InitializeAsync();
    }

    [Fact]
    public async Task RepeatedFailures_AreOneAlert_WithWhoAndFromWhere()
    {
        _api.Http.DefaultRequestHeaders.Authorization = new("Bearer", "x.y.z");

        for (var n = 0; n < SecurityAlerts.MaxFailures + 5; n++) await _api.GetAsync("/api/auth/me");
        await Forwarder.PassAsync();

        var told = _told.ShouldHaveSingleItem();
        (told.Name, told.Severity, told.State, told.Source).ShouldBe(("RepeatedFailures", AlertSeverity.Warning, AlertState.Firing, "security"));
        told.Labels.ShouldBe(new Dictionary<string, string> { ["address"] = "127.0.0.1" });
        told.Summary.ShouldBe("127.0.0.1: 20 refused requests or log-ins within 5 minutes.");
    }

    [Fact]
    public async Task FewerFailures_OrSlowerOnes_AreNone()
    {
        for (var n = 0; n < SecurityAlerts.MaxFailures * 2; n++)
        {
            Alerts.Denied("ada", "192.0.2.1");
            _api.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        await Forwarder.PassAsync();

        _told.ShouldBeEmpty();
    }

    [Fact]
    public async Task AlertThatCannotBeHandedOver_IsKept()
    {
        _isAway = true;
        Alerts.Raise("token_reused", "ada", "192.0.2.1", "x");
        await Forwarder.PassAsync();
        _told.ShouldBeEmpty();

        _isAway = false;
        await Forwarder.PassAsync();
        await Forwarder.PassAsync();

        _told.ShouldHaveSingleItem().Name.ShouldBe("RefreshTokenReused");
    }

    [Fact]
    public async Task Alert_IsOver_WhenNothingWasHeardOfItForAnHour()
    {
        Alerts.Raise("chain_broken", null, null, "x");
        await Forwarder.PassAsync();
        _api.Clock.Advance(TimeSpan.FromMinutes(40));
        Alerts.Raise("chain_broken", null, null, "x");
        await Forwarder.PassAsync();
        _api.Clock.Advance(TimeSpan.FromMinutes(40));
        await Forwarder.PassAsync();
        _told.ShouldAllBe(told => told.State == AlertState.Firing);

        _api.Clock.Advance(TimeSpan.FromMinutes(20));
        await Forwarder.PassAsync();

        _told.Count(told => told.State == AlertState.Resolved).ShouldBe(1);
    }

    [Fact]
    public async Task AlertOfAnEarlierProcess_EndsToo_AndThoseOfOthersAreLeftAlone()
    {
        Knows([Firing("RepeatedFailures", "security"), Firing("PartDegraded", "rules")]);
        await using var next = new ApiHost();
        next.Grain(_alerts, GrainKeys.Alerts);
        await next.InitializeAsync();
        var forwarder = next.Services.GetRequiredService<SecurityAlertForwarder>();
        await forwarder.PassAsync();

        next.Clock.Advance(TimeSpan.FromHours(1));
        await forwarder.PassAsync();

        var over = _told.ShouldHaveSingleItem();
        (over.Name, over.State).ShouldBe(("RepeatedFailures", AlertState.Resolved));
    }

    [Theory]
    [InlineData("192.0.2.1", "", 0)] // the first log-in that is on record at all
    [InlineData("192.0.2.1", "192.0.2.9", 1)]
    [InlineData("192.0.2.1", "192.0.2.9 192.0.2.1", 0)] // as before the last start
    public async Task AdministratorAtANewAddress_IsAnAlert_AsTheAuditKnows(string address, string before, int alerts)
    {
        string[] known = [.. before.Split(' ', StringSplitOptions.RemoveEmptyEntries), address];
        _api.Audit.ReadAsync(default!).ReturnsForAnyArgs(new AuditPage(
            [.. known.Select((at, place) => new AuditRecord(place, _api.Clock.GetUtcNow(), new(AuditKinds.LogIn, "root", at, "log-in"), ""))], null));

        await Alerts.SignedInAsync("root", address, isAdministrator: true);
        await Alerts.SignedInAsync("root", address, isAdministrator: true);
        await Alerts.SignedInAsync("eve", "198.51.100.1", isAdministrator: false);
        await Forwarder.PassAsync();

        _told.Count(told => told.Name == "AdministratorAtNewAddress").ShouldBe(alerts);
    }

    Outcome<AlertReceipt> Take(ImmutableArray<AlertSignal> signals)
    {
        if (_isAway) throw new TimeoutException();
        lock (_told) _told.AddRange(signals);
        return Outcome.Done(new AlertReceipt(0, 0, 0, 0));
    }

    void Knows(ImmutableArray<Alert> alerts) =>
        _alerts.ListAsync(default!).ReturnsForAnyArgs(new AlertList(alerts.Length, 0, alerts, [], [], [], []));

    static Alert Firing(string name, string source) => new(
        "f", name, AlertSeverity.Warning, ImmutableSortedDictionary<string, string>.Empty, "x", source, AlertState.Firing, DateTimeOffset.UnixEpoch,
        null, null, false, false, null, null, null);

    public ValueTask DisposeAsync() => _api.DisposeAsync();
}

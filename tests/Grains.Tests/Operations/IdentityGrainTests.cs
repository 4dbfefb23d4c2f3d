using Microsoft.Extensions.DependencyInjection;
using Trading.Testing;

namespace Trading.Operations.Tests;

/// <summary>Accounts, sessions and keys through the grain.</summary>
public sealed class IdentityGrainTests : IAsyncLifetime
{
    static readonly Rights Everything = new(Roles.Anyone, [], false);
    readonly ManualTimeProvider _clock = new();
    TestSilo _silo = null!;

    IIdentityGrain Grain => _silo.Grains.GetGrain<IIdentityGrain>(GrainKeys.Identity);

    public async ValueTask InitializeAsync() => _silo = await TestSilo.StartAsync(time: _clock);

    public async ValueTask DisposeAsync() => await _silo.DisposeAsync();

    [Fact]
    public async Task FirstAdministrator_IsSetUpOnce()
    {
        (await Grain.SetUpAsync(Person("ada"))).IsDone.ShouldBeTrue();
        (await Grain.SetUpAsync(Person("eve"))).Kind.ShouldBe(OutcomeKind.Conflict);

        (await Grain.GetAsync(0))!.Subjects.Select(subject => subject.Name).ShouldBe(["ada"]);
    }

    [Fact]
    public async Task Snapshot_IsGivenOnlyWhereItChanged_AndOutlivesTheActivation()
    {
        await Grain.AddAsync(Person("ada"));
        var version = (await Grain.GetAsync(0))!.Version;

        (await Grain.GetAsync(version)).ShouldBeNull();
        await TestSilo.EndAsync(Grain);
        (await Grain.GetAsync(version - 1))!.Subjects.ShouldHaveSingleItem().Name.ShouldBe("ada");
    }

    [Fact]
    public async Task LogIn_IsLockedAfterFiveFailures_ForLongerEachTime_AndASuccessForgetsThem()
    {
        await Grain.AddAsync(Person("ada"));
        for (var failure = 0; failure < IdentityRules.FreeFailures; failure++) (await Grain.BeginLogInAsync("ada")).IsDone.ShouldBeTrue();

        (await Grain.BeginLogInAsync("ada")).Kind.ShouldBe(OutcomeKind.Busy);
        _clock.Advance(TimeSpan.FromMinutes(1));
        (await Grain.BeginLogInAsync("ada")).IsDone.ShouldBeTrue();
        _clock.Advance(TimeSpan.FromMinutes(1));
        (await Grain.BeginLogInAsync("ada")).Kind.ShouldBe(OutcomeKind.Busy, "the sixth failure locks for two minutes");
        _clock.Advance(TimeSpan.FromMinutes(1));
        (await Grain.BeginLogInAsync("ada")).IsDone.ShouldBeTrue();
        await Grain.SucceedAsync("ada", Token("s", "1"));
        for (var failure = 0; failure < IdentityRules.FreeFailures; failure++) (await Grain.BeginLogInAsync("ada")).IsDone.ShouldBeTrue();
    }

    [Fact]
    public async Task LogInOfNobody_LooksLikeAnyOther_AndIsNotRemembered()
    {
        var begun = await Grain.BeginLogInAsync("nobody");

        (begun.IsDone, begun.Value!.PasswordHash).ShouldBe((true, null));
        (await Grain.GetAsync(0))!.Subjects.ShouldBeEmpty();
    }

    [Fact]
    public async Task RefreshToken_ServesOnce_AndUsedAgainEndsEverySession()
    {
        await Grain.AddAsync(Person("ada"));
        await Grain.SucceedAsync("ada", Token("one", "1"));
        await Grain.SucceedAsync("ada", Token("two", "a"));

        (await Grain.RefreshAsync("one", "1", Token("one", "2"))).IsDone.ShouldBeTrue();
        _clock.Advance(TimeSpan.FromMinutes(1));
        (await Grain.RefreshAsync("one", "1", Token("one", "3"))).Errors[0].Rule.ShouldBe("reused");

        (await Grain.RefreshAsync("one", "2", Token("one", "4"))).Kind.ShouldBe(OutcomeKind.NotFound, "the thief's or the holder's: nobody knows");
        (await Grain.RefreshAsync("two", "a", Token("two", "b"))).Kind.ShouldBe(OutcomeKind.NotFound);
        (await Grain.GetAsync(0))!.Subjects[0].NotBefore.ShouldBe(_clock.GetUtcNow(), "access tokens end too");
    }

    [Fact]
    public async Task ChangeOfRights_EndsTokensAndSessions()
    {
        await Grain.AddAsync(Person("ada"));
        await Grain.SucceedAsync("ada", Token("one", "1"));
        _clock.Advance(TimeSpan.FromMinutes(1));

        var changed = await Grain.ChangeAsync(new("ada", null, new(Roles.Viewer, ["default"], false), null, null));

        (changed.Value!.Rights.Roles, changed.Value.NotBefore).ShouldBe((Roles.Viewer, _clock.GetUtcNow()));
        (await Grain.RefreshAsync("one", "1", Token("one", "2"))).Kind.ShouldBe(OutcomeKind.NotFound);
    }

    [Fact]
    public async Task ApiKey_MayDoNoMoreThanItsSubject()
    {
        await Grain.AddAsync(Person("gateway") with { Rights = new(Roles.Trader, ["a", "b"], false) });
        Task<Outcome<ApiKey>> AddAsync(string id, Rights rights) =>
            Grain.AddApiKeyAsync(new(id, "gateway", "hash", rights, _clock.GetUtcNow(), _clock.GetUtcNow().AddDays(1), false));

        (await AddAsync("1", new(Roles.Trader, ["a"], false))).IsDone.ShouldBeTrue();
        (await AddAsync("2", new(Roles.RiskOfficer, ["a"], false))).Kind.ShouldBe(OutcomeKind.Invalid);
        (await AddAsync("3", new(Roles.Trader, ["c"], false))).Kind.ShouldBe(OutcomeKind.Invalid);
        (await AddAsync("4", new(Roles.Trader, [], false))).Kind.ShouldBe(OutcomeKind.Invalid, "no books are all books");
        (await AddAsync("5", new(Roles.Trader, ["a"], true))).Kind.ShouldBe(OutcomeKind.Invalid);
        (await Grain.RevokeApiKeyAsync("1")).Value!.Revoked.ShouldBeTrue();
        (await Grain.RevokeApiKeyAsync("9")).Kind.ShouldBe(OutcomeKind.NotFound);
    }

    [Fact]
    public async Task SubjectThatBreaksRules_IsRefusedWithAllOfThem()
    {
        var bad = await Grain.AddAsync(new("a b", false, new(Roles.None, ["B!"], true), null, null));

        bad.Errors.Select(error => error.Field).ShouldBe(["name", "roles", "books", "names_others"]);
    }

    [Fact]
    public async Task WhatHasExpired_IsForgotten()
    {
        await Grain.AddAsync(Person("ada"));
        await Grain.RevokeAsync(new("token", _clock.GetUtcNow().AddMinutes(1)));
        _clock.Advance(TimeSpan.FromMinutes(2));

        await Grain.AddAsync(Person("grace"));

        (await Grain.GetAsync(0))!.Revoked.ShouldBeEmpty();
    }

    [Fact]
    public async Task Reminder_AsksForRotation()
    {
        var rotation = new Counting();
        await using var silo = await TestSilo.StartAsync(services => services.AddSingleton<IKeyRotation>(rotation), time: _clock);
        var grain = silo.Grains.GetGrain<IIdentityGrain>(GrainKeys.Identity);
        await grain.GetAsync(0);

        await grain.AsReference<IRemindable>().ReceiveReminder("rotate-keys", default);

        rotation.Count.ShouldBe(1);
    }

    static SubjectChange Person(string name) => new(name, false, Everything, "hash", false);

    Refresh Token(string session, string hash) => new(session, hash, _clock.GetUtcNow().AddHours(1));

    sealed class Counting : IKeyRotation
    {
        public int Count { get; private set; }

        public Task RotateWhereDueAsync()
        {
            Count++;
            return Task.CompletedTask;
        }
    }
}

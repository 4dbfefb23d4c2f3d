using System.Security.Cryptography;
using System.Text;

namespace Trading.Operations;

/// <summary>The one place where accounts, keys and sessions change; every change is stored before it is answered.</summary>
public sealed class IdentityGrain(
    [PersistentState("identity", "trading")] IPersistentState<IdentityRecord> stored, TimeProvider clock, IKeyRotation? rotation = null)
    : Grain, IIdentityGrain, IRemindable
{
    const string Reminder = "rotate-keys";
    static readonly TimeSpan ReminderPeriod = TimeSpan.FromHours(6);

    IdentityRecord State => stored.State;
    DateTimeOffset Now => clock.GetUtcNow();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (rotation is not null) await this.RegisterOrUpdateReminder(Reminder, ReminderPeriod, ReminderPeriod, CancellationToken.None);
    }

    /// <summary>Keys grow old whoever is here: the reminder outlives silos, and there is one of it for all of them.</summary>
    public Task ReceiveReminder(string reminderName, TickStatus status) => rotation?.RotateWhereDueAsync() ?? Task.CompletedTask;

    public Task<IdentitySnapshot?> GetAsync(long since) => Task.FromResult(since == State.Version && since > 0 ? null : new IdentitySnapshot(
        State.Version, [.. State.Accounts.Select(account => account.ToSubject())], State.ApiKeys, State.Revoked));

    public Task<Outcome<Subject>> SetUpAsync(SubjectChange first) => State.Accounts.IsEmpty
        ? AddAsync(first)
        : Task.FromResult(Outcome.Conflict<Subject>("setup", "done", "There is an administrator already; the set-up is over."));

    public async Task<Outcome<Subject>> AddAsync(SubjectChange subject)
    {
        if (IdentityRules.Check(subject, isNew: true) is { IsEmpty: false } errors) return Outcome.Invalid<Subject>(errors);
        if (Find(subject.Name) is not null) return Outcome.Conflict<Subject>("name", "taken", $"There is a subject '{subject.Name}' already.");
        if (State.Accounts.Length >= IdentityRules.MaxSubjects) return Outcome.Conflict<Subject>("name", "max_items", $"There are {IdentityRules.MaxSubjects} subjects, as many as may be.");
        var account = new Account(subject.Name, subject.IsService ?? false, subject.Rights!, subject.PasswordHash, subject.Disabled ?? false, Now, 0, null);
        await StoreAsync(State.With(account));
        return Outcome.Done(account.ToSubject());
    }

    public async Task<Outcome<Subject>> ChangeAsync(SubjectChange subject)
    {
        if (Find(subject.Name) is not { } account) return Unknown(subject.Name);
        if (IdentityRules.Check(subject with { IsService = account.IsService }, isNew: false) is { IsEmpty: false } errors) return Outcome.Invalid<Subject>(errors);
        var changed = IdentityRules.Changed(account, subject, Now);
        await StoreAsync(IdentityRules.WithoutSessionsOf(State, account.Name).With(changed));
        return Outcome.Done(changed.ToSubject());
    }

    public async Task<Outcome<LogIn>> BeginLogInAsync(string name)
    {
        if (Find(name) is not { } account) return Outcome.Done(new LogIn(null, null));
        if (IdentityRules.IsLocked(account, Now)) return Outcome.Busy<LogIn>("user", "There were too many failed log-ins; try again later.");
        await StoreAsync(State.With(IdentityRules.Failed(account, Now)));
        return Outcome.Done(new LogIn(account.Disabled ? null : account.PasswordHash, account.ToSubject()));
    }

    public async Task<Outcome<Subject>> SucceedAsync(string name, Refresh first)
    {
        if (Find(name) is not { Disabled: false } account) return Unknown(name);
        if (State.Sessions.Length >= IdentityRules.MaxSessions) return Outcome.Busy<Subject>("user", "There are as many sessions as may be.");
        var free = IdentityRules.Succeeded(account);
        await StoreAsync(State.With(free).With(new Session(first.Session, name, first.Hash, first.ExpiresAt)));
        return Outcome.Done(free.ToSubject());
    }

    public async Task<Outcome<Subject>> RefreshAsync(string session, string hash, Refresh next)
    {
        if (State.Session(session) is not { } known || known.ExpiresAt <= Now || Find(known.Subject) is not { Disabled: false } account)
            return Outcome.NotFound<Subject>("refresh_token", "There is no such session.");
        if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(known.Hash), Encoding.ASCII.GetBytes(hash)))
        {
            // Its holder and a thief cannot be told apart: both start again.
            await StoreAsync(IdentityRules.WithoutSessionsOf(State, account.Name).With(account with { NotBefore = Now }));
            return new(OutcomeKind.Conflict, account.ToSubject(), [new("refresh_token", "reused", "The token was used before: every session of the subject has ended.")]);
        }

        await StoreAsync(State.With(known with { Hash = next.Hash, ExpiresAt = next.ExpiresAt }));
        return Outcome.Done(account.ToSubject());
    }

    public Task EndSessionAsync(string session) => StoreAsync(State.WithoutSession(session));

    public Task RevokeAsync(RevokedToken token) => StoreAsync(State.With(token));

    public async Task<Outcome<ApiKey>> AddApiKeyAsync(ApiKey key)
    {
        if (Find(key.Subject) is not { } owner) return Outcome.NotFound<ApiKey>("subject", $"There is no subject '{key.Subject}'.");
        if (key.ExpiresAt <= Now) return Outcome.Invalid<ApiKey>(new FieldError("expires_at", "future", "A key expires in the future."));
        if ((key.Rights.Roles & ~owner.Rights.Roles) != 0 || (key.Rights.NamesOthers && !owner.Rights.NamesOthers)
            || (!owner.Rights.Books.IsEmpty && (key.Rights.Books.IsEmpty || key.Rights.Books.Except(owner.Rights.Books).Any())))
            return Outcome.Invalid<ApiKey>(new FieldError("roles", "within", "A key may do no more than its subject."));
        if (State.ApiKeys.Length >= IdentityRules.MaxApiKeys) return Outcome.Conflict<ApiKey>("name", "max_items", $"There are {IdentityRules.MaxApiKeys} keys, as many as may be.");
        if (State.ApiKey(key.Id) is not null) return Outcome.Conflict<ApiKey>("name", "taken", $"There is a key '{key.Id}' already.");
        await StoreAsync(State.With(key));
        return Outcome.Done(key);
    }

    public async Task<Outcome<ApiKey>> RevokeApiKeyAsync(string id)
    {
        if (State.ApiKey(id) is not { } key) return Outcome.NotFound<ApiKey>("id", $"There is no key '{id}'.");
        var revoked = key with { Revoked = true };
        await StoreAsync(State.With(revoked));
        return Outcome.Done(revoked);
    }

    Account? Find(string name) => State.Account(name);

    static Outcome<Subject> Unknown(string name) => Outcome.NotFound<Subject>("name", $"There is no subject '{name}'.");

    /// <summary>After a failed write nobody knows what is stored: the activation goes, and the next one reads.</summary>
    async Task StoreAsync(IdentityRecord changed)
    {
        stored.State = IdentityRules.Pruned(changed, Now) with { Version = State.Version + 1 };
        try
        {
            await stored.WriteStateAsync();
        }
        catch
        {
            DeactivateOnIdle();
            throw;
        }
    }
}

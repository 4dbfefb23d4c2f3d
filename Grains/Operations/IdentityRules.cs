using System.Collections.Immutable;

namespace Trading.Operations;

/// <summary>Who may log in, and how accounts, sessions and keys change. Records in, new record or refusal out.</summary>
public static class IdentityRules
{
    /// <summary>Failures after which an account is locked, for longer with every one after.</summary>
    public const int FreeFailures = 5;

    /// <summary>Most of each: the snapshot of all of them goes to every API.</summary>
    public const int MaxSubjects = 10_000, MaxApiKeys = 10_000, MaxSessions = 10_000, MaxBooks = 1_000;

    static readonly TimeSpan FirstLock = TimeSpan.FromMinutes(1), LongestLock = TimeSpan.FromHours(1);

    public static ImmutableArray<FieldError> Check(SubjectChange change, bool isNew)
    {
        FieldError?[] findings =
        [
            GrainKeys.IsSubject(change.Name) ? null : new("name", "form", "name must be 1 to 64 letters, digits or any of . _ - @, beginning with a letter or digit."),
            isNew && change.Rights is null ? new("roles", "required", "roles is required.") : null,
            change.Rights is { } rights && (rights.Roles == Roles.None || (rights.Roles & ~Roles.Anyone) != 0) ? new("roles", "required", "A subject has at least one role.") : null,
            change.Rights?.Books.Length > MaxBooks ? new("books", "max_items", $"books may hold at most {MaxBooks} ids.") : null,
            change.Rights?.Books.FirstOrDefault(book => !GrainKeys.IsPortfolioId(book)) is { } bad ? new("books", "form", $"'{bad}' is no id of a book.") : null,
            change is { IsService: not true, Rights.NamesOthers: true } ? new("names_others", "service", "Only a service names others; a person is itself.") : null,
        ];
        return [.. findings.OfType<FieldError>()];
    }

    public static Account Changed(Account account, SubjectChange change, DateTimeOffset now) => account with
    {
        Rights = change.Rights ?? account.Rights,
        PasswordHash = change.PasswordHash ?? account.PasswordHash,
        Disabled = change.Disabled ?? account.Disabled,
        NotBefore = now,
        Failures = change.PasswordHash is null ? account.Failures : 0,
        LockedUntil = change.PasswordHash is null ? account.LockedUntil : null,
    };

    public static bool IsLocked(Account account, DateTimeOffset now) => account.LockedUntil > now;

    /// <summary>One more failure.</summary>
    public static Account Failed(Account account, DateTimeOffset now)
    {
        var failures = account.Failures + 1;
        var doubled = FirstLock * Math.Pow(2, Math.Min(10, failures - FreeFailures));
        return account with { Failures = failures, LockedUntil = failures < FreeFailures ? null : now + (doubled < LongestLock ? doubled : LongestLock) };
    }

    public static Account Succeeded(Account account) => account with { Failures = 0, LockedUntil = null };

    /// <summary>Without what has expired by itself, so that nothing grows for ever.</summary>
    public static IdentityRecord Pruned(IdentityRecord record, DateTimeOffset now) => record with
    {
        Sessions = [.. record.Sessions.Where(session => session.ExpiresAt > now)],
        Revoked = [.. record.Revoked.Where(token => token.ExpiresAt > now)],
    };

    public static IdentityRecord WithoutSessionsOf(IdentityRecord record, string subject) => record with
    {
        Sessions = [.. record.Sessions.Where(session => session.Subject != subject)],
    };
}

using System.Collections.Immutable;

namespace Trading.Operations;

/// <summary>What somebody may do; one may have several.</summary>
[Flags, GenerateSerializer]
public enum Roles
{
    None = 0,

    /// <summary>Reads.</summary>
    Viewer = 1,

    /// <summary>Asks for trades and books what came of them.</summary>
    Trader = 2,

    /// <summary>Sets limits, modes and budgets.</summary>
    RiskOfficer = 4,

    /// <summary>Manages users and keys, and opens books.</summary>
    Administrator = 8,

    Anyone = Viewer | Trader | RiskOfficer | Administrator,
}

/// <summary>What a subject may do, and on which books.</summary>
/// <param name="Books">Ids; empty for every book.</param>
/// <param name="NamesOthers">A service that acts for persons: it says for whom in <c>changed_by</c> and its siblings.</param>
[GenerateSerializer, Immutable, Alias("trading.rights")]
public sealed record Rights(Roles Roles, ImmutableArray<string> Books, bool NamesOthers);

/// <summary>A person or a service.</summary>
/// <param name="NotBefore">Tokens from before are void.</param>
[GenerateSerializer, Immutable, Alias("trading.subject")]
public sealed record Subject(string Name, bool IsService, Rights Rights, bool Disabled, DateTimeOffset NotBefore, DateTimeOffset? LockedUntil);

/// <summary>A key by which a machine signs in. The key itself is known to its holder only.</summary>
[GenerateSerializer, Immutable, Alias("trading.api-key")]
public sealed record ApiKey(string Id, string Subject, string Hash, Rights Rights, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, bool Revoked);

/// <summary>A token that ends before its time.</summary>
[GenerateSerializer, Immutable, Alias("trading.revoked-token")]
public sealed record RevokedToken(string Id, DateTimeOffset ExpiresAt);

/// <summary>Everything that deciding about a request takes.</summary>
[GenerateSerializer, Immutable, Alias("trading.identity-snapshot")]
public sealed record IdentitySnapshot(
    long Version, ImmutableArray<Subject> Subjects, ImmutableArray<ApiKey> ApiKeys, ImmutableArray<RevokedToken> Revoked)
{
    public static IdentitySnapshot Empty { get; } = new(0, [], [], []);
}

/// <summary>A subject to add or to change; what is null stays as it is.</summary>
[GenerateSerializer, Immutable, Alias("trading.subject-change")]
public sealed record SubjectChange(string Name, bool? IsService, Rights? Rights, string? PasswordHash, bool? Disabled);

/// <summary>What a log-in is checked against.</summary>
/// <param name="PasswordHash">Null where nobody is called so, who also cannot log in.</param>
[GenerateSerializer, Immutable, Alias("trading.log-in")]
public sealed record LogIn(string? PasswordHash, Subject? Subject);

/// <summary>A refresh token as it is kept: its session, and the hash of its secret.</summary>
[GenerateSerializer, Immutable, Alias("trading.refresh")]
public sealed record Refresh(string Session, string Hash, DateTimeOffset ExpiresAt);

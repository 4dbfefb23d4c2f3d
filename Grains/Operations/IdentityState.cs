using System.Collections.Immutable;

namespace Trading.Operations;

/// <summary>A subject as it is kept.</summary>
/// <param name="Failures">Log-ins since the last that succeeded.</param>
[GenerateSerializer, Alias("trading.account")]
public sealed record Account(
    [property: Id(0)] string Name, [property: Id(1)] bool IsService, [property: Id(2)] Rights Rights, [property: Id(3)] string? PasswordHash,
    [property: Id(4)] bool Disabled, [property: Id(5)] DateTimeOffset NotBefore, [property: Id(6)] int Failures, [property: Id(7)] DateTimeOffset? LockedUntil)
{
    public Subject ToSubject() => new(Name, IsService, Rights, Disabled, NotBefore, LockedUntil);
}

/// <summary>A log-in that goes on by refresh tokens.</summary>
[GenerateSerializer, Alias("trading.session")]
public sealed record Session(
    [property: Id(0)] string Id, [property: Id(1)] string Subject, [property: Id(2)] string Hash, [property: Id(3)] DateTimeOffset ExpiresAt);

[GenerateSerializer, Alias("trading.identity-record")]
public sealed record IdentityRecord
{
    [Id(0)] public long Version { get; init; }
    [Id(1)] public ImmutableArray<Account> Accounts { get; init; } = [];
    [Id(2)] public ImmutableArray<ApiKey> ApiKeys { get; init; } = [];
    [Id(3)] public ImmutableArray<Session> Sessions { get; init; } = [];
    [Id(4)] public ImmutableArray<RevokedToken> Revoked { get; init; } = [];

    public Account? Account(string name) => Accounts.FirstOrDefault(account => account.Name == name);

    public ApiKey? ApiKey(string id) => ApiKeys.FirstOrDefault(key => key.Id == id);

    public Session? Session(string id) => Sessions.FirstOrDefault(session => session.Id == id);

    public IdentityRecord With(Account changed) => this with { Accounts = [.. Accounts.Where(account => account.Name != changed.Name), changed] };

    public IdentityRecord With(ApiKey changed) => this with { ApiKeys = [.. ApiKeys.Where(key => key.Id != changed.Id), changed] };

    public IdentityRecord With(Session changed) => this with { Sessions = [.. Sessions.Where(session => session.Id != changed.Id), changed] };

    public IdentityRecord With(RevokedToken revoked) => this with { Revoked = [.. Revoked.Where(token => token.Id != revoked.Id), revoked] };

    public IdentityRecord WithoutSession(string id) => this with { Sessions = [.. Sessions.Where(session => session.Id != id)] };
}

using Orleans.Concurrency;

namespace Trading.Operations;

/// <summary>Users, services, API keys, sessions and revocations. Key: <see cref="GrainKeys.Identity"/>.</summary>
[Alias("trading.identity")]
public interface IIdentityGrain : IGrainWithStringKey
{
    /// <summary>Null where it has not changed since this version.</summary>
    [AlwaysInterleave]
    [Traced]
    Task<IdentitySnapshot?> GetAsync(long since);

    /// <summary>The first administrator; only while nobody is known.</summary>
    [Traced]
    Task<Outcome<Subject>> SetUpAsync(SubjectChange first);

    [Traced]
    Task<Outcome<Subject>> AddAsync(SubjectChange subject);

    /// <summary>Takes every token of the subject away: what it may do from now on, its next one says.</summary>
    [Traced]
    Task<Outcome<Subject>> ChangeAsync(SubjectChange subject);

    /// <summary>What a log-in is checked against. It counts as failed until <see cref="SucceedAsync"/>, so that many at once are not more
    /// attempts than are allowed.</summary>
    [Traced]
    Task<Outcome<LogIn>> BeginLogInAsync(string name);

    /// <summary>The password was right: failures are forgotten, and a session begins.</summary>
    [Traced]
    Task<Outcome<Subject>> SucceedAsync(string name, Refresh first);

    /// <summary>Exchanges a refresh token for the next one. One that was exchanged before ends its session: it was stolen, or its thief
    /// was first.</summary>
    [Traced]
    Task<Outcome<Subject>> RefreshAsync(string session, string hash, Refresh next);

    [Traced]
    Task EndSessionAsync(string session);

    [Traced]
    Task RevokeAsync(RevokedToken token);

    [Traced]
    Task<Outcome<ApiKey>> AddApiKeyAsync(ApiKey key);

    [Traced]
    Task<Outcome<ApiKey>> RevokeApiKeyAsync(string id);
}

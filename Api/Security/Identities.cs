using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Trading.Operations;

namespace Trading.Api;

/// <summary>What this process knows of subjects, keys and revocations: asked for anew every few seconds, and at once after a change that
/// was made here.</summary>
internal sealed partial class Identities(
    IGrainFactory grains, SigningKeys signing, AccessMode mode, IOptions<SecurityOptions> options, TimeProvider clock,
    IHostApplicationLifetime lifetime, ILogger<Identities> log)
    : RepeatedWork(TimeSpan.FromSeconds(options.Value.RefreshInterval), clock, lifetime)
{
    volatile Known _known = new(-1, FrozenDictionary<string, Subject>.Empty, FrozenDictionary<string, ApiKey>.Empty, FrozenSet<string>.Empty);

    /// <summary>Grows with every change that may take somebody's rights away.</summary>
    public long Version => _known.Version;

    IIdentityGrain Grain => grains.GetGrain<IIdentityGrain>(GrainKeys.Identity);

    public async Task RefreshAsync()
    {
        signing.Reload();
        if (await Grain.GetAsync(_known.Version) is not { } snapshot || snapshot.Version < _known.Version) return;
        _known = new(
            snapshot.Version, snapshot.Subjects.ToFrozenDictionary(subject => subject.Name), snapshot.ApiKeys.ToFrozenDictionary(key => key.Id),
            snapshot.Revoked.Select(token => token.Id).ToFrozenSet());
    }

    /// <summary>Whether a caller whose token is good may still come in.</summary>
    public bool MayStay(Caller caller)
    {
        var known = _known;
        if (known.Revoked.Contains(caller.TokenId)) return false;
        return caller.Origin switch
        {
            CallerOrigin.Development => mode.IsDevelopment,
            CallerOrigin.Authority => true,
            CallerOrigin.ApiKey => known.ApiKeys.TryGetValue(caller.TokenId, out var key) && !key.Revoked
                && known.Subjects.TryGetValue(caller.Subject, out var owner) && !owner.Disabled,
            // Tokens tell whole seconds: one of the second in which the rights changed is from before.
            _ => known.Subjects.TryGetValue(caller.Subject, out var subject) && !subject.Disabled && caller.IssuedAt >= subject.NotBefore.AddSeconds(-1),
        };
    }

    /// <summary>The caller of an API key, <c>tk_ID_SECRET</c>; null where it is none.</summary>
    public Caller? Find(string text)
    {
        if (ApiKeys.Split(text) is not var (id, secret) || !_known.ApiKeys.TryGetValue(id, out var key) || key.Revoked) return null;
        if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(ApiKeys.Hash(secret)), Encoding.ASCII.GetBytes(key.Hash))) return null;
        if (!_known.Subjects.TryGetValue(key.Subject, out var owner) || owner.Disabled) return null;
        return new(owner.Name, owner.IsService, key.Rights.Roles & owner.Rights.Roles, Caller.BooksOf(key.Rights.Books, noneIsAll: true),
            key.Rights.NamesOthers && owner.Rights.NamesOthers, key.Id, null, key.CreatedAt, key.ExpiresAt, CallerOrigin.ApiKey);
    }

    protected override Task WorkAsync() => RefreshAsync();

    /// <summary>Nobody is let in any more.</summary>
    public override Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Warning, "Subjects and revocations could not be asked for; those known before stay in force.")]
    protected override partial void LogFailure(Exception failure);

    sealed record Known(long Version, FrozenDictionary<string, Subject> Subjects, FrozenDictionary<string, ApiKey> ApiKeys, FrozenSet<string> Revoked);
}

/// <summary>The form of API keys, and secrets that machines keep: long and random, so that a fast hash is enough.</summary>
internal static class ApiKeys
{
    const string Prefix = "tk_";
    const int SecretBytes = 32;

    public static string NewSecret() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes));

    public static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    public static string Text(string id, string secret) => $"{Prefix}{id}_{secret}";

    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    public static (string Id, string Secret)? Split(string text) =>
        text.StartsWith(Prefix, StringComparison.Ordinal) && text[Prefix.Length..].Split('_') is [var id, var secret] ? (id, secret) : null;
}

using System.Collections.Immutable;
using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace Trading.Api;

/// <summary>A key that signs tokens.</summary>
/// <param name="Private">PKCS #8.</param>
public sealed record SigningKey(string Id, DateTimeOffset CreatedAt, byte[] Private)
{
    public static SigningKey New(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new($"s{now:yyyyMMddHHmmss}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(3))}", now, key.ExportPkcs8PrivateKey());
    }

    /// <summary>Not the key: a record prints its members.</summary>
    public override string ToString() => Id;
}

/// <summary>Where signing keys are kept. The host has them in its vault.</summary>
public interface ISigningKeyStore
{
    /// <summary>The newest first; empty where there is none yet.</summary>
    ImmutableArray<SigningKey> Read();

    /// <summary>What follows from the keys there are, while no other process changes them.</summary>
    void Change(Func<ImmutableArray<SigningKey>, ImmutableArray<SigningKey>> change);
}

/// <summary>Keys for the life of the process: what they signed is void with the next start.</summary>
public sealed class PassingSigningKeys : ISigningKeyStore
{
    ImmutableArray<SigningKey> _keys = [];

    public ImmutableArray<SigningKey> Read() => _keys;

    public void Change(Func<ImmutableArray<SigningKey>, ImmutableArray<SigningKey>> change) => _keys = change(_keys);
}

/// <summary>The newest key signs, and those before it are good until the last token that they signed has ended.</summary>
internal sealed class SigningKeys
{
    const int MaxKeys = 8;

    readonly ISigningKeyStore _store;
    readonly TimeProvider _clock;
    readonly TimeSpan _overlap;
    readonly Lock _gate = new();
    volatile Ring _ring = new([], []);

    /// <param name="overlap">The life of a token and the skew of clocks.</param>
    public SigningKeys(ISigningKeyStore store, TimeProvider clock, TimeSpan overlap)
    {
        (_store, _clock, _overlap) = (store, clock, overlap);
        // Of several processes that begin at once on an empty store one makes the key, and all sign with it.
        if (_store.Read().IsEmpty) _store.Change(keys => keys.IsEmpty ? [SigningKey.New(_clock.GetUtcNow())] : keys);
        Reload();
    }

    public SigningCredentials Current => new(_ring.Public[_ring.Keys[0].Id], SecurityAlgorithms.EcdsaSha256);

    public string CurrentId => _ring.Keys[0].Id;

    public DateTimeOffset CurrentSince => _ring.Keys[0].CreatedAt;

    /// <summary>The keys that may have signed a token.</summary>
    public IEnumerable<SecurityKey> Find(string? id) => id is not null && _ring.Public.TryGetValue(id, out var key) ? [key] : [];

    /// <summary>Another process may have rotated.</summary>
    public void Reload()
    {
        var keys = _store.Read();
        if (keys.Select(key => key.Id).SequenceEqual(_ring.Keys.Select(key => key.Id))) return;
        var before = _ring.Public;
        _ring = new(keys, keys.ToImmutableDictionary(key => key.Id, key => before.GetValueOrDefault(key.Id) ?? Import(key)));
    }

    public void Rotate()
    {
        lock (_gate)
        {
            var now = _clock.GetUtcNow();
            // A key is needed until the tokens that it signed before its successor came have ended.
            _store.Change(all =>
                [SigningKey.New(now), .. all.Where((_, index) => index == 0 || all[index - 1].CreatedAt + _overlap > now).Take(MaxKeys - 1)]);
            Reload();
        }
    }

    static ECDsaSecurityKey Import(SigningKey key)
    {
        var ecdsa = ECDsa.Create();
        ecdsa.ImportPkcs8PrivateKey(key.Private, out _);
        return new(ecdsa) { KeyId = key.Id };
    }

    sealed record Ring(ImmutableArray<SigningKey> Keys, ImmutableDictionary<string, ECDsaSecurityKey> Public)
    {
        public Ring(ImmutableArray<SigningKey> keys, IEnumerable<KeyValuePair<string, ECDsaSecurityKey>> none) : this(keys, none.ToImmutableDictionary()) { }
    }
}

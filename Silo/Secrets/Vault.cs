using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Trading.Secrets;

/// <summary>What is known of a secret without opening it.</summary>
/// <param name="MasterKey">The master key that wraps its own.</param>
/// <param name="KeyedAt">Since when it has its own key.</param>
sealed record SecretFacts(string Name, int Version, string MasterKey, DateTimeOffset SetAt, DateTimeOffset KeyedAt);

/// <summary>Secrets, each under a key of its own, which the master key wraps. Both are bound to the environment and the name: a secret
/// that is copied to another name or environment does not open. A sealed mark tells a wrong master key before any secret is asked
/// for. Another process may change the store at any time: it is read for every question.</summary>
sealed class Vault
{
    const string Mark = "trading vault";
    const int MaxNameLength = 200, MaxValueBytes = 64 * 1024, UseIdBytes = 16;

    readonly IVaultStore _store;
    readonly string _environment;
    readonly TimeProvider _clock;
    readonly Lock _gate = new();
    MasterKeys _keys;

    Vault(IVaultStore store, string environment, MasterKeys keys, TimeProvider clock) =>
        (_store, _environment, _keys, _clock) = (store, environment, keys, clock);

    /// <summary>Opens the vault, or makes an empty one.</summary>
    /// <exception cref="VaultException">The master key is not the one that the vault was made with.</exception>
    public static Vault Open(IVaultStore store, string environment, MasterKeys keys, TimeProvider clock)
    {
        var vault = new Vault(store, environment, keys, clock);
        var content = store.Read();
        foreach (var (id, mark) in content.Marks)
            if (keys.Find(id) is { } key && Sealed.Open(key.Bytes, mark, vault.BoundTo(Mark, id)) is null)
                throw new VaultException($"The master key {id} is not the one that {store.Name} was made with for {environment}: "
                    + "it is another key, or the vault of another environment.");
        foreach (var id in content.Secrets.Values.Select(secret => secret.Master).Distinct())
            if (keys.Find(id) is null)
                throw new VaultException($"{store.Name} has secrets under the master key {id}, which is not among the keys given ({string.Join(", ", keys.All)}).");
        return vault;
    }

    /// <summary>Writes down who does what with a secret, before it is done: what cannot be written down is not done.</summary>
    /// <param name="name">Null for all of them.</param>
    public void Note(string action, string? name) => _store.Note(new(
        Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(UseIdBytes)), _clock.GetUtcNow(), action, name,
        Environment.UserName, Environment.MachineName, Environment.ProcessId));

    /// <summary>Uses that the audit has not taken yet.</summary>
    public IReadOnlyList<SecretUse> ReadUses(int most) => _store.ReadUses(most);

    public void MarkTaken(IReadOnlyList<SecretUse> uses) => _store.MarkTaken(uses);

    public IReadOnlyList<SecretFacts> List() => [.. _store.Read().Secrets
        .Select(secret => new SecretFacts(secret.Key, secret.Value.Version, secret.Value.Master, secret.Value.SetAt, secret.Value.KeyedAt))
        .OrderBy(secret => secret.Name, StringComparer.Ordinal)];

    /// <summary>Null where there is none of this name.</summary>
    /// <exception cref="VaultException">It was altered, or belongs to another name or environment.</exception>
    public string? Get(string name) => _store.Read().Secrets.TryGetValue(name, out var secret) ? Encoding.UTF8.GetString(OpenSecret(name, secret)) : null;

    public void Set(string name, string value) => Change(name, _ => value);

    /// <summary>What follows from the value there is, while nobody else changes it.</summary>
    /// <param name="change">Given null where there is none of this name; may be asked again.</param>
    public void Change(string name, Func<string?, string> change)
    {
        if (name.Length is 0 or > MaxNameLength || name.Any(letter => letter is <= ' ' or > '~'))
            throw new VaultException($"A secret's name is 1 to {MaxNameLength} printable ASCII characters without spaces.");
        Change(file =>
        {
            var before = file.Secrets.GetValueOrDefault(name);
            var bytes = Encoding.UTF8.GetBytes(change(before is null ? null : Encoding.UTF8.GetString(OpenSecret(name, before))));
            if (bytes.Length is 0 or > MaxValueBytes) throw new VaultException($"A secret is 1 to {MaxValueBytes} bytes long.");
            return file with { Secrets = file.Secrets.SetItem(name, Seal(name, bytes, (before?.Version ?? 0) + 1, _clock.GetUtcNow())) };
        });
    }

    /// <returns>Whether there was one.</returns>
    public bool Remove(string name)
    {
        var was = false;
        Change(file =>
        {
            was = file.Secrets.ContainsKey(name);
            return file with { Secrets = file.Secrets.Remove(name) };
        });
        return was;
    }

    /// <summary>Gives every secret a new key of its own under a new master key, which is in the key file before anything is wrapped with it.
    /// Where the master key comes from a variable, under the first one there.</summary>
    public void Rotate()
    {
        lock (_gate)
        {
            if (_keys.File is not null)
            {
                _keys = _keys.With(MasterKey.New(_clock.GetUtcNow()));
                _keys.Save();
            }

            Change(file => file with
            {
                Secrets = file.Secrets.ToImmutableSortedDictionary(secret => secret.Key,
                    secret => Seal(secret.Key, OpenSecret(secret.Key, secret.Value), secret.Value.Version, secret.Value.SetAt)),
            });
            if (_keys.File is null) return;
            _keys = _keys.CurrentOnly(); // nothing is wrapped with the others any more
            _keys.Save();
        }
    }

    /// <summary>The master key that new secrets are wrapped with.</summary>
    public string CurrentKey => _keys.Current.Id;

    byte[] OpenSecret(string name, SecretRecord secret)
    {
        var master = _keys.Find(secret.Master) ?? Reloaded().Find(secret.Master);
        var key = master is null ? null : Sealed.Open(master.Bytes, secret.Key, BoundTo(name, secret.Master));
        return (key is null ? null : Sealed.Open(key, secret.Value, BoundTo(name)))
            ?? throw new VaultException($"The secret {name} does not open in {_environment}: it was altered, or belongs to another name or environment.");
    }

    /// <summary>Another process may have rotated the keys.</summary>
    MasterKeys Reloaded() => _keys = _keys.File is { } file ? MasterKeys.Read(file, null)! : _keys;

    SecretRecord Seal(string name, ReadOnlySpan<byte> value, int version, DateTimeOffset setAt)
    {
        var key = RandomNumberGenerator.GetBytes(Sealed.KeyBytes);
        return new(version, _keys.Current.Id, Sealed.Seal(_keys.Current.Bytes, key, BoundTo(name, _keys.Current.Id)), Sealed.Seal(key, value, BoundTo(name)), setAt, _clock.GetUtcNow());
    }

    string BoundTo(params string[] parts) => string.Join('|', [_environment, .. parts]);

    void Change(Func<VaultContent, VaultContent> change)
    {
        lock (_gate)
            _store.Change(before =>
            {
                var content = change(before);
                var marks = ImmutableSortedDictionary<string, byte[]>.Empty.Add(_keys.Current.Id,
                    Sealed.Seal(_keys.Current.Bytes, Encoding.UTF8.GetBytes(Mark), BoundTo(Mark, _keys.Current.Id)));
                foreach (var id in content.Secrets.Values.Select(secret => secret.Master).Distinct())
                    if (content.Marks.TryGetValue(id, out var mark) && !marks.ContainsKey(id)) marks = marks.Add(id, mark);
                return content with { Marks = marks };
            });
    }
}

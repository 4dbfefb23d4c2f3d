using System.Collections.Immutable;

namespace Trading.Secrets;

/// <summary>Where the vault is kept: its secrets, all of them sealed, and beside them what was done with them.</summary>
interface IVaultStore
{
    /// <summary>In messages; without secrets.</summary>
    string Name { get; }

    /// <summary>Whether there is anything yet.</summary>
    bool Exists { get; }

    VaultContent Read();

    /// <summary>Replaces the content as a whole, while nobody else does.</summary>
    void Change(Func<VaultContent, VaultContent> change);

    /// <summary>Writes down a use behind those before it; durable when it returns.</summary>
    void Note(SecretUse use);

    /// <summary>Uses that are not marked as taken, in order, at most so many.</summary>
    IReadOnlyList<SecretUse> ReadUses(int most);

    /// <summary>Marks uses that <see cref="ReadUses"/> gave. Where the mark is lost they come again.</summary>
    void MarkTaken(IReadOnlyList<SecretUse> uses);
}

/// <param name="Marks">A sealed word under each master key, which tells a wrong one.</param>
sealed record VaultContent(int Format, ImmutableSortedDictionary<string, byte[]> Marks, ImmutableSortedDictionary<string, SecretRecord> Secrets)
{
    public static VaultContent Empty { get; } = new(1, ImmutableSortedDictionary<string, byte[]>.Empty, ImmutableSortedDictionary<string, SecretRecord>.Empty);
}

/// <param name="Master">Id of the master key that wraps <paramref name="Key"/>.</param>
sealed record SecretRecord(int Version, string Master, byte[] Key, byte[] Value, DateTimeOffset SetAt, DateTimeOffset KeyedAt);

/// <summary>That somebody did something with a secret.</summary>
/// <param name="Id">Of this use: the audit takes it once.</param>
/// <param name="Action"><c>get</c>, <c>set</c>, <c>remove</c> or <c>rotate</c> by command, and <c>open</c> by a program for its settings.</param>
/// <param name="Name">Of the secret; null for all of them.</param>
/// <param name="User">Of the operating system, on the machine <paramref name="Host"/>.</param>
sealed record SecretUse(string Id, DateTimeOffset At, string Action, string? Name, string User, string Host, int Process)
{
    public const string Get = "get", Set = "set", Remove = "remove", Rotate = "rotate", Open = "open";
}

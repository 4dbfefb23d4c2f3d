using System.Security.Cryptography;
using System.Text;
using Trading.Api;
using Trading.Secrets;
using Trading.Testing;

namespace Trading.Silo.Tests;

/// <summary>What holds of a vault wherever it is kept.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public abstract class VaultTests : IDisposable
{
    private protected const string Name = "market_data:binance:key", Value = "hunter2";
    readonly ManualTimeProvider _clock = new();
    IVaultStore? _store;

    protected TemporaryFolder Folder { get; } = new();

    private protected IVaultStore Store => _store ??= Create();

    string KeyPath => Path.Combine(Folder.Path, "master.key");

    /// <summary>An empty one.</summary>
    private protected abstract IVaultStore Create();

    /// <summary>The sealed parts of a secret, read without the store's own code.</summary>
    private protected abstract (byte[] Key, byte[] Value) Raw(string name);

    /// <summary>Everything that is kept, as text.</summary>
    private protected abstract string Everything();

    [Fact]
    public void Secret_ComesBack_AndStandsNowhereInTheStore()
    {
        var vault = Open(Keys());
        vault.Set(Name, Value);

        Open(Keys()).Get(Name).ShouldBe(Value);
        Open(Keys()).Get("other").ShouldBeNull();
        var text = Everything();
        text.ShouldContain(Name);
        text.ShouldNotContain(Value);
        text.ShouldNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(Value)));
    }

    /// <summary>The form is what the page says, read without the vault's own code.</summary>
    [Fact]
    public void Secret_IsAnEnvelope_BoundToEnvironmentAndName()
    {
        Open(Keys()).Set(Name, Value);
        var (sealedKey, sealedValue) = Raw(Name);
        var master = File.ReadAllText(KeyPath).Trim().Split(':');

        var key = Decrypt(Convert.FromBase64String(master[1]), sealedKey, $"production|{Name}|{master[0]}");
        Encoding.UTF8.GetString(Decrypt(key, sealedValue, $"production|{Name}")).ShouldBe(Value);

        static byte[] Decrypt(byte[] key, byte[] box, string boundTo)
        {
            var plain = new byte[box.Length - 28];
            using var aes = new AesGcm(key, 16);
            aes.Decrypt(box.AsSpan(0, 12), box.AsSpan(28), box.AsSpan(12, 16), plain, Encoding.UTF8.GetBytes(boundTo));
            return plain;
        }
    }

    [Fact]
    public void SecretUnderAnotherName_DoesNotOpen()
    {
        Open(Keys()).Set(Name, Value);
        Store.Change(content => content with { Secrets = content.Secrets.SetItem("store:password", content.Secrets[Name]) });

        Should.Throw<VaultException>(() => Open(Keys()).Get("store:password")).Message.ShouldContain("store:password does not open");
    }

    [Fact]
    public void SecretOfAnotherEnvironment_DoesNotOpen()
    {
        Open(Keys()).Set(Name, Value);
        var copied = Store.Read().Secrets[Name];
        var staging = Create();
        Vault.Open(staging, "staging", Keys(), _clock).Set("x", "y");
        staging.Change(content => content with { Secrets = content.Secrets.SetItem(Name, copied) });

        Should.Throw<VaultException>(() => Vault.Open(staging, "staging", Keys(), _clock).Get(Name));
        Should.Throw<VaultException>(() => Vault.Open(staging, "production", Keys(), _clock)).Message.ShouldContain("vault of another environment");
    }

    [Fact]
    public void EveryAlteredByte_IsNoticed()
    {
        Open(Keys()).Set(Name, Value);
        var whole = Store.Read().Secrets[Name];
        for (var at = 0; at < whole.Key.Length; at++) Refuses(whole with { Key = Altered(whole.Key, at) });
        for (var at = 0; at < whole.Value.Length; at++) Refuses(whole with { Value = Altered(whole.Value, at) });

        void Refuses(SecretRecord altered)
        {
            Store.Change(content => content with { Secrets = content.Secrets.SetItem(Name, altered) });
            Should.Throw<VaultException>(() => Open(Keys()).Get(Name));
        }

        static byte[] Altered(byte[] bytes, int at) => [.. bytes[..at], (byte)(bytes[at] ^ 1), .. bytes[(at + 1)..]];
    }

    [Fact]
    public void WrongMasterKey_IsFoundBeforeAnySecretIsAskedFor()
    {
        Open(Keys()).Set(Name, Value);
        var id = File.ReadAllText(KeyPath).Split(':')[0];
        var wrong = MasterKeys.Read(null, $"{id}:{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}")!;
        var unknown = MasterKeys.Read(null, $"other:{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}")!;

        Should.Throw<VaultException>(() => Open(wrong)).Message.ShouldContain($"The master key {id} is not the one");
        Should.Throw<VaultException>(() => Open(unknown)).Message.ShouldContain($"under the master key {id}");
    }

    [Fact]
    public void Rotation_WrapsAllAnew_UnderANewMasterKey_AndAnOpenVaultGoesOn()
    {
        var open = Open(Keys());
        open.Set(Name, Value);
        open.Set("b", "c");
        var before = open.List();
        _clock.Advance(TimeSpan.FromDays(30));

        Open(Keys()).Rotate();

        var after = open.List();
        after.Select(secret => secret.MasterKey).Distinct().ShouldHaveSingleItem().ShouldNotBe(before[0].MasterKey);
        after.ShouldAllBe(secret => secret.KeyedAt == _clock.GetUtcNow() && secret.SetAt < secret.KeyedAt);
        open.Get(Name).ShouldBe(Value);
        Open(Keys()).Get("b").ShouldBe("c");
        File.ReadAllLines(KeyPath).ShouldHaveSingleItem("the old key opens nothing any more");
    }

    [Fact]
    public void KeyFromAVariable_RotatesToTheFirstOneThere()
    {
        string Key(string id) => $"{id}:{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}";
        var (old, young) = (Key("old"), Key("young"));
        Open(MasterKeys.Read(null, old)!).Set(Name, Value);

        Open(MasterKeys.Read(null, $"{young},{old}")!).Rotate();

        Open(MasterKeys.Read(null, young)!).Get(Name).ShouldBe(Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no-colon")]
    [InlineData("id:c2hvcnQ=")]
    [InlineData("sample:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("sample:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")]
    public void WhatIsNoKey_OrIsASample_IsRefused(string text)
    {
        File.WriteAllText(KeyPath, text);
        File.SetUnixFileMode(KeyPath, UnixFileMode.UserRead);

        Should.Throw<VaultException>(() => MasterKeys.Read(KeyPath, null));
    }

    [Fact]
    public void KeyFileThatOthersCanRead_IsRefused()
    {
        MasterKeys.Create(KeyPath, _clock.GetUtcNow());
        File.SetUnixFileMode(KeyPath, UnixFileMode.UserRead | UnixFileMode.OtherRead);

        Should.Throw<VaultException>(() => MasterKeys.Read(KeyPath, null)).Message.ShouldContain("chmod 600");
    }

    [Fact]
    public void Removed_IsGone_AndSoIsAChangeThatFails()
    {
        var vault = Open(Keys());
        vault.Set(Name, Value);
        Should.Throw<InvalidOperationException>(() => Store.Change(_ => throw new InvalidOperationException()));
        vault.Get(Name).ShouldBe(Value);

        vault.Remove(Name).ShouldBeTrue();
        vault.Remove(Name).ShouldBeFalse();

        Open(Keys()).List().ShouldBeEmpty();
    }

    [Fact]
    public void Uses_ComeInOrder_UntilTheyAreTaken()
    {
        Store.ReadUses(100).ShouldBeEmpty();
        for (var n = 1; n <= 5; n++) Store.Note(Use(n));
        Ids(2).ShouldBe(["1", "2"]);

        Store.MarkTaken(Store.ReadUses(2));
        Store.Note(Use(6) with { Name = null });

        Ids(100).ShouldBe(["3", "4", "5", "6"]);
        Store.ReadUses(1).ShouldBe([Use(3)]);
        Store.MarkTaken(Store.ReadUses(100));
        Ids(100).ShouldBeEmpty();
    }

    [Fact]
    public async Task UsesAndSecretsOfManyAtOnce_AreAllThere()
    {
        Open(Keys()).Set(Name, Value);

        await Task.WhenAll(Enumerable.Range(1, 20).Select(n => Task.Run(() =>
        {
            Store.Note(Use(n));
            Open(Keys()).Set($"secret-{n}", Value);
        })));

        Ids(100).Select(int.Parse).Order().ShouldBe(Enumerable.Range(1, 20));
        Open(Keys()).List().Count.ShouldBe(21);
    }

    /// <summary>Whoever came second would otherwise make the tokens of the first void.</summary>
    [Fact]
    public async Task ProcessesThatBeginAtOnce_OnAnEmptyVault_SignWithOneKey()
    {
        Store.Exists.ShouldBeFalse();
        var vaults = Enumerable.Range(0, 8).Select(_ => Vault.Open(Store, "production", Keys(), _clock)).ToArray();
        using var start = new Barrier(vaults.Length);

        var keys = await Task.WhenAll(vaults.Select(vault => Task.Factory.StartNew(() =>
        {
            start.SignalAndWait(TestContext.Current.CancellationToken);
            return new SigningKeys(new VaultSigningKeys(vault), _clock, TimeSpan.FromHours(1)).CurrentId;
        }, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        keys.Distinct().ShouldHaveSingleItem();
        new VaultSigningKeys(vaults[0]).Read().ShouldHaveSingleItem().Id.ShouldBe(keys[0]);
    }

    private protected IEnumerable<string> Ids(int most) => Store.ReadUses(most).Select(use => use.Id);

    private protected static SecretUse Use(int number) => new($"{number}", DateTimeOffset.UnixEpoch, SecretUse.Get, "store:password", "ada", "desk", 1);

    private protected MasterKeys Keys() => File.Exists(KeyPath) ? MasterKeys.Read(KeyPath, null)! : MasterKeys.Create(KeyPath, _clock.GetUtcNow());

    private protected Vault Open(MasterKeys keys) => Vault.Open(Store, "production", keys, _clock);

    public void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }
}

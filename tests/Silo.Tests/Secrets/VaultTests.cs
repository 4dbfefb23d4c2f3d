using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Trading.Secrets;
using Trading.Testing;

namespace Trading.Silo.Tests;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class VaultTests : IDisposable
{
    const string Name = "market_data:binance:key", Value = "hunter2";
    readonly TemporaryFolder _folder = new();
    readonly ManualTimeProvider _clock = new();

    string VaultPath => Path.Combine(_folder.Path, "vault.json");
    string KeyPath => Path.Combine(_folder.Path, "master.key");

    [Fact]
    public void Secret_ComesBack_AndStandsNowhereInTheFile()
    {
        var vault = Open(Keys());
        vault.Set(Name, Value);

        Open(Keys()).Get(Name).ShouldBe(Value);
        Open(Keys()).Get("other").ShouldBeNull();
        var text = File.ReadAllText(VaultPath);
        text.ShouldNotContain(Value);
        text.ShouldNotContain(Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Value)));
        (File.GetUnixFileMode(VaultPath) | File.GetUnixFileMode(KeyPath)).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    /// <summary>The format is what the page says, read without the vault's own code.</summary>
    [Fact]
    public void File_IsAnEnvelope_BoundToEnvironmentAndName()
    {
        Open(Keys()).Set(Name, Value);
        var secret = JsonNode.Parse(File.ReadAllText(VaultPath))!["secrets"]![Name]!;
        var master = File.ReadAllText(KeyPath).Trim().Split(':');

        var key = Decrypt(Convert.FromBase64String(master[1]), secret["key"]!, $"production|{Name}|{master[0]}");
        System.Text.Encoding.UTF8.GetString(Decrypt(key, secret["value"]!, $"production|{Name}")).ShouldBe(Value);

        static byte[] Decrypt(byte[] key, JsonNode box, string boundTo)
        {
            var bytes = Convert.FromBase64String(box.GetValue<string>());
            var plain = new byte[bytes.Length - 28];
            using var aes = new AesGcm(key, 16);
            aes.Decrypt(bytes.AsSpan(0, 12), bytes.AsSpan(28), bytes.AsSpan(12, 16), plain, System.Text.Encoding.UTF8.GetBytes(boundTo));
            return plain;
        }
    }

    [Fact]
    public void SecretUnderAnotherName_DoesNotOpen()
    {
        Open(Keys()).Set(Name, Value);
        Edit(secrets => secrets["store:password"] = secrets[Name]!.DeepClone());

        Should.Throw<VaultException>(() => Open(Keys()).Get("store:password")).Message.ShouldContain("store:password does not open");
    }

    [Fact]
    public void SecretOfAnotherEnvironment_DoesNotOpen()
    {
        Open(Keys()).Set(Name, Value);
        var copied = JsonNode.Parse(File.ReadAllText(VaultPath))!["secrets"]![Name]!.DeepClone();
        File.Delete(VaultPath);
        Open(Keys(), "staging").Set("x", "y");
        Edit(secrets => secrets[Name] = copied);

        Should.Throw<VaultException>(() => Open(Keys(), "staging").Get(Name));
        Should.Throw<VaultException>(() => Open(Keys())).Message.ShouldContain("vault of another environment");
    }

    [Fact]
    public void EveryAlteredByte_IsNoticed()
    {
        Open(Keys()).Set(Name, Value);
        var whole = File.ReadAllText(VaultPath);
        foreach (var part in new[] { "key", "value" })
        {
            var length = Convert.FromBase64String(JsonNode.Parse(whole)!["secrets"]![Name]![part]!.GetValue<string>()).Length;
            for (var at = 0; at < length; at++)
            {
                File.WriteAllText(VaultPath, whole);
                Edit(secrets =>
                {
                    var bytes = Convert.FromBase64String(secrets[Name]![part]!.GetValue<string>());
                    bytes[at] ^= 1;
                    secrets[Name]![part] = Convert.ToBase64String(bytes);
                });
                Should.Throw<VaultException>(() => Open(Keys()).Get(Name));
            }
        }
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

    MasterKeys Keys() => File.Exists(KeyPath) ? MasterKeys.Read(KeyPath, null)! : MasterKeys.Create(KeyPath, _clock.GetUtcNow());

    Vault Open(MasterKeys keys, string environment = "production") => Vault.Open(VaultPath, environment, keys, _clock);

    void Edit(Action<JsonObject> change)
    {
        var file = JsonNode.Parse(File.ReadAllText(VaultPath))!;
        change(file["secrets"]!.AsObject());
        File.WriteAllText(VaultPath, file.ToJsonString());
    }

    public void Dispose() => _folder.Dispose();
}

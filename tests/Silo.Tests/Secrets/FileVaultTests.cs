using System.Text.Json.Nodes;
using Trading.Secrets;

namespace Trading.Silo.Tests;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class FileVaultTests : VaultTests
{
    int _made;

    string VaultPath => Store.Name;

    string Uses => Path.ChangeExtension(VaultPath, ".uses.jsonl");

    private protected override IVaultStore Create() => new FileVault(Path.Combine(Folder.Path, $"vault-{++_made}.json"));

    private protected override (byte[] Key, byte[] Value) Raw(string name)
    {
        var secret = JsonNode.Parse(File.ReadAllText(VaultPath))!["secrets"]![name]!;
        return (Convert.FromBase64String(secret["key"]!.GetValue<string>()), Convert.FromBase64String(secret["value"]!.GetValue<string>()));
    }

    private protected override string Everything() => File.ReadAllText(VaultPath);

    [Fact]
    public void Files_AreTheirOwnersAlone()
    {
        Open(Keys()).Set(Name, Value);
        Store.Note(Use(1));

        foreach (var file in new[] { VaultPath, Uses, Path.Combine(Folder.Path, "master.key") })
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
    }

    [Fact]
    public void LineOfAProcessThatDiedWritingIt_SpoilsNoOther()
    {
        Store.Note(Use(1));
        File.AppendAllText(Uses, """{"id":"2","at":"2026-""");
        Store.Note(Use(3));

        Ids(100).ShouldBe(["1", "3"]);
        Store.MarkTaken(Store.ReadUses(100));
        Ids(100).ShouldBeEmpty();
        File.ReadAllLines(Uses).Length.ShouldBe(3, "the file keeps what was taken");
    }

    [Fact]
    public void MarkThatIsLost_HasThemComeAgain()
    {
        Store.Note(Use(1));
        Store.MarkTaken(Store.ReadUses(100));
        File.Delete(Path.ChangeExtension(VaultPath, ".uses.taken"));

        Ids(100).ShouldBe(["1"]);
    }

    [Theory]
    [InlineData("", "2026-11-28T03:00:00Z", true)]
    [InlineData("07:00-19:00", "2026-11-27T18:59:00Z", true)]
    [InlineData("07:00-19:00", "2026-11-27T19:00:00Z", false)]
    [InlineData("07:00-19:00", "2026-11-28T12:00:00Z", false)] // a Saturday
    [InlineData("22:00-06:00", "2026-11-27T23:00:00Z", true)]
    public void ReadingHours_AreOfWeekdays_InUtc(string hours, string at, bool within) =>
        new VaultOptions { ReadingHours = hours }.IsReadingHour(DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture)).ShouldBe(within);
}

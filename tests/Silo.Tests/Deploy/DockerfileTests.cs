using System.Text.RegularExpressions;
using System.Xml.Linq;
using Trading.Silo.Tests;
using Trading.Testing;

namespace Trading.Deploy.Tests;

/// <summary>The image, as far as it can be known without building it.</summary>
public sealed partial class DockerfileTests
{
    static readonly string Dockerfile = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "deploy", "Dockerfile"));

    /// <summary>The restore comes before the sources: a project that is not there by then fails it.</summary>
    [Fact]
    public void EveryProjectOfTheProgram_IsThereBeforeItsPackagesAreRestored()
    {
        var copied = Copied().Matches(Dockerfile).Select(match => match.Groups[1].Value);

        copied.Order(StringComparer.Ordinal).ShouldBe(NeededBy("Silo").Distinct().Order(StringComparer.Ordinal));

        static IEnumerable<string> NeededBy(string project) => XDocument
            .Load(Path.Combine(RepositoryFiles.Root, project, $"{project}.csproj")).Descendants("ProjectReference")
            .SelectMany(reference => NeededBy(Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value)))
            .Append(project);
    }

    /// <summary>Stores, keys and tokens of whoever tried the program in this folder stay outside.</summary>
    [Fact]
    public void OfTheDataFolder_OnlyTheSampleGoesIntoTheImage()
    {
        string[] ignored = File.ReadAllLines(Path.Combine(RepositoryFiles.Root, ".dockerignore"));

        ignored.ShouldContain("data/*");
        ignored.Where(line => line.StartsWith('!')).ShouldBe(["!data/sample"]);
        ignored.ShouldContain("**/development.*", "the token and the key of a start that has none");
        ignored.ShouldContain("deploy", "deploy/secrets has the passwords and keys of a trial");
    }

    /// <summary>The program with its settings, and the sample.</summary>
    [Fact]
    public async Task NothingThatGoesIntoTheImage_IsASecret()
    {
        string[] folders = [AppContext.BaseDirectory, RepositoryFiles.Sample];
        var files = folders.SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            .Where(file => !Path.GetFileName(file).StartsWith("development.", StringComparison.Ordinal)).ToArray();

        files.Where(file => Path.GetExtension(file) is ".key" or ".pem" or ".pfx" or ".p12" or ".env" or ".auth").ShouldBeEmpty();
        List<SecretFinding> found = [];
        foreach (var file in files.Where(file => Path.GetExtension(file) is not (".dll" or ".so" or ".pdb" or ".xml")))
            if (await SecretScan.TextOfAsync(file) is { } text) found.AddRange(SecretScan.Find(file, text));
        string.Join('\n', found).ShouldBeEmpty();
    }

    [GeneratedRegex(@"^COPY (\S+)/\1\.csproj \1/$", RegexOptions.Multiline)]
    private static partial Regex Copied();
}

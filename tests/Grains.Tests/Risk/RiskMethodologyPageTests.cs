using System.Text.RegularExpressions;
using Trading.Testing;

namespace Trading.Risk.Tests;

/// <summary>Every test that docs/risk-methodology.md names exists.</summary>
public sealed partial class RiskMethodologyPageTests
{
    [Fact]
    public void EveryTestThatIsNamed_Exists()
    {
        var page = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "risk-methodology.md"));
        var named = NamedTest().Matches(page).Select(match => (Class: match.Groups["class"].Value, Test: match.Groups["test"].Value)).Distinct().ToList();
        named.Count.ShouldBeGreaterThan(30);
        var sources = Directory.EnumerateFiles(Path.Combine(RepositoryFiles.Root, "tests"), "*.cs", SearchOption.AllDirectories)
            .ToLookup(file => Path.GetFileNameWithoutExtension(file));
        foreach (var (name, test) in named)
            sources[name].Select(File.ReadAllText).ShouldContain(source => Regex.IsMatch(source, $@"public (void|async Task|Task) {test}\("), $"{name}.{test}");
    }

    [GeneratedRegex(@"`(?<class>\w+Tests)\.(?<test>\w+)`")]
    private static partial Regex NamedTest();
}

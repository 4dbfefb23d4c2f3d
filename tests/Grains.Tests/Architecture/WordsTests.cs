using System.Text.RegularExpressions;
using Trading.Testing;

namespace Trading.Architecture.Tests;

/// <summary>The table of words in docs/architecture.md names types that exist.</summary>
public sealed partial class WordsTests
{
    static readonly string[] NotProduct = ["tests", "artifacts", "build", "docs"];

    [Fact]
    public void EveryTypeThatTheTableOfWordsNames_IsInTheCode()
    {
        var page = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "architecture.md"));
        var section = page.Split("\n## ").Single(part => part.StartsWith("The words", StringComparison.Ordinal));
        var named = TypeName().Matches(section).Select(match => match.Groups["name"].Value).Distinct().ToList();
        named.Count.ShouldBeGreaterThan(50);
        named.Except(Declared()).ShouldBeEmpty();
    }

    static IEnumerable<string> Declared() =>
        from folder in Directory.EnumerateDirectories(RepositoryFiles.Root)
        where !NotProduct.Contains(Path.GetFileName(folder)) && !Path.GetFileName(folder).StartsWith('.')
        from file in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
        from Match declared in Declaration().Matches(File.ReadAllText(file))
        select declared.Groups["name"].Value;

    [GeneratedRegex(@"`(?<name>[A-Z]\w+)`")]
    private static partial Regex TypeName();

    [GeneratedRegex(@"\b(class|record|struct|interface|enum) (?<name>[A-Z]\w+)")]
    private static partial Regex Declaration();
}

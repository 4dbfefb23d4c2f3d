using System.Text.RegularExpressions;
using Trading.Testing;

namespace Trading.Silo.Tests;

/// <summary>The tests that docs/security.md names are there, and each of OWASP's risks has one.</summary>
public sealed partial class SecurityPageTests
{
    const int Risks = 10;

    static readonly string Page = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs/security.md"));

    static readonly Dictionary<string, string> Classes = Directory.EnumerateFiles(Path.Combine(RepositoryFiles.Root, "tests"), "*.cs", SearchOption.AllDirectories)
        .Select(File.ReadAllText).Where(text => HasTests().IsMatch(text))
        .SelectMany(text => Class().Matches(text).Select(found => (Name: found.Groups[1].Value, Text: text)))
        .GroupBy(each => each.Name).ToDictionary(each => each.Key, each => string.Concat(each.Select(one => one.Text)));

    [Fact]
    public void EveryRisk_HasAProtection_AndATestThatIsThere()
    {
        var rows = Row().Matches(Page[Page.IndexOf("## OWASP", StringComparison.Ordinal)..]);

        rows.Select(row => int.Parse(row.Groups["number"].Value, System.Globalization.CultureInfo.InvariantCulture)).ShouldBe(Enumerable.Range(1, Risks));
        foreach (Match row in rows)
        {
            row.Groups["protection"].Value.Trim().ShouldNotBeEmpty(row.Value);
            TestsIn(row.Groups["tests"].Value).ShouldNotBeEmpty(row.Value);
        }
    }

    [Fact]
    public void EveryTestThatThePageNames_IsThere()
    {
        var named = TestsIn(Page).ToArray();

        named.Length.ShouldBeGreaterThan(20);
        named.Where(test => !IsThere(test.Class, test.Method)).Select(test => $"{test.Class}.{test.Method}").ShouldBeEmpty();
        IsThere("SecurityPageTests", "NoSuchTest_").ShouldBeFalse();
        IsThere("NoSuchTests", "").ShouldBeFalse();
    }

    /// <param name="method">The beginning of a test's name; empty for the class as a whole.</param>
    static bool IsThere(string @class, string method) => Classes.TryGetValue(@class, out var text)
        && (method.Length == 0 || Regex.IsMatch(text, $@"public (async )?(Task|void) {Regex.Escape(method)}"));

    /// <summary>Names as `ClassTests`, or `ClassTests.Method_…`, of which the last class before stands for `Method_…` alone.</summary>
    static IEnumerable<(string Class, string Method)> TestsIn(string text)
    {
        var last = "";
        foreach (Match name in Named().Matches(text))
        {
            if (name.Groups["class"].Success) last = name.Groups["class"].Value;
            if (last.Length > 0) yield return (last, name.Groups["method"].Value);
        }
    }

    [GeneratedRegex(@"\[\w*(Fact|Theory)\b")]
    private static partial Regex HasTests();

    [GeneratedRegex(@"class (\w+Tests)\b")]
    private static partial Regex Class();

    [GeneratedRegex(@"^\| (?<number>\d+) [^|]*\|(?<protection>[^|]*)\|(?<tests>[^|]*)\|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"`(?:(?<class>[A-Z]\w+Tests)(?:\.(?<method>\w+_)…?)?|(?<method>[A-Z]\w+_)…)`")]
    private static partial Regex Named();
}

using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Trading.Backtests;
using Trading.Journal;
using Trading.Learning;
using Trading.MarketData;
using Trading.Portfolios;
using Trading.Quant;
using Trading.Testing;

namespace Trading.Architecture.Tests;

/// <summary>The table of projects in docs/architecture.md says what each refers to; the libraries know nothing of Orleans.</summary>
public sealed partial class ProjectTests
{
    const string Engine = "Orleans";

    static readonly Assembly[] Libraries = [typeof(TailRisk).Assembly, typeof(IJournal).Assembly, typeof(SourceChain).Assembly,
        typeof(MarketHistory).Assembly, typeof(FeatureCatalog).Assembly];

    static readonly Dictionary<string, string[]> Table = Row().Matches(File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "architecture.md")))
        .ToDictionary(row => row.Groups["project"].Value, row => Name().Matches(row.Groups["refers"].Value).Select(match => match.Value).Order().ToArray());

    [Fact]
    public void EveryProject_RefersToWhatTheTableSays_AndToNothingElse()
    {
        var projects = Directory.EnumerateDirectories(RepositoryFiles.Root).SelectMany(folder => Directory.EnumerateFiles(folder, "*.csproj")).ToList();

        projects.Select(Path.GetFileNameWithoutExtension).Order().ShouldBe(Table.Keys.Order());
        foreach (var project in projects)
            ReferencesOf(XElement.Load(project)).ShouldBe(Table[Path.GetFileNameWithoutExtension(project)], Path.GetFileName(project));
    }

    [Fact]
    public void Libraries_AsTheyAreCompiled_KnowNoOrleans()
    {
        foreach (var library in Libraries)
        {
            References(library).ShouldNotContain(name => IsEngine(name), library.FullName);
            Table[ProjectOf(library)].ShouldNotContain(Engine);
        }
    }

    [Fact]
    public void Assemblies_UseNoProjectThatTheTableDoesNotGiveThem()
    {
        Assembly[] all = [.. Libraries, typeof(IPortfolioGrain).Assembly, typeof(PortfolioGrain).Assembly];
        foreach (var assembly in all)
            References(assembly).Where(name => name.StartsWith("Trading.", StringComparison.Ordinal)).Select(name => name["Trading.".Length..])
                .ShouldBeSubsetOf(Table[ProjectOf(assembly)], assembly.FullName);
    }

    static string ProjectOf(Assembly assembly) => assembly.GetName().Name!["Trading.".Length..];

    static IEnumerable<string> References(Assembly assembly) => assembly.GetReferencedAssemblies().Select(name => name.Name!);

    static bool IsEngine(string name) =>
        name.StartsWith("Orleans", StringComparison.Ordinal) || name.StartsWith("Microsoft.Orleans", StringComparison.Ordinal);

    static IEnumerable<string> ReferencesOf(XElement project)
    {
        var projects = project.Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));
        var isOfGrains = project.Descendants("UsesGrains").Any(setting => setting.Value == "true")
            || project.Descendants("PackageReference").Any(package => IsEngine(package.Attribute("Include")!.Value));
        return projects.Concat(isOfGrains ? [Engine] : []).Order();
    }

    [GeneratedRegex(@"^\| `(?<project>[\w.]+)/` \| [^|]+ \| (?<refers>[^|]*) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"[A-Z][\w.]*\w")]
    private static partial Regex Name();
}

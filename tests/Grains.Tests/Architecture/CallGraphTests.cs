using System.Text.RegularExpressions;
using Trading.Testing;

namespace Trading.Architecture.Tests;

/// <summary>The picture of the call graph in docs/architecture.md is the call graph of the code.</summary>
public sealed partial class CallGraphTests
{
    static readonly Edge[] Drawn = [.. DrawnEdge().Matches(File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "architecture.md")))
        .Select(match => new Edge(match.Groups["from"].Value, match.Groups["to"].Value))];

    [Fact]
    public void EveryGrainCall_IsDrawn_AndEveryDrawnCall_Exists() => Drawn.Order().ShouldBe(Called().Distinct().Order());

    [Fact]
    public void Calls_FormNoCycle()
    {
        var open = new HashSet<Edge>(Called());
        while (open.Count > 0)
        {
            var callers = open.Select(edge => edge.From).ToHashSet();
            open.RemoveWhere(edge => !callers.Contains(edge.To)).ShouldBeGreaterThan(0, "the remaining calls form a cycle: " + string.Join(", ", open));
        }
    }

    static IEnumerable<Edge> Called() =>
        from folder in new[] { "Grains", "Api" }
        from file in Directory.EnumerateFiles(Path.Combine(RepositoryFiles.Root, folder), "*.cs", SearchOption.AllDirectories)
        from Match call in GrainCall().Matches(File.ReadAllText(file))
        select new Edge(folder == "Api" ? "Api" : Path.GetFileNameWithoutExtension(file), call.Groups["grain"].Value);

    [GeneratedRegex(@"GetGrain<I(?<grain>\w+Grain)>")]
    private static partial Regex GrainCall();

    [GeneratedRegex(@"^\s*(?<from>\w+) --> (?<to>\w+)\s*$", RegexOptions.Multiline)]
    private static partial Regex DrawnEdge();

    readonly record struct Edge(string From, string To) : IComparable<Edge>
    {
        public int CompareTo(Edge other) => string.CompareOrdinal(ToString(), other.ToString());

        public override string ToString() => $"{From} --> {To}";
    }
}

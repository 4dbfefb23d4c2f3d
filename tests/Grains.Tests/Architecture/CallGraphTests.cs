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
        var open = new HashSet<Edge>(Called().Where(edge => edge != UpTheHierarchy));
        while (open.Count > 0)
        {
            var callers = open.Select(edge => edge.From).ToHashSet();
            open.RemoveWhere(edge => !callers.Contains(edge.To)).ShouldBeGreaterThan(0, "the remaining calls form a cycle: " + string.Join(", ", open));
        }
    }

    [Fact]
    public void BudgetGrain_AsksTheFirmOnly_AndTheFirmNobody()
    {
        var code = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "Grains", "Risk", "Budgets", "RiskBudgetGrain.cs"));
        GrainCall().Count(code).ShouldBe(1);
        code.ShouldContain("GetGrain<IRiskBudgetGrain>(GrainKeys.FirmBudget)");
        code.ShouldContain("if (IsRoot) return;");
    }

    /// <summary>From a desk to the firm: one class, two kinds of keys, see the test above.</summary>
    static readonly Edge UpTheHierarchy = new("RiskBudgetGrain", "RiskBudgetGrain");

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

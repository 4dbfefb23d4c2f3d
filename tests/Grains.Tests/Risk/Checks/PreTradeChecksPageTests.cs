using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Trading.Testing;

namespace Trading.Risk.Tests;

/// <summary>The table of rules in docs/pre-trade-checks.md is the one that the code has.</summary>
public sealed class PreTradeChecksPageTests
{
    static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    const string Begin = "<!-- rules: generated -->\n", End = "\n<!-- /rules -->";

    static readonly string Page = Path.Combine(RepositoryFiles.Root, "docs", "pre-trade-checks.md");

    /// <summary>Where it is not, the page is made so, to be read and committed.</summary>
    [Fact]
    public void Page_HasTheTableOfTheCode()
    {
        var page = File.ReadAllText(Page);
        var (begin, end) = (page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, page.IndexOf(End, StringComparison.Ordinal));
        var written = page[begin..end];
        if (written != Table()) File.WriteAllText(Page, page[..begin] + Table() + page[end..]);
        (written == Table()).ShouldBeTrue("The table in docs/pre-trade-checks.md was not the one of the code; it was made so, and waits to be read and committed.");
    }

    [Fact]
    public void EveryRule_HasATestOfItsName() => Tests.Select(test => test.Key).Order().ShouldBe(Enum.GetValues<RiskRule>());

    [Fact]
    public void Catalog_HasEveryRule_InTheOrderOfReports() =>
        RuleCatalog.All.ToArray().Select(entry => entry.Rule).ShouldBe(Enum.GetValues<RiskRule>());

    static ILookup<RiskRule, string> Tests { get; } = (
        from type in typeof(PreTradeChecksPageTests).Assembly.GetTypes()
        from method in type.GetMethods()
        from mark in method.GetCustomAttributes<ChecksAttribute>()
        select (mark.Rule, method.Name)).ToLookup(test => test.Rule, test => test.Name);

    static string Table() => string.Join('\n',
    [
        "| code | broken when | limit | observed and limit in | orders that only close a position | test |",
        "| --- | --- | --- | --- | --- | --- |",
        .. RuleCatalog.All.ToArray().Select(entry =>
            $"| `{JsonSerializer.Serialize(entry.Rule, Json).Trim('"')}` | {entry.Meaning} | {FieldOf(entry)} | {entry.Unit} | {Words(entry.Reductions)} | `{string.Join("`, `", Tests[entry.Rule].Order(StringComparer.Ordinal))}` |"),
    ]);

    static string FieldOf(RuleEntry entry) => entry.Limit is null ? "" : $"`{typeof(RiskLimits).GetProperty(entry.Limit)!
        .GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(entry.Limit)}`";

    static string Words(Reductions reductions) => reductions switch
    {
        Reductions.Open => "pass",
        Reductions.OpenUnlessTheMeasureGrows => "pass unless the measure grows",
        _ => "are refused",
    };
}

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

    [Fact]
    public void Page_HasTheTableOfTheCode() =>
        File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "pre-trade-checks.md")).ShouldContain(Table(), Case.Sensitive);

    [Fact]
    public void Catalog_HasEveryRule_InTheOrderOfReports() =>
        RuleCatalog.All.ToArray().Select(entry => entry.Rule).ShouldBe(Enum.GetValues<RiskRule>());

    static string Table() => string.Join('\n',
    [
        "| code | broken when | limit | observed and limit in | orders that only close a position |",
        "| --- | --- | --- | --- | --- |",
        .. RuleCatalog.All.ToArray().Select(entry =>
            $"| `{JsonSerializer.Serialize(entry.Rule, Json).Trim('"')}` | {entry.Meaning} | {FieldOf(entry)} | {entry.Unit} | {Words(entry.Reductions)} |"),
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

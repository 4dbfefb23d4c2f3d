using System.Collections.Immutable;
using Trading.Testing;

namespace Trading.MarketData.Tests;

/// <summary>The rules against a data set whose oddities are listed, and the page that says how they do.</summary>
public sealed class DataSetEvaluationTests
{
    static readonly Lazy<ImmutableArray<FileEvaluation>> Evaluation = new(() => DataSetEvaluation.Run(Path.Combine(RepositoryFiles.Shared!, "data")));

    static readonly string Page = Path.Combine(RepositoryFiles.Root, "docs", "data-quality.md");

    [ReferenceFact]
    public void EveryListedOddity_IsFoundByTheRightRule()
    {
        Evaluation.Value.SelectMany(file => file.Missed).ShouldBeEmpty();
        DataSetEvaluation.Sum(Evaluation.Value).Found.ShouldBe(160);
    }

    [ReferenceFact]
    public void NoListedTrueMove_IsRejected_AndNearlyAllAreAccepted()
    {
        var sum = DataSetEvaluation.Sum(Evaluation.Value);
        (sum.TrueMoves, sum.TrueAccepted, sum.TrueRejected).ShouldBe((28, 26, 0));
    }

    [ReferenceFact]
    public void BarsThatTheListDoesNotName_AreHardlyEverHeld_AndNeverRejected()
    {
        var sum = DataSetEvaluation.Sum(Evaluation.Value);
        (sum.UnlistedHeld, sum.UnlistedRejected).ShouldBe((4, 0));
        ((double)sum.UnlistedNotes / sum.Rows).ShouldBeLessThan(0.0025);
    }

    [ReferenceFact]
    public void HolidaysFilledForward_AreFoundOnAllOf53Days() =>
        DataSetRun.Over(Path.Combine(RepositoryFiles.Shared!, "data")).Single(file => file.File.Contains("eustockmarkets", StringComparison.Ordinal))
            .Sightings.Length.ShouldBe(53);

    /// <summary>Where they are not, the tables are made so, to be read and committed.</summary>
    [Fact]
    public void Page_HasTheRulesOfTheCode() => ShouldHave("rules", BarRuleCatalog.Table());

    [ReferenceFact]
    public void Page_HasTheMeasuredTables()
    {
        ShouldHave("evaluation", DataSetEvaluation.Table(Evaluation.Value));
        ShouldHave("unlisted", DataSetEvaluation.Unlisted(Evaluation.Value));
    }

    [Fact]
    public void Catalog_HasEveryRule_InItsPlace() => BarRuleCatalog.All.Select(entry => entry.Rule).ShouldBe(Enum.GetValues<BarRule>());

    [Fact]
    public void PageWithoutThePart_IsRefused() => Should.Throw<FormatException>(() => GeneratedPart.Replace("# Nothing", "rules", ""));

    static void ShouldHave(string part, string content)
    {
        var page = File.ReadAllText(Page);
        var right = GeneratedPart.Replace(page, part, content);
        if (right != page) File.WriteAllText(Page, right);
        (right == page).ShouldBeTrue($"The part '{part}' of docs/data-quality.md was not what the code gives; it was made so, and waits to be read and committed.");
    }
}

using System.Collections.Immutable;
using Trading.Testing;
using Xunit.Abstractions;

namespace Trading.MarketData.Tests;

/// <summary>The rules against a data set whose oddities are listed: the numbers of docs/data-quality.md.</summary>
public sealed class DataSetEvaluationTests(ITestOutputHelper output)
{
    static readonly Lazy<ImmutableArray<FileEvaluation>> Evaluation = new(() => DataSetEvaluation.Run(Path.Combine(RepositoryFiles.Shared!, "data")));

    [ReferenceFact]
    public void EveryListedOddity_IsFoundByTheRightRule()
    {
        output.WriteLine(DataSetEvaluation.Table(Evaluation.Value));
        foreach (var line in Evaluation.Value.SelectMany(file => file.Missed.Concat(file.Unlisted))) output.WriteLine(line);
        Evaluation.Value.SelectMany(file => file.Missed).ShouldBeEmpty();
    }

    [ReferenceFact]
    public void NoListedTrueMove_IsRejected() => Evaluation.Value.ShouldAllBe(file => file.TrueRejected == 0);
}

namespace Trading.Learning.Tests;

public sealed class SelectionTests
{
    static readonly SelectionOptions Options = new(TopK: 6);

    static IEnumerable<string> Names(Sample sample, Selection selection) => selection.Columns.Select(column => sample.Columns[column]);

    [Fact]
    public void FeaturesThatTell_AreChosenBeforeNoise()
    {
        var sample = Canaries.Add(Planted.Of(3_000, 40, telling: 3, signal: 0.3, seed: 1), seed: 1);
        var selection = FeatureSelection.Choose(sample, Options);
        Names(sample, selection).ShouldContain("signal_0");
        selection.Scores.Where(score => score.Name.StartsWith("signal", StringComparison.Ordinal))
            .ShouldAllBe(score => score.Chosen && score.AboveNoise && score.Frequency > 0.9);
        selection.Columns.Length.ShouldBe(6);
    }

    [Fact]
    public void Canaries_AreRefusedOrLeftOut_EachWithItsReason()
    {
        var sample = Canaries.Add(Planted.Of(2_000, 20, telling: 2, signal: 0.2, seed: 2), seed: 2);
        var selection = FeatureSelection.Choose(sample, Options);
        selection.Refused.Select(refused => (refused.Name, refused.Rule))
            .ShouldBe([(Canaries.Future, "knows_the_outcome"), (Canaries.Time, "is_a_clock")]);
        Names(sample, selection).ShouldNotContain(name => Canaries.IsCanary(name));
        selection.Refused[0].ToString().ShouldStartWith("canary_future is refused (knows_the_outcome): 0.9");
    }

    [Fact]
    public void OfPureNoise_HardlyAnythingTellsMoreThanTheNoiseColumns()
    {
        var above = Enumerable.Range(1, 10).Sum(seed => FeatureSelection
            .Choose(Canaries.Add(Planted.Of(800, 20, 0, 0, seed), seed), Options).Scores.Count(score => score.AboveNoise));
        // Of 20 features and 10 noise columns the largest is noise one time in three; a feature exceeds it one time in 11.
        above.ShouldBeInRange(2, 45);
    }

    [Fact]
    public void FeaturesThatSayTheSame_SendOne()
    {
        var plain = Planted.Of(1_500, 8, telling: 2, signal: 0.3, seed: 3);
        var random = new Random(3);
        var twin = plain.Column(0).Select(value => -value + 0.01 * Histories.Normal(random)).ToArray();
        var sample = plain.With(["twin"], [twin]);
        var selection = FeatureSelection.Choose(sample, Options);
        selection.Scores.Single(score => score.Name == "twin").Cluster
            .ShouldBe(selection.Scores.Single(score => score.Name == "signal_0").Cluster);
        Names(sample, selection).Count(name => name is "twin" or "signal_0").ShouldBe(1);
    }

    [Fact]
    public void AConstantColumn_IsRefused_AndOnlyConstantsAreAnError()
    {
        var plain = Planted.Of(500, 4, 1, 0.3, seed: 4);
        var sample = plain.With(["same"], [[.. Enumerable.Repeat(0.1, 500)]]);
        FeatureSelection.Choose(sample, Options).Refused.ShouldHaveSingleItem().Rule.ShouldBe("constant");
        Should.Throw<NoFeatureLeftException>(() => FeatureSelection.Choose(sample.Select([4]), Options)).Message.ShouldContain("same is refused");
    }

    [Fact]
    public void TheChoice_DependsOnTheTrainingRowsAlone_AndIsTheSameEveryTime()
    {
        var sample = Planted.Of(1_000, 10, 2, 0.2, seed: 5);
        var (one, other) = (FeatureSelection.Choose(sample.Take([.. Enumerable.Range(0, 700)]), Options),
            FeatureSelection.Choose(sample.Take([.. Enumerable.Range(0, 700)]), Options));
        other.Scores.ShouldBe(one.Scores);
    }

    [Fact]
    public void Stability_IsTheMeanShareInCommon() =>
        FeatureSelection.Stability([new HashSet<string> { "a", "b" }, new HashSet<string> { "b", "c" }, new HashSet<string> { "a", "b" }])
            .ShouldBe((1 / 3.0 + 1 + 1 / 3.0) / 3, 1e-12);
}

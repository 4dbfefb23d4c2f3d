using Trading.Testing;

namespace Trading.Silo.Tests;

public sealed class ModelCommandTests
{
    static Task<(int ExitCode, string Output, string Errors)> ValidateAsync(params string[] arguments) => TradingProcess.RunAsync(
        ["model", "validate", Path.Combine(RepositoryFiles.Sample, "closes.csv"), "--symbol", "IBM", "--method", "logistic", .. arguments]);

    [Fact]
    public async Task Train_FollowsATrainingOfARunningSilo_AndExplain_SaysWhatEachFeatureDoes()
    {
        using var folder = new TemporaryFolder();
        using var program = await TradingProcess.StartAsync(TradingProcess.Settings(folder.Path,
            "models:symbols:0=IBM", "models:methods:0=logistic", "models:folds=2", "models:feature_selection_top_k=8",
            "market_data:replay_interval=3600"));
        var url = $"{program.Client.BaseAddress}";
        var (exitCode, output, errors) = await TradingProcess.RunAsync("model", "train", "IBM", "--url", url,
            "--label", "triple_barrier", "--horizon", "5", "--barrier-above", "1.5");
        exitCode.ShouldBe(0, errors);
        output.ShouldContain("triple_barrier(1.5,1,5)");
        output.ShouldContain("deflated_sharpe");

        (exitCode, output, errors) = await TradingProcess.RunAsync("model", "explain", "IBM", "--url", url);
        exitCode.ShouldBe(0, errors);
        output.ShouldContain("effect");
        output.ShouldContain("IBM: No version was promoted.");

        (exitCode, _, errors) = await TradingProcess.RunAsync("model", "train", "IBM", "--url", url, "--horizon", "5");
        exitCode.ShouldBe(1);
        errors.ShouldContain("label is required where one of its parameters is given.");
    }

    [Fact]
    public async Task Validate_DrawsTheSplits_AndSaysWhatTheGateMakesOfIt()
    {
        using var folder = new TemporaryFolder();
        var card = Path.Combine(folder.Path, "card.html");
        var (exitCode, output, errors) = await ValidateAsync(
            "--plan", "purged_k_fold", "--folds", "3", "--label", "triple_barrier", "--horizon", "5", "--barrier-below", "1.5", "--splits", "--card", card);
        exitCode.ShouldBe(0, errors);
        var lines = output.Split('\n').Select(line => line.TrimEnd()).ToList();
        lines.Count(line => line.StartsWith("groups ", StringComparison.Ordinal) && line.Contains('T') && line.Contains('#')).ShouldBe(3);
        output.ShouldContain("skill_p_value");
        var page = await File.ReadAllTextAsync(card);
        page.ShouldContain("label=triple_barrier(1,1.5,5)");
        page.ShouldContain("plan=purged_k_fold");
    }

    [Theory]
    [InlineData("expanding", "", 4)]
    [InlineData("rolling", "", 4)]
    [InlineData("purged_k_fold", "", 4)]
    [InlineData("combinatorial_purged", "", 6)] // C(4, 2)
    [InlineData("combinatorial_purged", "1", 4)]
    public async Task Splits_ListsAndDrawsAPlan_InALineOfATerminal(string plan, string tested, int splits)
    {
        var (exitCode, output, errors) = await TradingProcess.RunAsync(
            ["model", "splits", Path.Combine(RepositoryFiles.Sample, "closes.csv"), "--symbol", "IBM", "--plan", plan, "--folds", "4",
                "--horizon", "5", .. tested.Length == 0 ? Array.Empty<string>() : ["--tested", tested]]);
        (exitCode, errors).ShouldBe((0, ""));
        var lines = output.Split('\n').Select(line => line.TrimEnd()).ToList();
        lines.ShouldAllBe(line => line.Length <= 80);
        lines.Count(line => line.EndsWith('#') || line.EndsWith('T') || line.EndsWith('p') || line.EndsWith('.')).ShouldBeGreaterThanOrEqualTo(splits);
        lines.Count(line => line.Contains("TTTT") && line.Contains("####")).ShouldBe(splits);
        lines.Count(line => line.Contains("..1") || line.Contains("..2")).ShouldBeGreaterThanOrEqualTo(splits);
    }

    [Fact]
    public async Task Validate_JudgesACombinatorialPlan_ByTheMedianOfItsHistories()
    {
        var (exitCode, output, errors) = await ValidateAsync("--plan", "combinatorial_purged", "--folds", "4");
        exitCode.ShouldBe(0, errors);
        output.ShouldContain("3 histories:");
        output.ShouldContain("groups 2+3");
    }

    [Fact]
    public async Task Validate_RefusesAPlanAndALabelThatThereAreNot()
    {
        var (exitCode, _, errors) = await ValidateAsync("--plan", "hindsight", "--label", "oracle");
        exitCode.ShouldNotBe(0);
        errors.ShouldContain("hindsight");
        errors.ShouldContain("oracle");
    }

    [Fact]
    public async Task Validate_NamesEveryParameterOfTheLabel_ThatCannotBe()
    {
        var (exitCode, _, errors) = await ValidateAsync(
            "--label", "triple_barrier", "--horizon", "64", "--barrier-above", "0", "--label-threshold", "1", "--tested", "2");
        exitCode.ShouldNotBe(0);
        errors.ShouldContain("tested is a parameter of combinatorial_purged, not of expanding.");
        errors.ShouldContain("horizon is 64; it can be from 1 to 63");
        errors.ShouldContain("barrier_above is 0; it can be from above 0 to 10");
        errors.ShouldContain("label_threshold is a parameter of the label scaled_return, not of triple_barrier.");
    }
}

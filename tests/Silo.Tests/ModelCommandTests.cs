using Trading.Testing;

namespace Trading.Silo.Tests;

public sealed class ModelCommandTests
{
    static Task<(int ExitCode, string Output, string Errors)> ValidateAsync(params string[] arguments) => TradingProcess.RunAsync(
        ["model", "validate", Path.Combine(RepositoryFiles.Sample, "closes.csv"), "--symbol", "IBM", "--method", "logistic", .. arguments]);

    [Fact]
    public async Task Validate_DrawsTheSplits_AndSaysWhatTheGateMakesOfIt()
    {
        using var folder = new TemporaryFolder();
        var card = Path.Combine(folder.Path, "card.html");
        var (exitCode, output, errors) = await ValidateAsync(
            "--plan", "purged_k_fold", "--folds", "3", "--horizon", "5", "--barrier", "1", "--splits", "--card", card);
        exitCode.ShouldBe(0, errors);
        var lines = output.Split('\n').Select(line => line.TrimEnd()).ToList();
        lines.Count(line => line.StartsWith("groups ", StringComparison.Ordinal) && line.Contains('T') && line.Contains('#')).ShouldBe(3);
        output.ShouldContain("skill_p_value");
        var page = await File.ReadAllTextAsync(card);
        page.ShouldContain("label=triple_barrier(1,1,5)");
        page.ShouldContain("plan=purged_k_fold");
    }

    [Fact]
    public async Task Validate_RefusesAPlanThatThereIsNot_AndABarrierThatCannotBe()
    {
        var (exitCode, _, errors) = await ValidateAsync("--plan", "hindsight", "--barrier", "0");
        exitCode.ShouldNotBe(0);
        errors.ShouldContain("hindsight");
        errors.ShouldContain("--barrier can be from above 0 to 10");
    }
}

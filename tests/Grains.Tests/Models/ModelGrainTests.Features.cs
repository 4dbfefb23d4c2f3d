using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Trading.MarketData;
using Trading.Testing;

namespace Trading.Models.Tests;

/// <summary>Features that a model was trained on, and that are no longer there.</summary>
public sealed partial class ModelGrainTests
{
    [Fact]
    public async Task AFeatureThatDisappears_SilencesTheModel_WithItsName_UntilATrainingWithoutItTakesItsPlace()
    {
        using var folder = new TemporaryFolder();
        _silo.Services.GetRequiredService<IOptions<PublishedOptions>>().Value.Path = folder.Path;
        var tip = Path.Combine(folder.Path, "tip.csv");
        await File.WriteAllTextAsync(tip, Tip(_prices["IBM"]));
        await Model().StartAsync();
        await TrainedAsync(Model(), 1);
        var before = await Model().GetPredictionAsync();
        before.ModelVersion.ShouldBe(1);
        before.Features.ShouldContain(feature => feature.Name == "published_tip" && feature.Coefficient > 0);
        before.Features.ShouldAllBe(feature => feature.Effect != null);

        File.Delete(tip);
        await TestSilo.EndAsync(Model());
        var silent = await Model().GetPredictionAsync();
        (silent.ProbabilityUp, silent.ModelVersion).ShouldBe((null, 1));
        silent.Abstention!.ShouldStartWith("Version 1 cannot be used: The model was trained on features that are not there, or in another version: published_tip@1");
        (await Model().GetVersionsAsync()).Versions.ShouldHaveSingleItem().Role.ShouldBe(ModelRole.Champion);

        // No shadow beside a model that says nothing would ever end: the next training is judged by itself.
        await Model().StartAsync();
        await TrainedAsync(Model(), 2);
        var after = await Model().GetPredictionAsync();
        (after.ModelVersion, after.Abstention).ShouldBe((2, null));
        after.Features.ShouldNotContain(feature => feature.Name.StartsWith("published_"));
        (await Model().GetVersionsAsync()).Versions.Select(version => (version.Version, version.Role))
            .ShouldBe([(2, ModelRole.Champion), (1, ModelRole.Former)]);
    }

    /// <summary>A tip for the return of the session after the next close, right a little more often than not. What is
    /// dated by a day is known at the close of the next.</summary>
    static string Tip(double[] closes)
    {
        var random = new Random(8);
        return "published,level\n" + string.Concat(Enumerable.Range(0, closes.Length).Select(day =>
        {
            var move = day + 2 < closes.Length ? 100 * Math.Log(closes[day + 2] / closes[day + 1]) : 0;
            var value = (move + 9 * (random.NextDouble() - 0.5)).ToString("0.0000", CultureInfo.InvariantCulture);
            return $"{Histories.First.AddDays(day):yyyy-MM-dd},{value}\n";
        }));
    }
}

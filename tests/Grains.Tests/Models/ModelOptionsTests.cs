using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Trading.Learning;

namespace Trading.Models.Tests;

public sealed class ModelOptionsTests
{
    static ModelOptions Read(params (string Key, string? Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => setting.Value)).Build();
        using var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddModels().BuildServiceProvider();
        return services.GetRequiredService<IOptions<ModelOptions>>().Value;
    }

    [Fact]
    public void Settings_AreReadByTheirNames()
    {
        var options = Read(("models:symbols:0", "IBM"), ("models:symbols:1", "msft"), ("models:retrain_interval", "3600"), ("models:l2", "0.5"),
            ("models:folds", "8"), ("models:max_concurrent_trainings", "2"), ("models:methods:0", "fast_tree"),
            ("models:feature_selection_top_k", "30"), ("models:model_cache_size", "5"), ("models:prediction_batch_size", "7"),
            ("models:market", "SPY"), ("models:macro_series:0", "DGS10"), ("models:horizon", "5"), ("models:cost", "0.001"), ("models:shadow_sessions", "40"),
            ("models:max_model_age", "864000"), ("models:seed", "3"));
        options.Symbols.ShouldBe(["IBM", "msft"]);
        (options.RetrainInterval, options.Penalty, options.Folds, options.MaxConcurrentTrainings).ShouldBe((3600, 0.5, 8, 2));
        options.Methods.ShouldBe(["fast_tree"]);
        options.MacroSeries.ShouldBe(["DGS10"]);
        (options.TopK, options.CacheSize, options.PredictionBatchSize, options.Market, options.Horizon, options.Cost, options.ShadowSessions,
            options.MaxModelAge, options.Seed).ShouldBe((30, 5, 7, "SPY", 5, 0.001, 40, 864_000, 3));
    }

    [Fact]
    public void Defaults_AreValid()
    {
        var options = Read();
        (options.RetrainInterval, options.TopK, options.CacheSize, options.PredictionBatchSize).ShouldBe((86_400, 50, 10, 100));
        ModelTrainers.Of(options).Usable.Select(trainer => trainer.Method).ShouldBe(["logistic", "light_gbm"]);
        ModelTrainers.Of(options).All.Select(trainer => trainer.Method).ShouldBe(ModelTrainers.Names);
    }

    [Fact]
    public void ALabelWithItsParameters_IsWhatIsLearned()
    {
        Read().ToSpec().Label.ShouldBe(new LabelSpec.NextReturn(1));
        var spec = Read(("models:label", "triple_barrier"), ("models:horizon", "10"), ("models:barrier_above", "1.5")).ToSpec();
        (spec.Label, spec.Embargo).ShouldBe((new LabelSpec.TripleBarrier(1.5, 1, 10), 10));
        var plain = Read(("models:plan", "rolling"), ("models:calibration", "isotonic")).ToSpec();
        (plain.Plan, plain.Isotonic).ShouldBe(("rolling", true));
        Read(("models:label", "scaled_return"), ("models:label_threshold", "0.25")).ToSpec().Label.ShouldBe(new LabelSpec.ScaledReturn(0.25, 1));
        Should.Throw<OptionsValidationException>(() => Read(("models:label", "oracle"), ("models:horizon", "64"))).Failures.ShouldBe([
            "models:label is 'oracle'; it can be next_return, scaled_return, triple_barrier.",
            "models:horizon is 64; it can be from 1 to 63 sessions."]);
    }

    [Fact]
    public void EveryBrokenRule_IsNamed() => Should.Throw<OptionsValidationException>(() => Read(("models:symbols:0", "no ticker"),
            ("models:retrain_interval", "59"), ("models:l2", "NaN"), ("models:folds", "1"), ("models:plan", "purged_k_fold"), ("models:calibration", "hope"), ("models:max_concurrent_trainings", "0"),
            ("models:methods:0", "oracle"), ("models:feature_selection_top_k", "0"), ("models:model_cache_size", "1"),
            ("models:prediction_batch_size", "0"), ("models:market", "no ticker"), ("models:macro_series:0", "no series"), ("models:horizon", "0"), ("models:label_threshold", "1"), ("models:cost", "-1"),
            ("models:shadow_sessions", "9"), ("models:max_model_age", "1")))
        .Failures.Select(failure => failure.Split(' ')[0])
        .ShouldBe(["models:symbols", "models:retrain_interval", "models:l2", "models:folds", "models:plan", "models:calibration",
            "models:max_concurrent_trainings", "models:methods",
            "models:feature_selection_top_k", "models:model_cache_size", "models:prediction_batch_size", "models:market", "models:macro_series", "models:label_threshold",
            "models:horizon", "models:cost", "models:shadow_sessions", "models:max_model_age"]);
}

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

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
            ("models:folds", "8"), ("models:max_concurrent_trainings", "2"));
        options.Symbols.ShouldBe(["IBM", "msft"]);
        (options.RetrainInterval, options.Penalty, options.Folds, options.MaxConcurrentTrainings).ShouldBe((3600, 0.5, 8, 2));
    }

    [Fact]
    public void Defaults_AreValid() => Read().RetrainInterval.ShouldBe(86_400);

    [Fact]
    public void EveryBrokenRule_IsNamed() => Should.Throw<OptionsValidationException>(() => Read(("models:symbols:0", "no ticker"),
            ("models:retrain_interval", "59"), ("models:l2", "NaN"), ("models:folds", "1"), ("models:max_concurrent_trainings", "0")))
        .Failures.Select(failure => failure.Split(' ')[0])
        .ShouldBe(["models:symbols", "models:retrain_interval", "models:l2", "models:folds", "models:max_concurrent_trainings"]);
}

using Trading.Testing;
using static Trading.Backtests.Tests.TestMarkets;

namespace Trading.Backtests.Tests;

public sealed class StrategyPluginTests : IDisposable
{
    const string Library = "Trading.ExampleStrategy.dll";
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AStrategyOfOnesOwn_IsFound_AndTestedLikeAnyOther()
    {
        Put(Library);
        var catalog = StrategyPlugins.Load(_folder.Path);
        catalog.All.Select(one => one.Name).ShouldBe(StrategyCatalog.BuiltIn.All.Select(one => one.Name).Append("breakout").Order(StringComparer.Ordinal));
        var spec = new BacktestSpec { Strategies = [StrategySpec.Of("breakout", ("high", 30), ("low", 10))], Execution = new() { AssumedDailyVolume = 1_000_000 } };
        BacktestRunner.Run(spec, Sample("IBM", "INTC"), catalog).FillCount.ShouldBeGreaterThan(20);
        LookAheadProof.Of(spec, Sample("IBM"), catalog, cuts: 3).Holds.ShouldBeTrue();
        BacktestRules.Check(spec with { Strategies = [StrategySpec.Of("breakout", ("high", 5), ("low", 10))] }, catalog).ShouldHaveSingleItem().Rule.ShouldBe("order");
    }

    [Fact]
    public void WhatIsNoLibrary_OrAName_Twice_IsNamed()
    {
        Put(Library);
        Put(Library, "another.dll");
        File.WriteAllText(Path.Combine(_folder.Path, "broken.dll"), "no library");
        var refused = Should.Throw<BacktestRefusedException>(() => StrategyPlugins.Load(_folder.Path));
        refused.Errors.Select(error => error.Rule).Order().ShouldBe(["duplicate", "library"]);
        Should.Throw<BacktestRefusedException>(() => StrategyPlugins.Load(Path.Combine(_folder.Path, "none"))).Errors[0].Rule.ShouldBe("missing");
    }

    void Put(string library, string? name = null) =>
        File.Copy(Path.Combine(AppContext.BaseDirectory, library), Path.Combine(_folder.Path, name ?? library));
}

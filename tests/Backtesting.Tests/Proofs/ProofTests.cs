using Trading.MarketData;
using static Trading.Backtests.Tests.TestMarkets;

namespace Trading.Backtests.Tests;

/// <summary>What makes a result believable, on the thirty stocks.</summary>
public sealed class ProofTests
{
    static readonly MarketHistory Stocks = Sample();

    static readonly BacktestSpec Realistic = new()
    {
        Strategies = [StrategySpec.Of("moving_average_cross", ("fast", 10), ("slow", 40))],
        Execution = new() { AssumedDailyVolume = 2_000_000 },
    };

    public static TheoryData<string> Strategies => [.. StrategyCatalog.BuiltIn.All.Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Strategies))]
    public void NoBuiltInStrategy_KnowsTheFuture(string name)
    {
        var spec = Realistic with { Strategies = [StrategySpec.Of(name)] };
        var proof = LookAheadProof.Of(spec, Sample("IBM", "KO", "INTC", "T", "GE"), StrategyCatalog.BuiltIn, cuts: 6);
        proof.Holds.ShouldBeTrue(name);
        if (name != "model_driven") proof.Cuts[^1].Decisions.ShouldBeGreaterThan(0, name);
    }

    [Fact]
    public void AStrategyThatPeeks_IsCaught()
    {
        var proof = LookAheadProof.Of(
            Realistic, Sample("IBM"), history => [new("peek", new Script((context, moment) =>
            {
                var closes = history.Series[0].Close;
                context.SetWeight(0, moment + 1 < closes.Length && closes[moment + 1] > closes[moment] ? 1 : 0);
            }), 100_000m)], cuts: 5);
        proof.Holds.ShouldBeFalse();
    }

    [Fact]
    public void TheSameTest_GivesTheSameHash_AnotherOneAnother()
    {
        var first = BacktestRunner.Run(Realistic, Stocks, StrategyCatalog.BuiltIn);
        BacktestRunner.Run(Realistic, Sample(), StrategyCatalog.BuiltIn).Hash.ShouldBe(first.Hash);
        BacktestRunner.Run(Realistic with { Cash = 1_000_001 }, Stocks, StrategyCatalog.BuiltIn).Hash.ShouldNotBe(first.Hash);
        first.FillCount.ShouldBeGreaterThan(1_000);
    }

    /// <summary>Written down on x64 Linux: another machine, another number of cores or another vector width gives this one.</summary>
    [Fact]
    public void TheHash_IsTheOneOfEveryMachine() =>
        BacktestRunner.Run(Realistic, Stocks, StrategyCatalog.BuiltIn).Hash.ShouldBe(KnownHash);

    const string KnownHash = "c3643bbc416b9cc3cbad44a45c97ea584da961f27bd17277a8a0e5bf0a2b782d";

    [Fact]
    public void ProfitOnPaper_LessCosts_PlusCarry_IsTheProfit()
    {
        var result = BacktestRunner.Run(Realistic, Stocks, StrategyCatalog.BuiltIn);
        (result.Profit.Paper - result.Profit.Costs.Total + result.Profit.Carry.Total).ShouldBe(result.Profit.Net);
        result.Profit.Net.ShouldBe(result.Daily[^1].Equity - 1_000_000m);
        result.Profit.Costs.Spread.ShouldBeGreaterThan(0);
        result.Profit.Costs.Impact.ShouldBeGreaterThan(0);
        result.Profit.Costs.Fees.ShouldBeGreaterThan(0);
        var last = Stocks.Series.ToDictionary(one => one.Symbol, one => FixedPoint.ToDecimal(one.Close[^1]));
        var paper = result.Orders.Sum(order => Math.Sign(order.Quantity) * order.Filled * (last[order.Symbol] - order.DecisionValue)
            + (order.Filled < Math.Abs(order.Quantity) ? order.Costs.Opportunity : 0));
        result.Profit.Paper.ShouldBe(paper);
    }

    [Fact]
    public void BuyAndHoldWithoutCosts_IsThePriceRatio_OfEveryStock()
    {
        foreach (var series in Stocks.Series)
        {
            var (bought, last) = (FixedPoint.ToDecimal(series.Open[1]), FixedPoint.ToDecimal(series.Close[^1]));
            var result = BacktestRunner.Run(
                new()
                {
                    Cash = 1_000 * bought,
                    Strategies = [StrategySpec.Of("buy_and_hold", ("quantity", 1_000))],
                    Costs = CostOptions.Zero,
                    Execution = TestRun.Free,
                }, new([series]), StrategyCatalog.BuiltIn);
            (result.Daily[^1].Equity * bought).ShouldBe(1_000 * bought * last, series.Symbol);
            result.Profit.Costs.Total.ShouldBe(result.Profit.Costs.Delay, series.Symbol);
        }
    }

    [Fact]
    public void CostsNeverHelp_BuyingAndHolding()
    {
        var spec = Realistic with { Strategies = [StrategySpec.Of("buy_and_hold")] };
        var dear = BacktestRunner.Run(spec, Stocks, StrategyCatalog.BuiltIn);
        var free = BacktestRunner.Run(spec with { Costs = CostOptions.Zero }, Stocks, StrategyCatalog.BuiltIn);
        dear.Daily[^1].Equity.ShouldBeLessThan(free.Daily[^1].Equity);
    }

    [Fact]
    public void DecisionsOfManyIntervals_DoNotDependOnBarsThatAreNotComplete()
    {
        var terms = new SymbolTerms { AssetClass = AssetClass.Crypto };
        var history = new MarketHistory([
            .. TestMarkets.Random(1, 2, 2_000, TimeSpan.FromMinutes(15), terms).Series,
            .. TestMarkets.Random(2, 3, 20, TimeSpan.FromDays(1), terms).Series.Skip(2)]);
        var proof = LookAheadProof.Of(
            new() { Costs = new() { Commission = "binance_spot" }, Strategies = [StrategySpec.Of("buy_and_hold")] }, history,
            _ => [new("random", new Script(RandomOrders.Of(5)), 100_000m)], cuts: 20);
        proof.Holds.ShouldBeTrue();
        proof.Cuts[^1].Decisions.ShouldBeGreaterThan(500);
    }
}

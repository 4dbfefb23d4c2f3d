using Trading.MarketData;
using static Trading.Backtests.Tests.TestMarkets;

namespace Trading.Backtests.Tests;

/// <summary>Mistakes that published engines were found to make, each as what this one does instead.</summary>
public sealed class KnownTrapsTests
{
    static readonly BacktestSpec Free = new() { Cash = 10_000, Costs = CostOptions.Zero, Execution = TestRun.Free };

    /// <summary>Holds one symbol from the second day on, so that its days are those of its closes.</summary>
    static BacktestResult Held(params double[] returns)
    {
        var closes = new List<decimal> { 100, 100 };
        foreach (var one in returns) closes.Add(decimal.Round(closes[^1] * (decimal)(1 + one), 8));
        return BacktestRunner.Run(
            Free with { Strategies = [StrategySpec.Of("buy_and_hold", ("quantity", 100))] }, Of(Closes("A", [.. closes])),
            StrategyCatalog.BuiltIn);
    }

    static double[] Repeated(int count, params double[] returns) => [.. Enumerable.Range(0, count).Select(i => returns[i % returns.Length])];

    [Fact]
    public void TheProbabilityOfSkill_TakesTheRawKurtosis_AndMayBeBelowAHalf()
    {
        var result = Held([.. Repeated(60, 0.01, -0.02, 0.004), -0.08]);
        double[] returns = [.. result.Daily.Zip(result.Daily.Skip(1), (before, now) => (double)(now.Equity / before.Equity) - 1)];
        var (n, mean) = (returns.Length, returns.Average());
        double Moment(int power) => returns.Average(one => Math.Pow(one - mean, power));
        var (ratio, skew, kurtosis) = (
            mean / Math.Sqrt(Moment(2) * n / (n - 1)), Moment(3) / Math.Pow(Moment(2), 1.5), Moment(4) / (Moment(2) * Moment(2)));
        var z = ratio * Math.Sqrt(n - 1) / Math.Sqrt(1 - skew * ratio + (kurtosis - 1) / 4 * ratio * ratio);
        result.Performance.ProbabilisticSharpe!.Value.ShouldBe(MathNet.Numerics.Distributions.Normal.CDF(0, 1, z), 1e-9);
        result.Performance.ProbabilisticSharpe.Value.ShouldBeLessThan(0.5, "It lost money, which is an answer and no error.");
    }

    [Fact]
    public void TheSortinoRatio_OfLossesThatAreAllTheSame_IsNotZero_AndWithoutAnyLossIsNotKnown()
    {
        Held(Repeated(60, 0.01, -0.005)).Performance.Sortino!.Value.ShouldBe(
            0.0025 / Math.Sqrt(0.5 * 0.005 * 0.005) * Math.Sqrt(252), 0.6); // two flat days are in the record too
        var rising = Held(Repeated(60, 0.01, 0.005)).Performance;
        rising.Sortino.ShouldBeNull();
        rising.Calmar.ShouldBeNull();
    }

    [Fact]
    public void TheShortfall_IsTheMeanOfTheTail_AndALossIsPositive()
    {
        var performance = Held([.. Repeated(97, 0.002, 0.001), -0.05, -0.09, -0.12]).Performance;
        performance.ExpectedShortfall975!.Value.ShouldBeGreaterThan(performance.ValueAtRisk95!.Value);
        performance.ExpectedShortfall975.Value.ShouldBeInRange(0.09, 0.12, "Not the mean of the other ninety-seven.");
        performance.ValueAtRisk99!.Value.ShouldBeGreaterThanOrEqualTo(0.09);
    }

    [Fact]
    public void TheFirstDay_IsNoReturnOfZero()
    {
        var result = Held(Repeated(60, 0.01, -0.01));
        result.Performance.Returns.ShouldBe(result.Daily.Length - 1);
    }

    [Fact]
    public void ImpactHasNoCap_ThatMakesAHugeOrderCheap_AndTheQuantityHasOne()
    {
        decimal ImpactOf(decimal quantity, double? participation) => new TestRun(
            Liquid("A"), (context, moment) => { if (moment == 30) context.Submit(new(0, quantity)); },
            CostOptions.Zero with { Impact = 1 }, TestRun.Free with { MaxParticipation = participation }, cash: 1e9m)
            .Account.Costs.Impact / quantity;
        var (small, large) = (ImpactOf(100, null), ImpactOf(10_000, null));
        large.ShouldBe(small * 10, small * 0.2m, "A hundred times the size costs ten times as much a unit.");
        new TestRun(
            Liquid("A"), (context, moment) => { if (moment == 30) context.Submit(new(0, 10_000)); },
            CostOptions.Zero, TestRun.Free with { MaxParticipation = 0.025 }, cash: 1e9m).Fills[0].Quantity.ShouldBe(250);
    }

    [Fact]
    public void Impact_IsNeverAMatterOfChance_OfAnotherSymbol_OrAGain()
    {
        TestRun Run(params string[] symbols) => new(
            new(symbols.Select(symbol => Bars(symbol))),
            (context, moment) =>
            {
                if (moment < 30 || moment % 10 != 0) return;
                for (var series = 0; series < context.Count; series++) context.Submit(new(series, moment % 20 == 0 ? -50 : 50));
            }, CostOptions.Zero with { Impact = 1 }, TestRun.Free with { MaxParticipation = null }, cash: 1e9m);
        var (alone, again, beside) = (Run("A"), Run("A"), Run("A", "B"));
        alone.Fills.Select(fill => fill.Costs.Impact).ShouldBe(again.Fills.Select(fill => fill.Costs.Impact));
        beside.Fills.Where(fill => fill.Symbol == "A").Select(fill => fill.Costs.Impact).ShouldBe(alone.Fills.Select(fill => fill.Costs.Impact));
        alone.Fills.ShouldAllBe(fill => fill.Costs.Impact > 0);
    }

    [Fact]
    public void APurchase_PaysTheAsk_AndASaleGetsTheBid()
    {
        var bars = Enumerable.Range(0, 4).Select(day => new Bar(
            new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero).AddDays(day), 100, 100.5m, 99.5m, 100, 1_000)).ToList();
        var history = new MarketHistory([BarColumnsBuilder.Build(
            "A", TimeSpan.FromDays(1), bars, new(), [.. bars.Select(_ => new BarQuote(99.4m, 100.6m, 1))])]);
        var run = new TestRun(
            history, (context, moment) => { if (moment < 2) context.Submit(new(0, moment == 0 ? 10 : -10)); },
            CostOptions.Zero with { Spread = SpreadSource.Quoted }, TestRun.Free with { WithinRange = true });
        run.Fills.Select(fill => fill.Price).ShouldBe([100.5m, 99.5m]);
    }

    static MarketHistory Liquid(string symbol) => new([Bars(symbol)]);

    static SymbolBars Bars(string symbol)
    {
        var (random, price) = (new Random(symbol[0]), 100m);
        return BarColumnsBuilder.Build(symbol, TimeSpan.FromDays(1),
        [
            .. Enumerable.Range(0, 120).Select(day =>
            {
                price = decimal.Round(price * (1 + random.Next(-100, 101) / 10_000m), 2);
                return new Bar(new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero).AddDays(day), price, price, price, price, 10_000);
            }),
        ]);
    }
}

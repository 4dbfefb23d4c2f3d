using System.Collections.Immutable;
using Trading.MarketData;
using Trading.Risk;
using static Trading.Portfolios.Tests.Books;

namespace Trading.Portfolios.Tests;

/// <summary>Samples that say nothing: unknown is not zero.</summary>
public sealed class RepeatingReturnsTests
{
    static readonly RiskLimits Limits = new() { MaxValueAtRisk95 = 0.001, MaxExpectedShortfall975 = 0.001 };

    public static TheoryData<string> Degenerate => ["constant", "growing", "one_move"];

    [Theory]
    [MemberData(nameof(Degenerate))]
    public void SymbolWhoseReturnsRepeat_HasNoRiskNumber_AndMayOnlyBeReduced(string kind)
    {
        var valuation = Valuation(Made(kind));
        Fill(valuation, "FLAT", 100, 20m);
        valuation.Tail.ShouldBeNull();
        var refused = Decide(valuation, Order(Side.Buy, 4_000, symbol: "FLAT"), Limits);
        refused.Violations.Select(violation => violation.Code).ShouldBe(
            [RiskRule.InsufficientHistory, RiskRule.ValueAtRisk95, RiskRule.ExpectedShortfall975]);
        refused.Violations[0].Detail.ShouldStartWith("The price of FLAT says nothing of its risk");
        refused.MaxAllowedQuantity.ShouldBeNull();
        Decide(valuation, Order(Side.Sell, 100, symbol: "FLAT"), Limits).Approved.ShouldBeTrue();
    }

    [Fact]
    public void SymbolWithTwoPrices_ThatGoesToAndFro_HasARisk()
    {
        var valuation = Valuation(Made("two_prices"));
        Fill(valuation, "FLAT", 100, 20m);
        valuation.Tail!.Value.ValueAtRisk.ShouldBe(100 * 20 / 21.0, 0.01);
    }

    [Fact]
    public void OneOfThemAmongOthers_MakesTheBookUnknown_AsOneWithoutAPriceDoes()
    {
        var valuation = Valuation(Market.Walk("AA", 100m), Made("constant"));
        Fill(valuation, "AA", 10, 100m);
        Decide(valuation, Order(Side.Buy, 1), Limits).Approved.ShouldBeTrue();
        Decide(valuation, Order(Side.Buy, 1, symbol: "FLAT"), Limits).Approved.ShouldBeFalse();
        Fill(valuation, "FLAT", 10, 20m);
        Decide(valuation, Order(Side.Buy, 1), Limits).Violations[0].Detail.ShouldStartWith("The price of FLAT");
        Decide(valuation, Order(Side.Sell, 5), Limits).Approved.ShouldBeTrue();
    }

    [Fact]
    public void PerfectHedge_IsATrueZero()
    {
        var walk = Market.Walk("AA", 100m);
        var valuation = Valuation(walk, walk with { Symbol = "BB" });
        Fill(valuation, "AA", 10, 100m);
        Fill(valuation, "BB", -10, 100m);
        valuation.Tail!.Value.ValueAtRisk.ShouldBe(0, 1e-9);
    }

    [Fact]
    public void Report_NamesIt_AndShowsNoMeasures()
    {
        var valuation = Valuation(Made("constant"));
        Fill(valuation, "FLAT", 100, 20m);
        var report = RiskReporting.Report(valuation, Limits, Now, Now);
        report.Measures.ShouldBeEmpty();
        report.Warnings.ShouldContain(warning => warning.Code == "repeating_returns" && warning.Symbol == "FLAT");
        DynamicLimitInputs.Of(valuation, Now).Volatility.ShouldBeNull();
        new Forecaster(valuation).Next(Now).ShouldBeNull();
    }

    [Fact]
    public void Report_NamesDoubtfulAndOldPrices_AndThePositionSaysOfWhen()
    {
        var doubted = Market.Walk("AA", 16m) with { Mode = SymbolMode.ReduceOnly, Doubts = ["the newest bar was not accepted"] };
        var late = Market.Walk("BB", 20m);
        late = late with { Dates = late.Dates[..^10], Closes = late.Closes[10..] };
        var valuation = Valuation(doubted, late, Market.Walk("CC", 5m));
        foreach (var (symbol, price) in new[] { ("AA", 16m), ("BB", 20m), ("CC", 5m) }) Fill(valuation, symbol, 10, price);
        var report = RiskReporting.Report(valuation, new RiskLimits(), Now, Now);
        report.Warnings.Where(warning => warning.Code is "doubtful_price" or "old_price")
            .Select(warning => (warning.Code, warning.Symbol)).ShouldBe([("doubtful_price", "AA"), ("old_price", "BB")]);
        report.Positions[0].Doubt.ShouldBe("reduce only; the newest bar was not accepted");
        report.Positions.ShouldAllBe(position => position.PricedAt == Now);
    }

    [Fact]
    public void Analysis_OfAConstantSymbol_AnswersWithWhatCanBeMeasured_AndSaysWhatCannot()
    {
        var analysis = RiskAnalyses.Run(Input((Made("constant"), 1)));
        analysis.Measures.ShouldBeEmpty();
        analysis.Correlation.ShouldBeNull();
        analysis.Stress.ShouldNotBeEmpty();
        analysis.Drawdowns.ShouldNotBeEmpty();
        analysis.Failures.ShouldContain(failure => failure.Code == "repeating_returns" && failure.Symbol == "FLAT");
    }

    [Fact]
    public void Analysis_OfOneAmongOthers_GivesItNoCorrelation_AndNoShareOfGaussianRisk()
    {
        var analysis = RiskAnalyses.Run(Input((Market.Walk("AA", 100m), 0.5), (Made("constant"), 0.3), (Market.Walk("BB", 50m), 0.2)));
        analysis.Measures.Select(measure => measure.Method).Distinct().ShouldContain("monte_carlo");
        analysis.Correlation!.Rows.Single(row => row.Symbol == "FLAT").Values.ShouldAllBe(value => value == null);
        analysis.Correlation.Clusters.ShouldAllBe(cluster => !cluster.Symbols.Contains("FLAT"));
        foreach (var row in analysis.Decompositions.Where(row => row.Model == "gaussian"))
        {
            row.Parts.Single(part => part.Symbol == "FLAT").Share.ShouldBeNull();
            row.Parts.Single(part => part.Symbol == "FLAT").Component.ShouldBe(0);
            row.Parts.Sum(part => part.Share ?? 0).ShouldBe(1, 1e-12);
        }
    }

    static PriceSeries Made(string kind)
    {
        var closes = Enumerable.Range(0, 300).Select(i => kind switch
        {
            "constant" => 20m,
            "growing" => Math.Round(20m * (decimal)Math.Pow(1.001, i - 299), 12),
            "one_move" => i < 150 ? 19m : 20m,
            _ => i % 2 == 0 ? 21m : 20m,
        }).ToImmutableArray();
        return Market.Series("FLAT", Market.Walk("FLAT", 1m).Dates, closes);
    }

    static RiskInput Input(params (PriceSeries Series, double Weight)[] held) => new(
        Now, 7, new DateOnly(2026, 1, 1), 1_000_000m, [.. held.Select(one => new HeldSeries(one.Series, one.Weight))], [], new PortfolioOptions());

    static BookValuation Valuation(params PriceSeries[] series)
    {
        var valuation = new BookValuation(Opened(allowShort: true), new PortfolioOptions());
        valuation.Reprice(series.Select(one => (one.Symbol, Market.Update(one))), Now);
        return valuation;
    }

    static void Fill(BookValuation valuation, string symbol, decimal quantity, decimal price) => valuation.Apply(FillRules.Post(
        valuation.Book,
        External($"x{valuation.Book.Sequence}", quantity > 0 ? Side.Buy : Side.Sell, Math.Abs(quantity), price, symbol: symbol), Now));

    static SignalDecision Decide(BookValuation valuation, Order order, RiskLimits limits) =>
        PreTradeCheck.Decide(valuation, order, new LimitsVersion(1, limits, "", Now, ""), Now).Decision;
}

using Trading.MarketData;
using Trading.Risk;
using static Trading.Portfolios.Tests.Books;

namespace Trading.Portfolios.Tests;

/// <summary>Currencies that count as another one because a setting says so.</summary>
public sealed class PegsTests
{
    [Fact]
    public void Stablecoin_CountsAsItsPeg_AndDecisionPositionAndReportSayThatNoMarketDoes()
    {
        var valuation = Valuation("USD", new(), Coin());
        var decision = Decide(valuation);
        decision.Approved.ShouldBeTrue();
        (decision.Currency, decision.FxRate, decision.FxPeg).ShouldBe(("USDT", 1m, "USD"));
        decision.After!.GrossExposure.ShouldBe(decision.ReferencePrice!.Value);

        Fill(valuation);
        valuation.Equity.ShouldBe(100_000m);
        var report = RiskReporting.Report(valuation, new(), Now, Now);
        report.Rates.ShouldHaveSingleItem().Peg.ShouldBe("USD");
        report.Warnings.ShouldContain(warning => warning.Code == "pegged_rate" && warning.Symbol == "USDT");
        RiskReporting.Snapshot(valuation).Positions.Single().FxPeg.ShouldBe("USD");
    }

    [Fact]
    public void PegThatIsTakenAway_LeavesTheRateUnknown_UntilAPairIsPriced()
    {
        var valuation = Valuation("USD", new() { ["USDT"] = "" }, Coin());
        Decide(valuation).Violations.ShouldHaveSingleItem().Code.ShouldBe(RiskRule.FxRate);
        valuation.Reprice([("USDTUSD", Market.Update(Market.Walk("USDTUSD", 0.998m)))], Now);
        var decision = Decide(valuation);
        (decision.Approved, decision.FxRate, decision.FxPeg).ShouldBe((true, 0.998m, null));
    }

    [Fact]
    public void InABookOfAnotherCurrency_APeggedOneHasTheRateOfWhatItCountsAs()
    {
        var valuation = Valuation("EUR", null, Coin(), Market.Walk("USDEUR", 0.8m));
        var decision = Decide(valuation);
        (decision.FxRate, decision.FxPeg).ShouldBe((0.8m, "USD"));
        Decide(Valuation("EUR", null, Coin())).Violations.ShouldHaveSingleItem().Code.ShouldBe(RiskRule.FxRate);
    }

    [Fact]
    public void Pegs_AreRecordedWithTheBook_SoThatADecisionIsMadeAgainUnderThoseOfItsDay()
    {
        var writer = new PortfolioOptions { Pegs = new() { ["USDT"] = "EUR", ["USDC"] = "" } };
        var taken = new TakenUp(252, 60, Now) { Pegs = writer.PegsInForce() };
        ((TakenUp)Recorded(taken, 1)).ToOptions().PegsInForce().ShouldBe(writer.PegsInForce());
        new TakenUp(252, 60, Now).ToOptions().PegsInForce().ShouldBeEmpty();
    }

    [Fact]
    public void Pegs_ThatAreNoCurrencies_OrFormAChain_AreRefusedAtTheStart()
    {
        new PortfolioOptions().Validate().Succeeded.ShouldBeTrue();
        new PortfolioOptions { Pegs = new() { ["USDT"] = "USDC", ["USDC"] = "USD" } }.Validate().FailureMessage!.ShouldContain("portfolios:pegs:USDT");
        new PortfolioOptions { Pegs = new() { ["USDT"] = "US DOLLAR" } }.Validate().FailureMessage!.ShouldContain("portfolios:pegs:USDT");
    }

    static PriceSeries Coin() => Market.Walk("BTCUSDT", 62_000.5m) with { Terms = new() { Currency = "USDT" } };

    static SignalDecision Decide(BookValuation valuation) => PreTradeCheck.Decide(
        valuation, Order(Side.Buy, 1, symbol: "BTCUSDT"), new LimitsVersion(1, new RiskLimits(), "", Now, ""), Now).Decision;

    static void Fill(BookValuation valuation) => valuation.Apply(FillRules.Post(
        valuation.Book, External("1", Side.Buy, 1, 62_000.5m, symbol: "BTCUSDT"), Now,
        rates: FillRates.Of(valuation, "BTCUSDT", null)));

    static BookValuation Valuation(string currency, Dictionary<string, string>? pegs, params PriceSeries[] series)
    {
        var options = pegs is null or { Count: 0 } ? new PortfolioOptions() : new PortfolioOptions { Pegs = pegs };
        var valuation = new BookValuation(Opened(currency: currency), options);
        valuation.Reprice(series.Select(one => (one.Symbol, Market.Update(one))), Now);
        return valuation;
    }
}

using System.Collections.Immutable;
using Trading.MarketData;
using Trading.Risk;
using static Trading.Portfolios.Tests.Books;

namespace Trading.Portfolios.Tests;

public sealed class ForeignPositionTests
{
    [Theory]
    [InlineData("EURUSD", 1.25, 1.0)]
    [InlineData("USDEUR", 0.8, 1.0)]
    public void DollarPosition_InAEuroBook_IsWorthItsPriceTimesTheRate(string pair, double then, double now)
    {
        var valuation = Valuation(Dollar("AAPL", 200m), Rate(pair, (decimal)then));
        var receipt = Fill(valuation, External("1", Side.Buy, 100, 200, symbol: "AAPL"));
        (receipt.Currency, receipt.FxRate, receipt.Value).ShouldBe(("USD", 0.8m, 20_000m));
        (valuation.Book.Cash, valuation.Equity).ShouldBe((84_000m, 100_000m));

        valuation.Reprice([("AAPL", Market.Update(Dollar("AAPL", 210m, 2))), (pair, Market.Update(Rate(pair, (decimal)now, 2)))], Now);
        var snapshot = RiskReporting.Snapshot(valuation);
        (snapshot.Equity, snapshot.MarketValue, snapshot.UnrealisedPnl, snapshot.FxPnl).ShouldBe((105_000m, 21_000m, 5_000m, 4_000m));
        var position = snapshot.Positions.Single();
        (position.Currency, position.FxRate, position.LastPrice, position.AverageCost).ShouldBe(("USD", 1m, 210m, 200m));
        (position.MarketValue, position.UnrealisedPnl, position.FxPnl).ShouldBe((21_000m, 5_000m, 4_000m));
    }

    [Fact]
    public void Sale_RealisesThePriceAtTodaysRate_AndTheRateOnTheCost()
    {
        var valuation = Valuation(Dollar("AAPL", 200m), Rate("EURUSD", 1.25m));
        Fill(valuation, External("1", Side.Buy, 100, 200, symbol: "AAPL"));
        valuation.Reprice([("AAPL", Market.Update(Dollar("AAPL", 210m, 2))), ("EURUSD", Market.Update(Rate("EURUSD", 1m, 2)))], Now);
        var receipt = Fill(valuation, External("2", Side.Sell, 50, 210, symbol: "AAPL"));
        (receipt.RealisedPnl, receipt.FxPnl, receipt.Cash).ShouldBe((2_500m, 2_000m, 94_500m));
        var snapshot = RiskReporting.Snapshot(valuation);
        (snapshot.Equity, snapshot.RealisedPnl, snapshot.UnrealisedPnl, snapshot.FxPnl).ShouldBe((105_000m, 2_500m, 2_500m, 4_000m));
    }

    [Fact]
    public void ShortPosition_LosesWhenItsCurrencyRises()
    {
        var valuation = Valuation(Dollar("AAPL", 200m), Rate("EURUSD", 1.25m));
        Fill(valuation, External("1", Side.Sell, 100, 200, symbol: "AAPL"));
        valuation.Reprice([("EURUSD", Market.Update(Rate("EURUSD", 1m, 2)))], Now);
        var position = RiskReporting.Snapshot(valuation).Positions.Single();
        (position.UnrealisedPnl, position.FxPnl).ShouldBe((-4_000m, -4_000m));
        Fill(valuation, External("2", Side.Buy, 150, 200, symbol: "AAPL")).RealisedPnl.ShouldBe(-4_000m);
        RiskReporting.Snapshot(valuation).Positions.Single().FxPnl.ShouldBe(0m);
    }

    /// <summary>Returns of the price times returns of the rate, over the sessions that both have.</summary>
    [Theory]
    [InlineData("EURUSD")]
    [InlineData("USDEUR")]
    public void Scenarios_HaveTheMoveOfTheRateInThem(string pair)
    {
        var (share, rate) = (Dollar("AAPL", 200m), Gappy(Rate(pair, 1.25m)));
        var valuation = Valuation(share, rate);
        Fill(valuation, External("1", Side.Buy, 100, 200, symbol: "AAPL"));
        var common = share.Dates.Intersect(rate.Dates).Order().TakeLast(valuation.Sample + 1).ToList();
        var value = 100 * 200 * InEuro(1.25);
        var losses = common.Zip(common.Skip(1), (before, after) =>
            -value * ((At(share, after) * InEuro(At(rate, after)) / (At(share, before) * InEuro(At(rate, before)))) - 1)).OrderDescending().ToList();
        valuation.Sample.ShouldBe(252);
        valuation.Tail!.Value.ValueAtRisk.ShouldBe(losses[(int)Math.Ceiling(252 * 0.05) - 1], 1e-9);

        double InEuro(double price) => pair == "USDEUR" ? price : 1 / price;

        static double At(PriceSeries series, DateOnly day) => (double)series.Closes[series.Dates.BinarySearch(day)];
    }

    [Fact]
    public void MissingRate_IsUnknown_AndNeverOne()
    {
        var valuation = Valuation(Dollar("AAPL", 200m), Market.Walk("SAP", 100m));
        var refused = Decide(valuation, Order(Side.Buy, 1, symbol: "AAPL"), new());
        refused.Violations.ShouldHaveSingleItem().Code.ShouldBe(RiskRule.FxRate);
        (refused.ReferencePrice, refused.Currency, refused.FxRate, refused.MaxAllowedQuantity).ShouldBe((200m, "USD", null, null));
        Decide(valuation, Order(Side.Buy, 1, symbol: "SAP"), new()).Approved.ShouldBeTrue();

        Fill(valuation, External("1", Side.Buy, 10, 200, symbol: "AAPL"));
        valuation.Equity.ShouldBeNull();
        Decide(valuation, Order(Side.Buy, 1, symbol: "SAP"), new()).Violations.ShouldHaveSingleItem().Code.ShouldBe(RiskRule.FxRate);
        Decide(valuation, Order(Side.Sell, 10, symbol: "AAPL"), RiskLimits.Default).Approved.ShouldBeTrue();
        var report = RiskReporting.Report(valuation, RiskLimits.Default, Now, Now);
        report.Warnings.Select(warning => (warning.Code, warning.Symbol)).ShouldContain(("no_rate", "USD"));
        report.Rates.ShouldHaveSingleItem().ShouldBe(new RateUsed("USD", null, null, null, null));
        (report.Equity, report.GrossExposure).ShouldBe((null, null));
        report.Measures.ShouldBeEmpty();
    }

    [Fact]
    public void OldOrDoubtfulRate_LetsOnlyReductionsTrade_AndIsNamed()
    {
        var limits = new RiskLimits { MaxPriceAgeSeconds = 3_600 };
        var old = Rate("EURUSD", 1.25m) with { Provenance = new("test", Now.AddHours(-2), Now) };
        var valuation = Valuation(Dollar("AAPL", 200m), old);
        Fill(valuation, External("1", Side.Buy, 10, 200, symbol: "AAPL"));
        var violation = Decide(valuation, Order(Side.Buy, 1, symbol: "AAPL"), limits).Violations.ShouldHaveSingleItem();
        (violation.Code, violation.Observed, violation.Limit).ShouldBe((RiskRule.FxRate, 7_200m, 3_600m));
        Decide(valuation, Order(Side.Sell, 10, symbol: "AAPL"), limits).Approved.ShouldBeTrue();
        RiskReporting.Report(valuation, limits, Now, Now).Warnings.ShouldContain(warning => warning.Code == "stale_rate" && warning.Symbol == "EURUSD");

        var doubtful = Rate("EURUSD", 1.25m, 2) with { Mode = SymbolMode.ReduceOnly, Doubts = ["the newest bar was not accepted"] };
        valuation.Reprice([("EURUSD", Market.Update(doubtful))], Now);
        Decide(valuation, Order(Side.Buy, 1, symbol: "AAPL"), limits).Violations.ShouldHaveSingleItem().Detail.ShouldContain("EURUSD");
        RiskReporting.Report(valuation, limits, Now, Now).Warnings.ShouldContain(warning => warning.Code == "doubtful_rate");
    }

    [Fact]
    public void FillWithoutARate_IsBooked_AndConvertedWhenThereIsOne()
    {
        var valuation = Valuation(Dollar("AAPL", 200m));
        var receipt = Fill(valuation, External("1", Side.Buy, 100, 200, symbol: "AAPL"));
        (receipt.Currency, receipt.FxRate, receipt.PositionQuantity, receipt.RealisedPnl).ShouldBe(("USD", null, 100m, null));
        Fill(valuation, External("2", Side.Sell, 40, 210, symbol: "AAPL"));
        RiskReporting.Snapshot(valuation).Awaiting.ShouldHaveSingleItem().ShouldBe(new AwaitingCash("USD", -20_000m + 8_400m));

        valuation.Reprice([("EURUSD", Market.Update(Rate("EURUSD", 1.25m)))], Now);
        foreach (var due in ConversionRules.Due(valuation, Now)) valuation.Apply(Recorded(due, valuation.Book.Sequence + 1));
        var snapshot = RiskReporting.Snapshot(valuation);
        (snapshot.Cash, snapshot.RealisedPnl, snapshot.FxPnl, snapshot.Equity).ShouldBe((100_000m - 9_280m, 320m, 0m, 100_320m));
        snapshot.Awaiting.ShouldBeEmpty();
    }

    [Fact]
    public void Limits_AreInTheBooksCurrency_AndLimitPricesInTheInstruments()
    {
        var valuation = Valuation(Dollar("AAPL", 200m), Rate("EURUSD", 1.25m));
        var limits = new RiskLimits { MaxOrderNotional = 1_600m };
        Decide(valuation, Order(Side.Buy, 10, symbol: "AAPL"), limits).Approved.ShouldBeTrue();
        Decide(valuation, Order(Side.Buy, 11, symbol: "AAPL"), limits).Violations.ShouldHaveSingleItem().Observed.ShouldBe(1_760m);
        var dear = Decide(valuation, Order(Side.Buy, 10, symbol: "AAPL") with { LimitPrice = 250 }, new());
        (dear.ReservedPrice, dear.FxRate, dear.After!.Cash, dear.After.GrossExposure).ShouldBe((250m, 0.8m, 98_000m, 1_600m));
        valuation.Apply(new SignalDecided(dear));
        (valuation.Book.ReservedCash, valuation.Measure()!.GrossExposure).ShouldBe((2_000m, 1_600m));
    }

    [Fact]
    public void SourceThatSaysNothing_CountsInTheBooksCurrency_UnlessAnotherWasEverSaid()
    {
        var valuation = Valuation(Market.Walk("AAPL", 200m), Rate("EURUSD", 1.25m));
        Decide(valuation, Order(Side.Buy, 1, symbol: "AAPL"), new()).Currency.ShouldBeNull();
        valuation.Reprice([("AAPL", Market.Update(Dollar("AAPL", 200m, 2)))], Now);
        valuation.Reprice([("AAPL", Market.Update(Market.Walk("AAPL", 201m, version: 3)))], Now);
        Decide(valuation, Order(Side.Buy, 1, symbol: "AAPL"), new()).Currency.ShouldBe("USD");

        var restored = new BookValuation(Book.Restore("test", valuation.Book.Save(), RecentKeys), new PortfolioOptions());
        restored.Reprice([("AAPL", Market.Update(Market.Walk("AAPL", 201m, version: 4)))], Now);
        Decide(restored, Order(Side.Buy, 1, symbol: "AAPL"), new()).Violations.ShouldHaveSingleItem().Code.ShouldBe(RiskRule.FxRate);
    }

    [Fact]
    public void Pence_AreHundredthsOfTheirPound()
    {
        var pence = Market.Walk("VOD.L", 100m) with { Terms = new() { Currency = "GBp" } };
        var inPounds = Valuation("GBP", pence);
        Fill(inPounds, External("1", Side.Buy, 1_000, 100, symbol: "VOD.L")).FxRate.ShouldBe(0.01m);
        (inPounds.Book.Cash, inPounds.Equity).ShouldBe((99_000m, 100_000m));
        var inEuro = Valuation(pence, Rate("EURGBP", 0.8m));
        Fill(inEuro, External("1", Side.Buy, 1_000, 100, symbol: "VOD.L")).FxRate.ShouldBe(0.0125m);
    }

    [Fact]
    public void PairThatIsPricedInSomethingElse_IsNoRate()
    {
        var wrong = Rate("EURUSD", 1.25m) with { Terms = new() { Currency = "GBP" } };
        Decide(Valuation(Dollar("AAPL", 200m), wrong), Order(Side.Buy, 1, symbol: "AAPL"), new()).Violations
            .ShouldHaveSingleItem().Code.ShouldBe(RiskRule.FxRate);
    }

    static PriceSeries Dollar(string symbol, decimal last, long version = 1) =>
        Market.Walk(symbol, last, version: version) with { Terms = new() { Currency = "USD" } };

    static PriceSeries Rate(string pair, decimal last, long version = 1) => Market.Walk(pair, last, version: version);

    static PriceSeries Gappy(PriceSeries series)
    {
        int[] kept = [.. Enumerable.Range(0, series.Dates.Length).Where(day => day % 10 != 3)];
        return series with { Dates = [.. kept.Select(day => series.Dates[day])], Closes = [.. kept.Select(day => series.Closes[day])] };
    }

    static BookValuation Valuation(params PriceSeries[] series) => Valuation("EUR", series);

    static BookValuation Valuation(string currency, params PriceSeries[] series)
    {
        var valuation = new BookValuation(Opened(allowShort: true, currency: currency), new PortfolioOptions());
        valuation.Reprice(series.Select(one => (one.Symbol, Market.Update(one))), Now);
        return valuation;
    }

    static FillReceipt Fill(BookValuation valuation, Fill fill)
    {
        var filled = FillRules.Post(
            valuation.Book, fill, Now, rates: FillRates.Of(valuation, fill.Symbol, fill.FeeCurrency));
        valuation.Apply(Recorded(filled, valuation.Book.Sequence + 1));
        return filled.Receipt;
    }

    static SignalDecision Decide(BookValuation valuation, Order order, RiskLimits limits) =>
        PreTradeCheck.Decide(valuation, order, new LimitsVersion(1, limits, "", Now, ""), Now).Decision;
}

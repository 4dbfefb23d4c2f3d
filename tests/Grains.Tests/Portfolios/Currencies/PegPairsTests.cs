using Trading.Journal;
using Trading.MarketData;
using Trading.Risk;
using Trading.Testing;
using static Trading.Portfolios.Tests.Books;

namespace Trading.Portfolios.Tests;

/// <summary>Rates that only a pair of a pegged currency has.</summary>
public sealed class PegPairsTests
{
    [Fact]
    public async Task FeeInACoinThatIsPricedInAStablecoinOnly_IsBookedAtItsPrice_AndReceiptSaysThatASettingIsPartOfIt()
    {
        var clock = new ManualTimeProvider(Now);
        using var journal = new InMemoryJournal(clock);
        var market = new Market
        {
            ["AA"] = Market.Walk("AA", 100m),
            ["BNBUSDT"] = Market.Walk("BNBUSDT", 600m) with { Terms = new() { Currency = "USDT" } },
        };
        await using var silo = await BookSilo.StartAsync(clock, journal, market);
        var book = silo.Grains.GetGrain<IPortfolioGrain>("pegged-fee");
        await book.CreateAsync(new PortfolioTerms("USD", 100_000m, AllowShort: false));

        var receipt = (await book.FillAsync(
            External("f", Side.Buy, 10, 100, 0.05m) with { FeeCurrency = "BNB" })).Value!;

        (receipt.FeeRate, receipt.FeesBooked, receipt.FxPeg).ShouldBe((600m, 30m, "USD"));
        var snapshot = (await book.GetSnapshotAsync()).Value!;
        (snapshot.Awaiting.IsEmpty, snapshot.Cash).ShouldBe((true, 98_970m));
    }

    [Theory]
    [InlineData("USD", "BNBUSDT", 600, 600, "USD")]
    [InlineData("USD", "USDTBNB", 0.0016, 625, "USD")]
    [InlineData("USDT", "BNBUSDT", 600, 600, null)]
    [InlineData("USDT", "BNBUSD", 600, 600, "USD")]
    [InlineData("USDT", "BNBUSDC", 600, 600, "USD")]
    [InlineData("USD", "BNBUSD", 600, 600, null)]
    [InlineData("EUR", "BNBUSDT", 600, null, null)]
    public void Rate_IsThatOfWhicheverPairIsPriced_AndNamesThePegThatIsPartOfIt(
        string own, string pair, double price, int? rate, string? peg)
    {
        var used = Valuation(own, Market.Walk(pair, (decimal)price)).Prices.RateOf("BNB");
        (used.Rate, used.Peg).ShouldBe((rate, peg));
    }

    [Fact]
    public void MarketOfTheCurrenciesThemselves_ComesFirst_UnlessItIsDoubted()
    {
        var plain = Market.Walk("BNBUSD", 590m);
        Valuation("USD", plain, Market.Walk("BNBUSDT", 600m)).Prices.RateOf("BNB").Rate.ShouldBe(590m);
        var doubted = plain with { Mode = SymbolMode.ReduceOnly, Doubts = ["sources differ"] };
        Valuation("USD", doubted, Market.Walk("BNBUSDT", 600m)).Prices.RateOf("BNB").Rate.ShouldBe(600m);
    }

    [Fact]
    public void PairThatIsQuotedInSomethingElse_IsNoRate() =>
        Valuation("USD", Market.Walk("BNBUSDT", 600m) with { Terms = new() { Currency = "TRY" } }).Prices.RateOf("BNB").Rate
            .ShouldBeNull();

    [Fact]
    public void AmountThatWaited_IsConvertedByThePairOfThePeggedCurrency_AndTheEventSaysSo()
    {
        var valuation = Valuation("USD", Market.Walk("AA", 100m));
        valuation.Apply(FillRules.Post(
            valuation.Book, External("1", Side.Buy, 1, 100, 2) with { FeeCurrency = "BNB" }, Now,
            rates: FillRates.Of(valuation, "AA", "BNB")));
        valuation.Equity.ShouldBeNull();

        valuation.Reprice([("BNBUSDT", Market.Update(Market.Walk("BNBUSDT", 600m)))], Now);
        var converted = (Converted)Recorded(ConversionRules.Due(valuation, Now).ShouldHaveSingleItem(), 3);
        valuation.Apply(converted);

        (converted.Rate, converted.Pair, converted.FxPeg).ShouldBe((600m, "BNBUSDT", "USD"));
        (valuation.Book.Fees, valuation.Equity).ShouldBe((1_200m, 98_800m));
    }

    [Fact]
    public void Report_OfAPositionThatIsValuedByIt_SaysThatASettingIsPartOfTheRate()
    {
        var coin = Market.Walk("XYZ", 2m) with { Terms = new() { Currency = "BNB" } };
        var valuation = Valuation("USD", coin, Market.Walk("BNBUSDT", 600m));
        valuation.Apply(FillRules.Post(
            valuation.Book, External("1", Side.Buy, 1, 2, symbol: "XYZ"), Now, rates: FillRates.Of(valuation, "XYZ", null)));

        var warning = RiskReporting.Report(valuation, new(), Now, Now).Warnings
            .Single(warning => warning.Code == "pegged_rate");

        (warning.Symbol, valuation.Equity).ShouldBe(("BNB", 100_000m));
        warning.Message.ShouldContain("BNBUSDT");
    }

    [Fact]
    public void BookOfAProgramThatUsedNoSuchPairs_IsReplayedWithoutThem()
    {
        var options = ((TakenUp)Recorded(new TakenUp(252, 60, Now) { Pegs = new PortfolioOptions().PegsInForce() }, 1)).ToOptions();
        var valuation = new BookValuation(Opened(), options);
        valuation.Reprice([("BNBUSDT", Market.Update(Market.Walk("BNBUSDT", 600m)))], Now);
        valuation.Prices.RateOf("BNB").Rate.ShouldBeNull();
        BookValuation.Restore("test", valuation.Capture()()).Prices.RateOf("BNB").Rate.ShouldBeNull();
        ((TakenUp)Recorded(new TakenUp(252, 60, Now) { PegPairs = true }, 1)).ToOptions().PegPairs.ShouldBeTrue();
    }

    static BookValuation Valuation(string currency, params PriceSeries[] series)
    {
        var valuation = new BookValuation(Opened(currency: currency), new PortfolioOptions());
        valuation.Reprice(series.Select(one => (one.Symbol, Market.Update(one))), Now);
        return valuation;
    }
}

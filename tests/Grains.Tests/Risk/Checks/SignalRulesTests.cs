using static Trading.Risk.Tests.ExampleBook;

namespace Trading.Risk.Tests;

public sealed class SignalRulesTests
{
    static readonly RiskLimits None = new();

    [Fact]
    public void Order_WithinEveryDefaultLimit_Passes() => new ExampleBook().Judge(Buy(999), RiskLimits.Default).ShouldBeEmpty();

    [Fact, Checks(RiskRule.Halted)]
    public void Halt_RefusesIncreases_AndNamesTheUnitsThatClose()
    {
        var book = new ExampleBook(Held: 40, AllowShort: true);
        Only(book.Judge(Sell(50), None with { Halted = true }), RiskRule.Halted, 50, 40, "units");
        book.Judge(Sell(40), None with { Halted = true }).ShouldBeEmpty();
    }

    [Theory, Checks(RiskRule.UnknownSymbol)]
    [InlineData(SymbolKnowledge.Unknown, "No source of prices knows ACME.")]
    [InlineData(SymbolKnowledge.Unavailable, "No source of prices answers for ACME.")]
    public void Symbol_ThatIsNotKnown_IsRefusedInWords(SymbolKnowledge knowledge, string detail) =>
        Only(new ExampleBook(Symbol: knowledge).Judge(Buy(1), None), RiskRule.UnknownSymbol, null, null, null).Detail.ShouldBe(detail);

    [Fact, Checks(RiskRule.StalePrice)]
    public void Price_OlderThanTheLimit_RefusesIncreasesOnly()
    {
        var book = new ExampleBook(Held: 10) { PriceAge = TimeSpan.FromSeconds(301.5) };
        var limits = None with { MaxPriceAgeSeconds = 300 };
        Only(book.Judge(Buy(1), limits), RiskRule.StalePrice, 301.5m, 300, "seconds").Detail.ShouldBe("The price of ACME is 301.5 s old; the limit is 300 s.");
        book.Judge(Sell(10), limits).ShouldBeEmpty();
        (book with { PriceAge = TimeSpan.FromSeconds(300) }).Judge(Buy(1), limits).ShouldBeEmpty();
    }

    [Fact, Checks(RiskRule.InsufficientHistory)]
    public void History_TooShortForTheRisk_IsRefusedWithBothCounts_AndSoIsTheUnknownRisk()
    {
        var violations = new ExampleBook(Sessions: 99).Judge(Buy(1), None with { MaxValueAtRisk95 = 0.03 });
        violations.Select(violation => (violation.Code, violation.Observed, violation.Limit)).ShouldBe(
            [(RiskRule.InsufficientHistory, 99m, 100m), (RiskRule.ValueAtRisk95, null, 0.03m)]);
        new ExampleBook(Sessions: 99).Judge(Buy(1), None).ShouldBeEmpty();
        new ExampleBook(Sessions: null).Judge(Buy(1), None with { MaxExpectedShortfall975 = 1 })[0].Observed.ShouldBeNull();
    }

    [Fact, Checks(RiskRule.OrderNotional)]
    public void Order_OverTheNotional_IsRefusedWithBothNumbers() =>
        Only(new ExampleBook().Judge(Buy(51), None with { MaxOrderNotional = 5_000 }), RiskRule.OrderNotional, 5_100, 5_000, "money")
            .Detail.ShouldBe("The order is worth 5100; the limit is 5000.");

    [Theory]
    [InlineData(120, 6_000)]
    [InlineData(80, 5_000)]
    public void LimitOrder_ToBuy_CountsAtTheDearerPrice(int limitPrice, int notional) =>
        Only(new ExampleBook().Judge(Buy(50, limitPrice), None with { MaxOrderNotional = 1 }), RiskRule.OrderNotional, notional, 1, "money");

    [Fact, Checks(RiskRule.PositionWeight)]
    public void Position_OverTheWeight_IsRefusedWithBothNumbers() =>
        Only(new ExampleBook(Held: 500, Cash: 950_000).Judge(Buy(501), None with { MaxPositionWeight = 0.1 }), RiskRule.PositionWeight, 0.1001m, 0.1m, "fraction")
            .Detail.ShouldBe("The weight of the position after the trade would be 10.01 % of equity; the limit is 10 %.");

    [Fact, Checks(RiskRule.GrossExposure)]
    public void GrossExposure_CountsShortPositionsInFull() =>
        Only(new ExampleBook(Cash: 1_300_000, Other: -300_000).Judge(Buy(2_500), None with { MaxGrossExposure = 0.5 }), RiskRule.GrossExposure, 0.55m, 0.5m, "fraction");

    [Fact, Checks(RiskRule.NetExposure)]
    public void NetExposure_LetsAShortPositionOffset_AndHasNoSign()
    {
        var book = new ExampleBook(Cash: 1_100_000, Other: -100_000, AllowShort: true);
        book.Judge(Buy(3_000), None with { MaxNetExposure = 0.2 }).ShouldBeEmpty();
        Only(book.Judge(Buy(3_100), None with { MaxNetExposure = 0.2 }), RiskRule.NetExposure, 0.21m, 0.2m, "fraction");
        Only(book.Judge(Sell(1_100), None with { MaxNetExposure = 0.2 }), RiskRule.NetExposure, 0.21m, 0.2m, "fraction");
    }

    [Fact, Checks(RiskRule.SectorExposure)]
    public void Sector_OverItsLimit_OrUnknown_IsRefused()
    {
        var limits = None with { MaxSectorExposure = 0.35 };
        var book = new ExampleBook(Cash: 700_000, Other: 300_000, OtherInSector: true);
        Only(book.Judge(Buy(600), limits), RiskRule.SectorExposure, 0.36m, 0.35m, "fraction");
        Only((book with { SectorKnown = false }).Judge(Buy(1), limits), RiskRule.SectorExposure, null, 0.35m, "fraction");
        (book with { SectorKnown = false }).Judge(Buy(1), None).ShouldBeEmpty();
    }

    [Fact, Checks(RiskRule.ValueAtRisk95)]
    public void ValueAtRisk_OverItsLimit_IsRefusedWithBothNumbers() =>
        Only(new ExampleBook().Judge(Buy(5_000), None with { MaxValueAtRisk95 = 0.01 }), RiskRule.ValueAtRisk95, 0.01645m, 0.01m, "fraction");

    [Fact, Checks(RiskRule.ExpectedShortfall975)]
    public void ExpectedShortfall_OverItsLimit_IsRefusedWithBothNumbers() =>
        Only(new ExampleBook().Judge(Buy(5_000), None with { MaxExpectedShortfall975 = 0.02 }), RiskRule.ExpectedShortfall975, 0.02338m, 0.02m, "fraction");

    [Fact, Checks(RiskRule.Drawdown)]
    public void Drawdown_OverTheLimit_LeavesReductionsOnly()
    {
        var book = new ExampleBook(Cash: 740_000, Held: 100, HighWaterMark: 1_000_000);
        Only(book.Judge(Buy(1), None with { MaxDrawdown = 0.2 }), RiskRule.Drawdown, 0.25m, 0.2m, "fraction");
        book.Judge(Sell(100), None with { MaxDrawdown = 0.2 }).ShouldBeEmpty();
    }

    [Fact, Checks(RiskRule.Cash)]
    public void Cash_BelowTheMinimum_RefusesPurchases_AndNeverSales()
    {
        var book = new ExampleBook(Cash: 1_000, AllowShort: true, Other: 50_000);
        Only(book.Judge(Buy(6), None with { MinCash = 500 }), RiskRule.Cash, 400, 500, "money");
        book.Judge(Sell(6), None with { MinCash = 5_000 }).ShouldBeEmpty();
    }

    [Fact, Checks(RiskRule.ShortSale)]
    public void ShortSale_IsRefused_BeyondWhatIsHeldAndNotPromised()
    {
        var book = new ExampleBook(Held: 100, OpenBuys: 500, OpenSells: 60);
        Only(book.Judge(Sell(41), None), RiskRule.ShortSale, 41, 40, "units");
        book.Judge(Sell(40), None).ShouldBeEmpty();
        (book with { AllowShort = true }).Judge(Sell(41), None).ShouldBeEmpty();
    }

    [Fact]
    public void ClosingPurchase_CountsEarlierPurchases_AndNotEarlierSales()
    {
        OrderFacts.ClosableBy(Side.Buy, held: -100, openBuys: 30, openSells: 50).ShouldBe(70);
        OrderFacts.ClosableBy(Side.Buy, held: 100, openBuys: 0, openSells: 0).ShouldBe(0);
    }

    [Fact]
    public void Measure_ThatIsOverItsLimit_AndDoesNotGrow_RefusesNothing()
    {
        var book = new ExampleBook(Cash: 700_000, Held: 3_000, AllowShort: true);
        var limits = None with { MaxPositionWeight = 0.1, MaxGrossExposure = 0.1, MaxNetExposure = 0.1, MaxValueAtRisk95 = 0.001 };
        book.Judge(Sell(1), limits).ShouldBeEmpty();
        book.Judge(Sell(5_999), limits).ShouldBeEmpty();
        book.Judge(Sell(6_001), limits).Select(violation => violation.Code).ShouldBe(
            [RiskRule.PositionWeight, RiskRule.GrossExposure, RiskRule.NetExposure, RiskRule.ValueAtRisk95]);
    }

    [Fact]
    public void SaleOfAHedge_IsRefused_WhereItRaisesAMeasureOverItsLimit()
    {
        var hedged = new ExampleBook(Cash: 1_000_000, Held: 3_000, Other: -300_000, Correlation: 1);
        hedged.Judge(Sell(1_000), None with { MaxValueAtRisk95 = 0.001 }).ShouldHaveSingleItem().Code.ShouldBe(RiskRule.ValueAtRisk95);
    }

    [Fact]
    public void Equity_ThatIsNotPositive_MakesEveryFractionUnknown()
    {
        var ruined = new ExampleBook(Cash: -50_000, Held: 100, Other: 10_000);
        var violations = ruined.Judge(Buy(1), RiskLimits.Default with { MinCash = null, MaxDrawdown = null });
        violations.Select(violation => violation.Code).ShouldBe([RiskRule.PositionWeight, RiskRule.GrossExposure, RiskRule.NetExposure,
            RiskRule.SectorExposure, RiskRule.ValueAtRisk95, RiskRule.ExpectedShortfall975]);
        violations.ShouldAllBe(violation => violation.Observed == null && violation.Limit != null);
        ruined.Judge(Sell(100), RiskLimits.Default).ShouldBeEmpty();
    }

    [Fact]
    public void UnknownPrice_IsAViolationOfEveryLimitThatNeedsIt_AndOfNoneForReductions()
    {
        var blind = new ExampleBook(Held: 10, Price: null, Symbol: SymbolKnowledge.Unavailable, Sessions: null);
        blind.Judge(Buy(1), RiskLimits.Default).Select(violation => violation.Code).ShouldBe([RiskRule.UnknownSymbol, RiskRule.MissingPrice,
            RiskRule.InsufficientHistory, RiskRule.OrderNotional, RiskRule.PositionWeight, RiskRule.GrossExposure, RiskRule.NetExposure,
            RiskRule.SectorExposure, RiskRule.ValueAtRisk95, RiskRule.ExpectedShortfall975, RiskRule.Correlation, RiskRule.Drawdown, RiskRule.Cash]);
        blind.Judge(Sell(10), RiskLimits.Default).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(2_000, 1_000)]
    [InlineData(1_000.5, 1_000)]
    [InlineData(7, 7)]
    [InlineData(0.5, 0)]
    public void MaxAllowedQuantity_IsTheLargestWholeQuantityThatPasses(double asked, int allowed) =>
        new ExampleBook().MaxAllowed(Buy((decimal)asked), RiskLimits.Default).ShouldBe(allowed);

    [Fact]
    public void MaxAllowedQuantity_IsZero_WhereNotOneUnitFits() =>
        new ExampleBook(Price: 200_000).MaxAllowed(Buy(3), RiskLimits.Default).ShouldBe(0);

    [Fact]
    public void MaxAllowedQuantity_IsUnknown_WhereSizeIsNotTheReason()
    {
        new ExampleBook().MaxAllowed(Buy(10), None with { Halted = true }).ShouldBeNull();
        new ExampleBook(SectorKnown: false).MaxAllowed(Buy(10), RiskLimits.Default).ShouldBeNull();
        new ExampleBook(Held: 6, AllowShort: true).MaxAllowed(Sell(10), None with { Halted = true }).ShouldBe(6);
    }

    [Fact]
    public void Headroom_SaysHowFarEachLimitIsUsed_AndUnknownStaysUnknown()
    {
        var limits = RiskLimits.Default with { MaxNetExposure = null, MinCash = 100m };
        var measures = new BookMeasures(1_000m, 900m, 2_000m, -100m, double.NaN, 0.04, 0.1, null, 0.05);
        SignalRules.Headroom(measures, 12.5, limits).ShouldBe([
            new(RiskRule.StalePrice, 12.5m, 300m, 287.5m, "seconds"),
            new(RiskRule.OrderNotional, 0m, 1_000_000m, 1_000_000m, "money"),
            new(RiskRule.PositionWeight, 0.1m, 0.1m, 0m, "fraction"),
            new(RiskRule.GrossExposure, 2m, 1.5m, -0.5m, "fraction"),
            new(RiskRule.SectorExposure, null, 0.35m, null, "fraction"),
            new(RiskRule.ValueAtRisk95, null, 0.03m, null, "fraction"),
            new(RiskRule.ExpectedShortfall975, 0.04m, 0.05m, 0.01m, "fraction"),
            new(RiskRule.Drawdown, 0.05m, 0.2m, 0.15m, "fraction"),
            new(RiskRule.Cash, 900m, 100m, 800m, "money"),
        ]);
    }

    [Fact]
    public void Approval_AllocatesNothing()
    {
        var facts = new ExampleBook().Facts(Buy(999));
        SignalRules.Evaluate(facts, RiskLimits.Default, Now).ShouldBeEmpty();
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        for (var repetition = 0; repetition < 1_000; repetition++) SignalRules.Evaluate(facts, RiskLimits.Default, Now);
        (GC.GetAllocatedBytesForCurrentThread() - allocated).ShouldBe(0);
    }

    static RiskViolation Only(RiskViolation[] violations, RiskRule code, decimal? observed, decimal? limit, string? unit)
    {
        var violation = violations.ShouldHaveSingleItem();
        (violation.Code, violation.Observed, violation.Limit, violation.Unit).ShouldBe((code, observed, limit, unit));
        violation.Detail.ShouldNotBeNullOrWhiteSpace();
        return violation;
    }
}

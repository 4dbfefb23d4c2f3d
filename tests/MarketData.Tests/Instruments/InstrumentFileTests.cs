using System.Text;

namespace Trading.MarketData.Tests;

public sealed class InstrumentFileTests
{
    const string Header = "symbol,tradable,lot_size,tick_size,min_notional,average_daily_volume\n";

    [Fact]
    public void EmptyCell_IsNoRule()
    {
        var terms = Parse(Header + "ibm,true,100,0.01,1000,5000000\nAA,,,,,\nDD,false,,,,\n");
        terms["IBM"].ShouldBe(new InstrumentTerms(true, 100m, 0.01m, 1_000m, 5_000_000m));
        terms["AA"].ShouldBe(new InstrumentTerms());
        terms["DD"].Tradable.ShouldBeFalse();
    }

    [Fact]
    public void Currency_IsAColumnThatAFileMayHave_AndPenceStayPence()
    {
        var terms = Parse(Header.Trim() + ",currency\nSAP,,,,,,eur\nVOD.L,,,,,,GBp\nIBM,,,,,,\nBTCUSDT,,0.000000000000000001,,,,USDT\n");
        terms["SAP"].Currency.ShouldBe("EUR");
        terms["VOD.L"].Currency.ShouldBe("GBp");
        terms["IBM"].Currency.ShouldBeNull();
        terms["BTCUSDT"].LotSize.ShouldBe(0.000000000000000001m);
        Should.Throw<MarketDataFormatException>(() => Parse(Header.Trim() + ",currency\nSAP,,,,,,E?\n"))
            .Errors.ShouldHaveSingleItem().Field.ShouldBe("currency");
    }

    [Fact]
    public void EverythingThatIsWrong_IsNamedAtOnce() =>
        Should.Throw<MarketDataFormatException>(() => Parse(Header + "IBM,yes,0,-1,x,\nIBM,true,,,,\n?,true,,,,\n"))
            .Errors.Select(error => (error.Field, error.Rule, error.Line)).ShouldBe(
            [
                ("tradable", "flag", 2L), ("lot_size", "number", 2L), ("tick_size", "number", 2L), ("min_notional", "number", 2L),
                ("symbol", "duplicate", 3L), ("symbol", "symbol", 4L),
            ]);

    static IReadOnlyDictionary<string, InstrumentTerms> Parse(string text) => InstrumentFile.Parse(Encoding.UTF8.GetBytes(text), "instruments.csv");
}

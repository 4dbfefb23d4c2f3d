using System.Text;

namespace Trading.MarketData.Tests;

public sealed class SectorFileTests
{
    [Fact]
    public void CompanyWithACommaInQuotes_IsRead() =>
        SectorFile.Parse("symbol,company,sector\nge,\"General Electric, Inc.\",Industrials\n"u8, "sectors.csv")["GE"].ShouldBe("Industrials");

    [Fact]
    public void EveryBrokenRule_IsNamedAtOnce()
    {
        var file = Encoding.UTF8.GetBytes("symbol,company,sector\nGE,General Electric,\nGE,General Electric,Industrials\n?,Nobody,None\nKO,Coca-Cola");

        var refused = Should.Throw<MarketDataFormatException>(() => SectorFile.Parse(file, "sectors.csv"));

        refused.Errors.Select(error => (error.Line, error.Field, error.Rule)).ShouldBe(
            [(2L, "sector", "empty"), (3L, "symbol", "duplicate"), (4L, "symbol", "symbol"), (5L, "row", "truncated")]);
    }

    [Fact]
    public void MissingAndDoubleColumns_AreNamed()
    {
        var refused = Should.Throw<MarketDataFormatException>(() => SectorFile.Parse("symbol,sector,sector\nGE,a,b\n"u8, "sectors.csv"));

        refused.Errors.Select(error => (error.Field, error.Rule)).ShouldBe([("company", "missing_column"), ("sector", "duplicate_column")]);
    }
}

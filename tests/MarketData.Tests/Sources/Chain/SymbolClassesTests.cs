namespace Trading.MarketData.Tests;

public sealed class SymbolClassesTests
{
    [Theory]
    [InlineData("AAPL", SymbolClass.Equity)]
    [InlineData("BRK.B", SymbolClass.Equity)]
    [InlineData("USD", SymbolClass.Equity)]
    [InlineData("EURUSD", SymbolClass.Fx)]
    [InlineData("EUR/USD", SymbolClass.Fx)]
    [InlineData("USDJPY=X", SymbolClass.Fx)]
    [InlineData("BTCUSDT", SymbolClass.Crypto)]
    [InlineData("BTCUSD", SymbolClass.Crypto)]
    [InlineData("ETH-USD", SymbolClass.Crypto)]
    [InlineData("BTCBUSD", SymbolClass.Crypto)]
    public void FormOfASymbol_TellsItsClass(string symbol, SymbolClass expected) => SymbolClasses.ByForm.Of(symbol).ShouldBe(expected);

    [Fact]
    public void Patterns_ComeBeforeTheForm()
    {
        var classes = new SourceChainOptions { Symbols = new() { Equity = ["EURUSD"], Crypto = ["*PERP"] } }.Classes();

        classes.Of("EURUSD").ShouldBe(SymbolClass.Equity);
        classes.Of("BTCPERP").ShouldBe(SymbolClass.Crypto);
        classes.Of("PERPX").ShouldBe(SymbolClass.Equity);
    }
}

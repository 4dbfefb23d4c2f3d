namespace Trading.MarketData.Tests;

public sealed class AssetClassesTests
{
    [Theory]
    [InlineData("AAPL", AssetClass.Equity)]
    [InlineData("BRK.B", AssetClass.Equity)]
    [InlineData("USD", AssetClass.Equity)]
    [InlineData("EURUSD", AssetClass.Fx)]
    [InlineData("EUR/USD", AssetClass.Fx)]
    [InlineData("USDJPY=X", AssetClass.Fx)]
    [InlineData("BTCUSDT", AssetClass.Crypto)]
    [InlineData("BTCUSD", AssetClass.Crypto)]
    [InlineData("ETH-USD", AssetClass.Crypto)]
    [InlineData("BTCBUSD", AssetClass.Crypto)]
    public void FormOfASymbol_TellsItsClass(string symbol, AssetClass expected) => AssetClasses.ByForm.Of(symbol).ShouldBe(expected);

    [Fact]
    public void Patterns_ComeBeforeTheForm()
    {
        var classes = new SourceChainOptions { Symbols = new() { Equity = ["EURUSD"], Crypto = ["*PERP"] } }.Classes();

        classes.Of("EURUSD").ShouldBe(AssetClass.Equity);
        classes.Of("BTCPERP").ShouldBe(AssetClass.Crypto);
        classes.Of("PERPX").ShouldBe(AssetClass.Equity);
    }
}

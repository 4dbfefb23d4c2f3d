namespace Trading.MarketData.Tests;

public sealed class CurrencyCodesTests
{
    [Theory]
    [InlineData("BTCUSD", "BTC", true)]
    [InlineData("BTC-EUR", "BTC", true)]
    [InlineData("BTC/USDT", "BTC", true)]
    [InlineData("BTC", "BTC", true)]
    [InlineData("ETHBTC", "ETH", true)]
    [InlineData("ETHBTC", "BTC", false)]
    [InlineData("BTCUSD", "BNB", false)]
    [InlineData("USDCUSD", "USD", false)]
    [InlineData("AAPL", "AA", false)]
    public void Coin_IsTheOneThatStandsFirstInItsPair(string symbol, string code, bool isBase) =>
        CurrencyCodes.IsBase(symbol, code).ShouldBe(isBase);

    [Fact]
    public void Pair_MayBeQuotedInWhatTheBookCountsIn() => CurrencyCodes.IsBase("BTCXAF", "BTC", "XAF").ShouldBeTrue();

    [Theory]
    [InlineData("GBp", "GBP", 0.01)]
    [InlineData("ZAc", "ZAR", 0.01)]
    [InlineData("GBP", "GBP", 1)]
    public void Pence_AreHundredthsOfAPound(string code, string major, double units) =>
        CurrencyCodes.Major(code).ShouldBe((major, (decimal)units));

    [Fact]
    public void Code_IsUpperCase_ExceptForPence()
    {
        CurrencyCodes.Normalize("eur").ShouldBe("EUR");
        CurrencyCodes.Normalize("GBp").ShouldBe("GBp");
    }
}

namespace Trading.MarketData.Tests;

public sealed class SampleCoinsTests
{
    [Fact]
    public void MadeUpCoins_StandBesideTheFile_AreTheSameEveryTime_AndMoveLikeCoins()
    {
        var (first, second) = (SampleCoins.AddTo(Histories.Counting(1_000)), SampleCoins.AddTo(Histories.Counting(1_000)));

        first.Symbols.Keys.ShouldBe(["A", "B", "BTCUSDT", "ETHUSDT"], ignoreOrder: true);
        var closes = first.Symbols["BTCUSDT"].Closes;
        closes.ShouldBe(second.Symbols["BTCUSDT"].Closes);
        closes.ShouldAllBe(close => close > 4_000 && close < 400_000);
        var moves = closes.Zip(closes.Skip(1), (before, after) => Math.Log((double)(after / before))).ToArray();
        Math.Sqrt(moves.Average(move => move * move)).ShouldBe(0.03, 0.003);
    }

    [Fact]
    public void CoinOfTheFilesThemselves_Stands()
    {
        var own = SampleCoins.AddTo(Histories.Parse("date,BTCUSDT\n2020-01-02,1\n2020-01-03,2\n"));
        own.Symbols["BTCUSDT"].Closes.ShouldBe([1m, 2m]);

        var listed = SampleCoins.AddTo(new InstrumentDirectory([new("BTCUSDT", "Mine", "Digital", null)]));
        listed.Find("BTCUSDT").ShouldBe(new("BTCUSDT", "Mine", "Digital", new(LotSize: 0.00001m, TickSize: 0.01m, MinNotional: 5)));
        listed.Find("ETHUSDT")!.Sector.ShouldBe("Crypto");
    }
}

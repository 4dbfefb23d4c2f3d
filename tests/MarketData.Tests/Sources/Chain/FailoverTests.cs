using Trading.Testing;

namespace Trading.MarketData.Tests;

/// <summary>Two exchanges over HTTP, of which the first fails in every way that it can.</summary>
public sealed class FailoverTests
{
    static readonly DateTimeOffset Start = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);
    const int GoodAnswers = 3;

    [Fact]
    public async Task FirstSourceDies_AnswersGarbage_Returns_AndDiesInMidStream_AndTheSeriesIsWhole()
    {
        var clock = new ManualTimeProvider(Start);
        await using var binance = await LocalServer.StartAsync(LocalMarket.Binance(clock));
        await using var kraken = await LocalServer.StartAsync(LocalMarket.Kraken(clock));
        await using var chain = new SourceChain(
        [
            new BinanceSource(Recorded.Client, new() { BaseAddress = binance.Address, Retries = 0 }, clock),
            new KrakenSource(Recorded.Client, new() { BaseAddress = kraken.Address, Retries = 0 }, clock),
        ], new() { GoodAnswers = GoodAnswers, ProbeInterval = 5, BreakerWindow = 240, BreakerBreak = 30 }, clock);
        var series = new List<(Bar Bar, string Source)>();
        var next = Start;

        await MinutesAsync(5, "binance");                                                      // all is well
        binance.Answer = context => { context.Abort(); return Task.CompletedTask; };
        await MinutesAsync(5, "kraken");                                                       // dead
        Report().State.ShouldBe(SourceState.Open);
        binance.Answer = LocalServer.Says("<html>We are back soon</html>");
        await MinutesAsync(3, "kraken");                                                       // garbage that shows
        binance.Answer = LocalMarket.Binance(clock, factor: 100);
        await MinutesAsync(3, "kraken");                                                       // garbage in the right shape
        Report().Nonsense.ShouldBeGreaterThan(0);
        binance.Answer = LocalMarket.Binance(clock);
        await MinutesAsync(GoodAnswers, "kraken");                                             // well, but not trusted yet
        Report().State.ShouldBe(SourceState.Trusted);
        await MinutesAsync(5, "binance");                                                      // trusted again
        binance.Answer = async context =>
        {
            if (context.Request.Path != "/api/v3/klines")
            {
                await LocalMarket.Binance(clock)(context);
                return;
            }

            await LocalServer.Breaks("[[1767614400000,\"1000\",\"1000\""u8.ToArray())(context);
        };
        clock.Advance(TimeSpan.FromMinutes(100));
        await MinutesAsync(1, "kraken", bars: 101);                                            // dies in the middle of an answer
        binance.Answer = LocalMarket.Binance(clock);
        await MinutesAsync(GoodAnswers, "kraken");
        await MinutesAsync(5, "binance");

        series.Select(entry => entry.Bar.Time).ShouldBe(Enumerable.Range(0, series.Count).Select(minute => Start.AddMinutes(minute)));
        series.ShouldAllBe(entry => entry.Bar.Close == LocalMarket.Close(entry.Bar.Time) + (entry.Source == "kraken" ? LocalMarket.KrakensPremium : 0));

        SourceReport Report() => chain.Report().Single(report => report.Source == "binance");

        async Task MinutesAsync(int minutes, string source, int bars = 1)
        {
            for (var minute = 0; minute < minutes; minute++)
            {
                clock.Advance(TimeSpan.FromMinutes(1));
                var answer = await chain.FetchAsync(new("BTCUSDT", BarInterval.OneMinute, next, null), default);
                await chain.ProbesAsync();
                answer.Source.ShouldBe(source, $"at {clock.GetUtcNow():t}");
                answer.Answer.Bars.Length.ShouldBe(bars);
                answer.Provenance!.Source.ShouldBe(source);
                series.AddRange(answer.Answer.Bars.Select(bar => (bar, answer.Source!)));
                next = series[^1].Bar.Time.AddMinutes(1);
            }
        }
    }
}

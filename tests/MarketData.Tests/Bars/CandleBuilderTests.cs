using System.Globalization;
using Trading.Testing;

namespace Trading.MarketData.Tests;

public sealed class CandleBuilderTests
{
    static readonly DateTimeOffset Noon = new(2024, 3, 1, 12, 0, 0, TimeSpan.Zero);

    static List<Bar> Aggregate(BarInterval interval, IEnumerable<Bar> parts)
    {
        var builder = new CandleBuilder(interval);
        List<Bar> bars = [];
        foreach (var part in parts)
        {
            builder.TryAdd(part, out var finished).ShouldBeTrue();
            if (finished is { } bar) bars.Add(bar);
        }

        if (builder.Complete() is { } last) bars.Add(last);
        return bars;
    }

    static Bar AsBar(Trade trade) => new(trade.Time, trade.Price, trade.Price, trade.Price, trade.Price, trade.Quantity);

    [Fact]
    public void Trades_BecomeOneBarForEachIntervalInWhichSomethingTraded()
    {
        var builder = new CandleBuilder(BarInterval.OneMinute);
        builder.TryAdd(new Trade(Noon.AddSeconds(1), 100, 1), out _).ShouldBeTrue();
        builder.TryAdd(new Trade(Noon.AddSeconds(30), 103, 2), out _).ShouldBeTrue();
        builder.TryAdd(new Trade(Noon.AddSeconds(20), 99, 0.5m), out _).ShouldBeTrue();
        builder.TryAdd(new Trade(Noon.AddSeconds(59.9), 101, 1), out var open).ShouldBeTrue();
        open.ShouldBeNull();

        builder.TryAdd(new Trade(Noon.AddMinutes(5), 110, 1), out var finished).ShouldBeTrue();

        finished.ShouldBe(new Bar(Noon, 100, 103, 99, 101, 4.5m));
        builder.Complete().ShouldBe(new Bar(Noon.AddMinutes(5), 110, 110, 110, 110, 1));
        builder.Complete().ShouldBeNull();
    }

    [Fact]
    public void ATradeOfAFinishedInterval_IsLeftOut()
    {
        var builder = new CandleBuilder(BarInterval.OneMinute);
        builder.TryAdd(new Trade(Noon, 100, 1), out _);

        builder.TryAdd(new Trade(Noon.AddTicks(-1), 1, 1), out var finished).ShouldBeFalse();

        finished.ShouldBeNull();
        builder.Current.ShouldBe(new Bar(Noon, 100, 100, 100, 100, 1));
    }

    [Fact]
    public void AnUnknownVolume_MakesTheWholeUnknown() =>
        Aggregate(BarInterval.OneHour, [Bar.OfClose(Noon, 1), new Bar(Noon.AddMinutes(1), 2, 2, 2, 2, 5)])
            .ShouldHaveSingleItem().Volume.ShouldBeNull();

    /// <summary>Regular hours only; the daily file's high and low are of another feed and may differ by cents.</summary>
    [ReferenceFact]
    public async Task TheMinutesOfARegularSession_AreTheExchangesDay()
    {
        foreach (var (minutes, daily, date) in new[] { ("spy_1m_trade_2013-10-08", "spy", "2013-10-08"), ("aapl_1m_trade_2014-06-05", "aapl", "2014-06-05") })
        {
            var session = (await BarsAsync($"intraday/{minutes}.csv"))
                .Where(bar => bar.Time.TimeOfDay >= new TimeSpan(9, 30, 0) && bar.Time.TimeOfDay < new TimeSpan(16, 0, 0));

            var day = Aggregate(BarInterval.OneDay, session).ShouldHaveSingleItem();

            var known = (await BarsAsync($"daily/{daily}.csv")).Single(bar => bar.Time == DateTimeOffset.Parse(date, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal));
            (day.Time, day.Open, day.Close, day.Volume).ShouldBe((known.Time, known.Open, known.Close, known.Volume));
            day.High.ShouldBe(known.High, 0.025m);
            day.Low.ShouldBe(known.Low, 0.025m);
        }
    }

    /// <summary>A shorter interval on the way changes nothing.</summary>
    [ReferenceFact]
    public async Task MinutesToHoursToDays_AreMinutesToDays()
    {
        var minutes = await BarsAsync("crypto/binance_btcbusd_1m_2022-12-13.csv");

        var hours = Aggregate(BarInterval.OneHour, minutes);

        hours.Count.ShouldBe(24);
        Aggregate(BarInterval.OneDay, hours).ShouldBe(Aggregate(BarInterval.OneDay, minutes));
        hours.Sum(bar => bar.Volume).ShouldBe(minutes.Sum(bar => bar.Volume));
        hours.Select(bar => bar.Open).ShouldBe(minutes.Where(bar => bar.Time.Minute == 0).Select(bar => bar.Open));
    }

    [ReferenceFact]
    public void RealTrades_AddUpToTheirBars()
    {
        var trades = Trades("crypto/binance_btcusdt_trades_2021-01-08.csv", price: 2, quantity: 3);

        var bar = Aggregate(BarInterval.OneMinute, trades.Select(AsBar)).ShouldHaveSingleItem();

        bar.ShouldBe(new Bar(new(2021, 1, 8, 0, 0, 0, TimeSpan.Zero), 39432.48m, trades.Max(trade => trade.Price),
            trades.Min(trade => trade.Price), 39491.76m, trades.Sum(trade => trade.Quantity)));
    }

    [ReferenceFact]
    public void RealTicks_AddUpToTheirMinutes()
    {
        var trades = Trades("intraday/ibm_tick_trade_2013-10-11.csv", price: 1, quantity: 2);

        var bars = Aggregate(BarInterval.OneMinute, trades.Select(AsBar));

        bars.ShouldBe(trades.GroupBy(trade => trade.Time.UtcTicks / TimeSpan.TicksPerMinute).Select(minute => new Bar(
            new DateTimeOffset(minute.Key * TimeSpan.TicksPerMinute, TimeSpan.Zero), minute.First().Price, minute.Max(trade => trade.Price),
            minute.Min(trade => trade.Price), minute.Last().Price, minute.Sum(trade => trade.Quantity))));
    }

    static async Task<List<Bar>> BarsAsync(string file)
    {
        await using var input = File.OpenRead(Path.Combine(RepositoryFiles.Shared!, "data", file));
        var reader = new BarReader(input);
        List<Bar> bars = [];
        await foreach (var batch in reader.ReadAsync())
            foreach (var row in batch.ToArray()) bars.Add(row.Bar);
        reader.ThrowIfBad();
        return bars;
    }

    static List<Trade> Trades(string file, int price, int quantity) =>
        [.. File.ReadLines(Path.Combine(RepositoryFiles.Shared!, "data", file)).Skip(1).Select(line => line.Split(',')).Select(cells => new Trade(
            DateTimeOffset.Parse(cells[0], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
            decimal.Parse(cells[price], CultureInfo.InvariantCulture), decimal.Parse(cells[quantity], CultureInfo.InvariantCulture)))];
}

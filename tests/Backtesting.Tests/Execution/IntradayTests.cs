using System.Globalization;
using Trading.MarketData;
using Trading.Testing;

namespace Trading.Backtests.Tests;

/// <summary>Orders on real minutes and ticks: no fill outside the quoted range or beyond the traded volume.</summary>
public sealed class IntradayTests
{
    static string Folder => Path.Combine(RepositoryFiles.Shared!, "data", "intraday");

    static readonly BacktestSpec Quoted = new()
    {
        Cash = 10_000_000, Costs = new() { Spread = SpreadSource.Quoted, VolumeSlippage = 0.001 },
        Execution = new() { WithinRange = true, MaxParticipation = 0.1 },
    };

    static readonly (string Symbol, string Date)[] Days =
        [("spy", "2013-10-07"), ("spy", "2013-10-08"), ("aapl", "2014-06-05"), ("aapl", "2014-06-06"), ("aapl", "2014-06-09")];

    [ReferenceFact]
    public void OnRealMinutes_EveryFillIsWithinTheQuotes_AndTheVolume()
    {
        foreach (var (symbol, date) in Days) EverySchedule(symbol, date);
    }

    static void EverySchedule(string symbol, string date)
    {
        var history = new MarketHistory([Minutes(symbol, date)]);
        for (var schedule = 0; schedule <= 4; schedule++)
            foreach (var quantity in new[] { 20_000.0, -20_000 })
            {
                var result = BacktestRunner.Run(
                    Quoted with
                    {
                        Strategies = [StrategySpec.Of("scheduled_trade", ("quantity", quantity), ("schedule", schedule), ("minutes", 120), ("wait", 200))],
                    }, history, StrategyCatalog.BuiltIn);
                Within(result, history);
                result.Fills.Length.ShouldBeGreaterThan(0);
                var quality = ExecutionQuality.Of(result, history).ShouldHaveSingleItem();
                quality.FillRate.ShouldBeGreaterThan(0.5);
                Math.Abs(quality.VwapSlippage!.Value).ShouldBeLessThan(100, "Within one percent of what everybody paid.");
            }
    }

    [ReferenceFact]
    public void OnRealMinutes_AnyOrders_StayWithinQuotesAndVolume()
    {
        var history = new MarketHistory([Minutes("aapl", "2014-06-06")]);
        var run = new TestRun(history, RandomOrders.Of(3), Quoted.Costs, Quoted.Execution, cash: 10_000_000);
        run.Fills.Count.ShouldBeGreaterThan(100);
        Within(run.Fills, history);
    }

    /// <summary>Ticks of trades and quotes put together by the second.</summary>
    [ReferenceFact]
    public void OnRealTicks_EveryFillIsWithinTheQuotes_AndTheVolume()
    {
        var history = new MarketHistory([Seconds()]);
        var result = BacktestRunner.Run(
            Quoted with
            {
                Strategies = [StrategySpec.Of("scheduled_trade", ("quantity", 2_000), ("schedule", 1), ("minutes", 30), ("wait", 300))],
            }, history, StrategyCatalog.BuiltIn);
        result.Fills.Length.ShouldBeGreaterThan(20);
        Within(result, history);
    }

    static void Within(BacktestResult result, MarketHistory history) => Within(result.Fills, history);

    static void Within(IReadOnlyList<Fill> fills, MarketHistory history)
    {
        var series = history.Series[0];
        foreach (var bar in fills.GroupBy(fill =>
        {
            var found = Array.BinarySearch(series.Start, fill.Time.UtcTicks);
            return found >= 0 ? found : ~found - 1;
        }))
        {
            bar.Sum(fill => Math.Abs(fill.Quantity)).ShouldBeLessThanOrEqualTo(FixedPoint.ToDecimal(series.Volume[bar.Key]));
            foreach (var fill in bar)
            {
                if (fill.Quantity > 0) fill.Price.ShouldBeLessThanOrEqualTo(series.Quotes![bar.Key].HighestAsk);
                else fill.Price.ShouldBeGreaterThanOrEqualTo(series.Quotes![bar.Key].LowestBid);
            }
        }
    }

    /// <summary>Trades for the volume, quotes for the prices; minutes with both.</summary>
    static SymbolBars Minutes(string symbol, string date)
    {
        var volumes = Rows($"{symbol}_1m_trade_{date}.csv").ToDictionary(row => row["time"], row => Number(row["volume"]));
        var (bars, quotes) = (new List<Bar>(), new List<BarQuote>());
        foreach (var row in Rows($"{symbol}_1m_quote_{date}.csv"))
        {
            if (!volumes.TryGetValue(row["time"], out var volume)) continue;
            decimal Bid(string name) => Number(row["bid_" + name]);
            decimal Ask(string name) => Number(row["ask_" + name]);
            decimal Middle(string name) => (Bid(name) + Ask(name)) / 2;
            if (Bid("low") <= 0 || Ask("low") <= 0 || Ask("open") < Bid("open")) continue;
            var (open, close) = (Middle("open"), Middle("close"));
            bars.Add(new(
                Time(row["time"]), open, Math.Max(Middle("high"), Math.Max(open, close)), Math.Min(Middle("low"), Math.Min(open, close)), close, volume));
            quotes.Add(new(Bid("low"), Ask("high"), Ask("open") - Bid("open")));
        }

        return BarColumnsBuilder.Build(symbol.ToUpperInvariant(), TimeSpan.FromMinutes(1), bars, new() { LotSize = 1 }, quotes);
    }

    static SymbolBars Seconds()
    {
        var (bars, quotes) = (new List<Bar>(), new List<BarQuote>());
        var quoteRows = Rows("ibm_tick_quote_2013-10-11_first20000.csv").ToArray();
        var last = quoteRows[^1]["time"];
        var volumes = Rows("ibm_tick_trade_2013-10-11.csv").Where(row => string.CompareOrdinal(row["time"], last) <= 0)
            .GroupBy(row => row["time"][..19]).ToDictionary(group => group.Key, group => group.Sum(row => Number(row["size"])));
        var (bid, ask) = (0m, 0m);
        foreach (var second in quoteRows.GroupBy(row => row["time"][..19]))
        {
            var (middles, low, high, spread) = (new List<decimal>(), decimal.MaxValue, 0m, 0m);
            foreach (var row in second)
            {
                if (Number(row["bid"]) is > 0 and var bought) bid = bought;
                if (Number(row["ask"]) is > 0 and var sold) ask = sold;
                if (bid <= 0 || ask < bid || ask > bid * 1.05m) continue;
                if (middles.Count == 0) spread = ask - bid;
                middles.Add((bid + ask) / 2);
                (low, high) = (Math.Min(low, bid), Math.Max(high, ask));
            }

            if (middles.Count == 0 || !volumes.TryGetValue(second.Key, out var volume)) continue;
            bars.Add(new(Time(second.Key), middles[0], middles.Max(), middles.Min(), middles[^1], volume));
            quotes.Add(new(low, high, spread));
        }

        return BarColumnsBuilder.Build("IBM", TimeSpan.FromSeconds(1), bars, new() { LotSize = 1 }, quotes);
    }

    static IEnumerable<Dictionary<string, string>> Rows(string file)
    {
        using var lines = File.ReadLines(Path.Combine(Folder, file)).GetEnumerator();
        lines.MoveNext();
        var header = lines.Current.Split(',');
        while (lines.MoveNext())
            yield return header.Zip(lines.Current.Split(',')).ToDictionary(pair => pair.First, pair => pair.Second);
    }

    static decimal Number(string cell) => cell.Length == 0 ? 0 : decimal.Parse(cell, NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>New York's wall clock; only differences matter here.</summary>
    static DateTimeOffset Time(string text) => new(DateTime.Parse(text, CultureInfo.InvariantCulture), TimeSpan.Zero);
}

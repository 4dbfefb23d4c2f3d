using BenchmarkDotNet.Attributes;
using Trading.MarketData;
using Trading.Portfolios;
using Trading.Risk;

namespace Trading.Benchmarks;

/// <summary>What an order costs the book that decides it: the facts after the trade and every check, on books of 30 and 500 positions.
/// The orders vary, so that no branch is learned by heart.</summary>
[MemoryDiagnoser]
public class ValuationBenchmarks
{
    const int Orders = 4_096;
    static readonly DateTimeOffset Now = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    readonly Order[] _orders = new Order[Orders];
    readonly LimitsVersion _limits = new(1, RiskLimits.Default, "benchmark", Now, "benchmark");
    BookValuation _desk = null!;
    int _next;

    [Params(30, 500)] public int Positions { get; set; }

    /// <summary>Symbols with an open purchase: none, as many as every way to fill is measured of (the order's beside them), and more.</summary>
    [Params(0, 3, 20)] public int OpenSymbols { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        var random = new Random(Positions);
        var book = new Book("benchmark", recentKeys: 1);
        _desk = new BookValuation(book, new PortfolioOptions());
        _desk.Apply(new Opened(new PortfolioTerms("USD", 10_000_000m, AllowShort: false), Now));
        for (var i = 0; i < Positions; i++)
        {
            _desk.Apply(_desk.Prices.Learn(Symbol(i), new SeriesUpdate(SeriesStatus.Updated, Walk(Symbol(i), random)), Now)!);
            var bought = new Fill($"f{i}", null, null, Symbol(i), Side.Buy, random.Next(10, 100), 100m, 0, External: true);
            _desk.Apply(FillRules.Post(book, bought, Now));
        }

        for (var i = 0; i < OpenSymbols; i++)
            _desk.Apply(PreTradeCheck.Decide(
                _desk, new Order(Symbol(i), Side.Buy, 1 + i, null, null, null), new(1, new RiskLimits(), "benchmark", Now, "benchmark"), Now));

        for (var i = 0; i < Orders; i++)
            _orders[i] = new Order(Symbol(random.Next(Positions)), random.Next(3) == 0 ? Side.Sell : Side.Buy, random.Next(1, 10), null, 0.8, null);
    }

    /// <summary>The measures before and after the trade, and every check.</summary>
    [Benchmark]
    public int WhatIfWithAllChecks() => SignalRules.Evaluate(_desk.Facts(_orders[_next = (_next + 1) % Orders]), _limits.Limits, Now).Length;

    /// <summary>The same, and the decision with its JSON.</summary>
    [Benchmark]
    public int Decision() => PreTradeCheck.Decide(_desk, _orders[_next = (_next + 1) % Orders], _limits, Now).Recorded.Json.Length;

    /// <summary>An order that many rules refuse: the decision with the quantity that fits, the headroom of every limit, and its JSON.</summary>
    [Benchmark]
    public int Refusal() => PreTradeCheck.Decide(
        _desk, _orders[_next = (_next + 1) % Orders] with { Action = Side.Buy, Quantity = 10_000_000m + _next }, _limits, Now).Recorded.Json.Length;

    /// <summary>Everything from the positions and the prices alone.</summary>
    [Benchmark]
    public double? FullRecalculation()
    {
        _desk.Apply(new Recalculated(Now));
        return _desk.Tail?.ExpectedShortfall;
    }

    /// <summary>One of many decisions, made and taken into the book as the writer of a book does.</summary>
    internal SignalDecided Decide(int i, decimal quantity)
    {
        var order = _orders[i % Orders] with { Quantity = quantity * (1 + (i % 7)), ClientOrderId = $"order-{i:00000000}" };
        var decided = PreTradeCheck.Decide(_desk, order, _limits, Now.AddMilliseconds(i));
        _desk.Apply(decided);
        return decided;
    }

    static string Symbol(int i) => $"S{i:000}";

    static PriceSeries Walk(string symbol, Random random)
    {
        var closes = new decimal[300];
        closes[^1] = 100m;
        for (var i = closes.Length - 2; i >= 0; i--) closes[i] = Math.Round(closes[i + 1] * (1 + (decimal)(random.NextDouble() - 0.5) * 0.04m), 4);
        return new(symbol, $"sector-{random.Next(10)}", [.. Enumerable.Range(0, closes.Length).Select(new DateOnly(2025, 1, 1).AddDays)], [.. closes],
            new Provenance("benchmark", Now, Now), 1);
    }
}

using System.Collections.Immutable;
using Trading.MarketData;

namespace Trading.Portfolios.Tests;

/// <summary>A long and short book of five symbols of the bundled sample, as an analysis takes it.</summary>
static class SampleAnalyses
{
    public static readonly string[] Symbols = ["AA", "GE", "IBM", "INTC", "XOM"];
    public static readonly double[] Weights = [0.25, 0.2, 0.15, -0.1, 0.3];
    static readonly string[] Sectors = ["Materials", "Industrials", "Technology", "Technology", "Energy"];

    public static RiskInput Input(PortfolioOptions? options = null, int? sessions = null, ImmutableArray<Forecast>? forecasts = null) => new(
        Books.Now, 7, new DateOnly(2001, 1, 2), 1_000_000m,
        [.. Symbols.Select((symbol, i) => new HeldSeries(Newest(Market.Sample[symbol], sessions) with { Sector = Sectors[i] }, Weights[i]))],
        forecasts ?? [], options ?? new PortfolioOptions());

    /// <summary>Made once: it is asked for by many tests.</summary>
    public static RiskAnalysis Analysis => Made.Value;

    static readonly Lazy<RiskAnalysis> Made = new(() => RiskAnalyses.Run(Input()));

    /// <summary>Simple returns of the book over its newest sessions, computed as plainly as can be.</summary>
    public static double[] BookReturns(int count)
    {
        var days = Market.Sample["AA"].Dates.Length;
        return [.. Enumerable.Range(days - count, count).Select(day => Symbols.Select((symbol, i) =>
        {
            var closes = Market.Sample[symbol].Closes;
            return Weights[i] * ((double)closes[day] / (double)closes[day - 1] - 1);
        }).Sum())];
    }

    static PriceSeries Newest(PriceSeries series, int? sessions) => sessions is not { } count ? series
        : series with { Dates = series.Dates[^count..], Closes = series.Closes[^count..] };
}

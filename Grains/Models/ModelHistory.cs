using System.Collections.Immutable;
using Trading.Learning;
using Trading.MarketData;

namespace Trading.Models;

/// <summary>What a model may look at: the one place where prices become statistics.</summary>
sealed record ModelHistory(
    SymbolHistory Symbol, IReadOnlyDictionary<DateOnly, double>? Market, ImmutableArray<ExternalSeries> External)
{
    /// <summary>Adjusted bars where every session of the series has one, else its closes.</summary>
    public static ModelHistory Of(
        PriceSeries series, BarPage? page, PriceSeries? market, ImmutableArray<ExternalSeries> external = default)
    {
        var bars = page?.Bars.Where(version => version.Verdict == Verdict.Accept && version.Adjusted is not null)
            .ToDictionary(version => DateOnly.FromDateTime(version.Bar.Time.UtcDateTime), version => version.Adjusted!.Value) ?? [];
        var whole = series.Dates.All(bars.ContainsKey);
        ImmutableArray<FeatureBar> history = [.. series.Dates.Select((date, i) => whole
            ? Of(date, bars[date])
            : FeatureBar.OfClose(date, (double)series.Closes[i]))];
        return new(SymbolHistory.Of(series.Symbol, history),
            market?.Dates.Zip(market.Closes).ToDictionary(pair => pair.First, pair => (double)pair.Second),
            external.IsDefault ? [] : external);
    }

    public FeatureTable Features(CancellationToken cancellation) =>
        FeatureTable.Of([Symbol], Market, External, cancellation);

    public LatestFeatures Latest() => LatestFeatures.Of(Symbol, Market, External);

    static FeatureBar Of(DateOnly session, Bar bar) => new(session, (double)bar.Open, (double)bar.High, (double)bar.Low,
        (double)bar.Close, bar.Volume is { } volume ? (double)volume : double.NaN);
}

using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Trading.Learning;
using Trading.MarketData;

namespace Trading.Models;

/// <summary>Brings what a model may look at from the grains of its symbol, of the market and of economic series, and
/// from the folder of published series.</summary>
public sealed partial class ModelHistories(
    IGrainFactory grains, PublishedFolder published, IOptions<ModelOptions> options, IOptions<PublishedOptions> publishing,
    ILogger<ModelHistories> log)
{
    internal ValueTask<SeriesUpdate> ReadSeriesAsync(string symbol, long newerThan) =>
        grains.GetGrain<ISymbolDataGrain>(symbol).GetSeriesAsync(newerThan);

    internal async Task<ModelHistory> ReadAsync(PriceSeries series)
    {
        var page = await grains.GetGrain<ISymbolDataGrain>(series.Symbol)
            .GetBarsAsync(new(BarInterval.OneDay, null, null, null, BarQuery.MaxLimit));
        PriceSeries? market = null;
        if (options.Value.Market is { Length: > 0 } name)
            market = (await ReadSeriesAsync(GrainKeys.Symbol(name), newerThan: 0)).Series;
        return ModelHistory.Of(series, page.Value, market,
            [.. await ReadMacroAsync(series), .. await ReadPublishedAsync(series)]);
    }

    async Task<ImmutableArray<ExternalSeries>> ReadMacroAsync(PriceSeries prices)
    {
        var known = ImmutableArray.CreateBuilder<ExternalSeries>();
        foreach (var name in options.Value.MacroSeries.Select(GrainKeys.MacroSeries).Distinct())
        {
            var macro = await grains.GetGrain<IMacroSeriesGrain>(name).GetAsync(new(null, null, null));
            var (series, problem) = MacroInputs.Of(macro, prices.Dates);
            if (series is not null) known.Add(series);
            else LogLeftOut(name, prices.Symbol, problem!);
        }

        return known.ToImmutable();
    }

    /// <summary>Files are read beside the turn.</summary>
    async Task<ImmutableArray<ExternalSeries>> ReadPublishedAsync(PriceSeries prices)
    {
        if (publishing.Value.Path.Length == 0) return [];
        var known = ImmutableArray.CreateBuilder<ExternalSeries>();
        foreach (var file in await BackgroundThread.RunAsync(published.Read, CancellationToken.None))
        {
            var (series, problem) = PublishedInputs.Of(file, prices.Symbol, prices.Dates, publishing.Value.MaxAge);
            if (series is not null) known.Add(series);
            else LogLeftOut(file.Name, prices.Symbol, problem!);
        }

        return known.ToImmutable();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The model of {Symbol} does without the series {Series}: {Problem}.")]
    partial void LogLeftOut(string series, string symbol, string problem);
}

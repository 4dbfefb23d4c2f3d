namespace Trading.MarketData;

/// <summary>One economic series with all its versions. Key: its name at the publisher, in upper case.</summary>
[Alias("trading.macro-series-grain")]
public interface IMacroSeriesGrain : IGrainWithStringKey
{
    [Traced]
    Task<MacroSeries> GetAsync(MacroQuery query);
}

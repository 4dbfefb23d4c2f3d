using System.Collections.Immutable;
using Trading.Quant;

namespace Trading.MarketData;

/// <summary>How a bad bar was spoilt.</summary>
enum BadTick
{
    /// <summary>High at ten times the price, or low at a tenth of it; open and close are true.</summary>
    Wick,
    /// <summary>The whole bar at ten times, or a tenth, of its price: a lost decimal point.</summary>
    Scale,
    /// <summary>The low above the high.</summary>
    Crossed,
    /// <summary>A close that is not above zero.</summary>
    NotPositive,
    /// <summary>The bar before, repeated, without volume.</summary>
    Stale,
}

/// <summary>What the synthetic market knows of one symbol and a source would not say.</summary>
/// <param name="MarketBeta">Units of the market's return in one of the symbol's; <paramref name="SectorBeta"/>
/// likewise of its sector's.</param>
/// <param name="Market">The process of the market; <paramref name="Sector"/> that of the symbol's sector, <paramref
/// name="Own"/> its own. Per bar, in log returns.</param>
/// <param name="Bars">Every bar as it truly was, also where the source leaves it out or gives it spoilt.</param>
/// <param name="Volatilities">Standard deviation of the log return of each of <paramref name="Bars"/> given the bars
/// before, jumps apart.</param>
/// <param name="Jumps">Times and log returns of the jumps: moves that are true, however large.</param>
/// <param name="Missing">Times that the source leaves out.</param>
/// <param name="BadBars">Times that the source gives spoilt, and how.</param>
sealed record SyntheticTruth(
    string Symbol,
    string SectorName,
    double MarketBeta,
    double SectorBeta,
    GarchModel Market,
    GarchModel Sector,
    GarchModel Own,
    ImmutableArray<Bar> Bars,
    ImmutableArray<double> Volatilities,
    ImmutableArray<CorporateAction> Actions,
    ImmutableArray<(DateTimeOffset Time, double Size)> Jumps,
    ImmutableArray<DateTimeOffset> Missing,
    ImmutableArray<(DateTimeOffset Time, BadTick Kind)> BadBars);

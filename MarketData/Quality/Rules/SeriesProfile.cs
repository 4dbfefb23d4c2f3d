using System.Collections.Immutable;

namespace Trading.MarketData;

/// <summary>A span of dates in which a symbol named one security.</summary>
/// <param name="To">Inclusive.</param>
sealed record Listing(DateOnly From, DateOnly To, string Security);

/// <summary>What is known of a series before its first bar.</summary>
/// <param name="Actions">Corporate actions in any order.</param>
/// <param name="Listings">What the symbol named when, oldest first; empty where nobody knows.</param>
sealed record SeriesProfile(
    AssetClass Kind, BarInterval Interval, ImmutableArray<CorporateAction> Actions, ImmutableArray<Listing> Listings)
{
    public SeriesProfile(AssetClass kind, BarInterval interval) : this(kind, interval, [], [])
    {
    }

    public ITradingCalendar Calendar { get; init; } = TradingCalendars.Of(Kind);

    /// <summary>False for a bar that says that nothing traded in it. Currencies have no volume to say so.</summary>
    public bool HasTrades(BarRecord record) => record.Bar.Volume != 0 || Kind == AssetClass.Fx;

    public BarLimits Limits { get; init; } = BarLimits.Of(Kind, Interval);
}

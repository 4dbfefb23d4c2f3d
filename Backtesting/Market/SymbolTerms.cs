using System.Collections.Immutable;
using Trading.MarketData;

namespace Trading.Backtests;

/// <summary>What holders of a perpetual future pay each other: longs pay shorts where the rate is positive.</summary>
public readonly record struct FundingRate(DateTimeOffset Time, double Rate);

/// <summary>The end of a listing, after the symbol's last bar.</summary>
/// <param name="Value">What a unit is settled at, in the currency of the listing; null for the last close.</param>
public sealed record Delisting(decimal? Value);

/// <summary>What is fixed of a symbol.</summary>
public sealed record SymbolTerms
{
    /// <summary>The smallest unit that trades; a coin of eight decimals where nothing is said.</summary>
    public const decimal SmallestLot = 0.00000001m;

    public AssetClass AssetClass { get; init; } = AssetClass.Equity;

    public string Currency { get; init; } = "USD";

    /// <summary>Null where it is not known.</summary>
    public string? Sector { get; init; }

    /// <summary>Quantities are multiples of it; at least <see cref="SmallestLot"/>.</summary>
    public decimal LotSize { get; init; } = SmallestLot;

    public Delisting? Delisting { get; init; }

    public ImmutableArray<CorporateAction> Actions { get; init; } = [];

    /// <summary>In order of time.</summary>
    public ImmutableArray<FundingRate> Funding { get; init; } = [];

    /// <summary>What holding a short position costs a year, as a fraction of its value; null for the rate of the
    /// run.</summary>
    public double? BorrowRate { get; init; }
}

/// <summary>The bid and ask of a bar's interval, in the order of the bars that they belong to.</summary>
/// <param name="LowestBid">No sale of the interval could be lower.</param>
/// <param name="HighestAsk">No purchase could be higher.</param>
/// <param name="Spread">Ask less bid at the opening.</param>
public readonly record struct BarQuote(decimal LowestBid, decimal HighestAsk, decimal Spread);

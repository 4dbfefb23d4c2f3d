using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Trading.MarketData;

namespace Trading.Portfolios;

/// <summary>A symbol that a person enabled again.</summary>
/// <param name="Executions">How often it was filled within the window when it was disabled.</param>
[GenerateSerializer, Immutable, Alias("trading.enabled-symbol")]
public sealed record EnabledSymbol(string Symbol, long Executions, string By, string Reason, DateTimeOffset At);

/// <summary>Whether a book hears from its caller.</summary>
/// <param name="TimeoutSeconds">Silence after which the session is lost; null where nothing watches it.</param>
[GenerateSerializer, Immutable, Alias("trading.session-status")]
public sealed record SessionStatus(bool Connected, double? TimeoutSeconds, DateTimeOffset HeardAt);

/// <summary>A holding. Quantity is negative when short; average cost is per unit, without fees. Prices and average
/// cost are in the currency of the instrument, everything else is in the book's; null while unknown.</summary>
[GenerateSerializer, Immutable, Alias("trading.position")]
public sealed record Position(
    string Symbol,
    string? Sector,
    decimal Quantity,
    decimal AverageCost,
    decimal? LastPrice,
    decimal? MarketValue,
    decimal? UnrealisedPnl,
    decimal RealisedPnl,
    double? Weight)
{
    /// <summary>The instant for which the last price is current; null while it is unknown.</summary>
    [Id(0)] public DateTimeOffset? PricedAt { get; init; }

    /// <summary>Why the quality of the symbol's data lets it only be reduced, as where its newest price was not accepted; null where it
    /// may trade.</summary>
    [Id(1)] public string? Doubt { get; init; }

    /// <summary>Of the prices; null for the book's.</summary>
    [Id(2)] public string? Currency { get; init; }

    /// <summary>What one unit of it is worth in the book's; null for the book's own, and while it is unknown.</summary>
    [Id(3)] public decimal? FxRate { get; init; }

    /// <summary>The part of the unrealised profit that the rate made: the cost in the instrument's currency at today's
    /// rate, less what it cost at the rates of its fills. Null for the book's own currency, and while it is
    /// unknown.</summary>
    [Id(4)] public decimal? FxPnl { get; init; }

    /// <summary>The same part of the realised profit; null for the book's own currency.</summary>
    [Id(5)] public decimal? RealisedFxPnl { get; init; }

    /// <summary>Units that whole lots can close; null where the lot is not known.</summary>
    [Id(6)] public decimal? Closable { get; init; }

    /// <summary>The currency that <see cref="Currency"/> counts as, by a setting and not by a market; null where a price
    /// is the rate.</summary>
    [Id(7)] public string? FxPeg { get; init; }
}

/// <summary>Cash of fills and fees whose exchange rate is not known. It is converted when one is.</summary>
/// <param name="Amount">Received; negative where it was paid.</param>
[GenerateSerializer, Immutable, Alias("trading.awaiting-cash")]
public sealed record AwaitingCash(string Currency, decimal Amount);

/// <summary>The book. Equity = cash + market value = deposits + realised + unrealised - fees; null while a held price is unknown.</summary>
[GenerateSerializer, Immutable, Alias("trading.portfolio-snapshot")]
public sealed record PortfolioSnapshot(
    string Portfolio,
    string Currency,
    bool AllowShort,
    long Sequence,
    decimal Cash,
    decimal Deposits,
    decimal Fees,
    decimal? MarketValue,
    decimal? Equity,
    decimal RealisedPnl,
    decimal? UnrealisedPnl,
    decimal? HighWaterMark,
    double? Drawdown,
    DateOnly? PricesAsOf,
    ImmutableArray<Position> Positions,
    ImmutableArray<Reservation> Reservations)
{
    /// <summary>Whose day is the book's.</summary>
    [Id(2), JsonConverter(typeof(SnakeCaseEnumConverter<AssetClass>))]
    public AssetClass Market { get; init; } = AssetClass.Crypto;

    /// <summary>The part of the realised and unrealised profit that exchange rates made; null while it is
    /// unknown.</summary>
    [Id(0)] public decimal? FxPnl { get; init; }

    /// <summary>Cash that no rate converts yet; while there is any, equity is unknown.</summary>
    [Id(1)] public ImmutableArray<AwaitingCash> Awaiting { get; init; } = [];
}

using System.Text.Json.Serialization;

namespace Trading.Backtests;

/// <summary>Which way a price went inside a bar, of which only four prices are known.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<IntrabarPath>))]
public enum IntrabarPath
{
    /// <summary>From the open to the nearer of high and low, to the other, to the close.</summary>
    NearestFirst,
    HighFirst,
    LowFirst,
}

/// <summary>What trading costs. Fractions are of the price; money is in the currency of the listing.</summary>
public sealed record CostOptions
{
    public SpreadSource Spread { get; init; } = SpreadSource.Fixed;

    /// <summary>Ask less bid, where the spread is fixed or not yet to be estimated.</summary>
    public double SpreadFraction { get; init; } = 0.0005;

    /// <summary>Every spread is so many times as wide.</summary>
    public double SpreadMultiple { get; init; } = 1;

    /// <summary>The name of a <see cref="CommissionSchedule"/>.</summary>
    public string Commission { get; init; } = CommissionSchedule.UsBrokerFixed.Name;

    /// <summary>A schedule of the user's own, which wins over <see cref="Commission"/>; null for none.</summary>
    public CommissionSchedule? Schedule { get; init; }

    /// <summary>Y of the square-root law: a day's volatility times Y times the root of the part of a day's
    /// volume.</summary>
    public double Impact { get; init; } = 0.8;

    /// <summary>After so long half of what an own order has moved has come back by a power law: the volume that still
    /// counts falls as 1 / (1 + t / τ), and the price with its root.</summary>
    public double ImpactDecayMinutes { get; init; } = 30;

    /// <summary>Part of a day's volatility that a taker pays beyond the spread.</summary>
    public double VolatilitySlippage { get; init; }

    /// <summary>What a taker pays for each part of the bar's volume that it takes.</summary>
    public double VolumeSlippage { get; init; }

    /// <summary>A year, for shares that are borrowed.</summary>
    public double BorrowRate { get; init; } = 0.01;

    /// <summary>A year, on cash: of credit, and of debit.</summary>
    public double CreditRate { get; init; }

    public double DebitRate { get; init; } = 0.06;

    /// <summary>What the tax keeps of dividends.</summary>
    public double DividendTax { get; init; }

    /// <summary>What changing money costs, of its value.</summary>
    public double ConversionFraction { get; init; } = 0.0002;

    /// <summary>Nothing costs anything.</summary>
    public static CostOptions Zero { get; } = new()
    {
        Spread = SpreadSource.None,
        Commission = CommissionSchedule.None.Name,
        Impact = 0,
        BorrowRate = 0,
        DebitRate = 0,
        ConversionFraction = 0,
    };
}

/// <summary>How orders are carried out.</summary>
public sealed record ExecutionOptions
{
    public double LatencyMilliseconds { get; init; } = 50;

    /// <summary>The part of a bar's volume that all orders of a run may take together; null for no bound.</summary>
    public double? MaxParticipation { get; init; } = 0.1;

    public IntrabarPath Path { get; init; } = IntrabarPath.NearestFirst;

    /// <summary>Whether a waiting limit order needs a price beyond its own, and not only at it.</summary>
    public bool LimitNeedsTradeThrough { get; init; } = true;

    /// <summary>Whether nothing is bought above the bar's highest ask, or sold below its lowest bid, whatever the
    /// models say: such an order waits. Where bars come without quotes, their high and low count.</summary>
    public bool WithinRange { get; init; }

    /// <summary>Units traded a day where the bars do not say; null for unknown.</summary>
    public double? AssumedDailyVolume { get; init; }

    /// <summary>Of a day, until enough bars are known.</summary>
    public double AssumedDailyVolatility { get; init; } = 0.02;
}

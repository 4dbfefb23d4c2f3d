using System.Text.Json.Serialization;

namespace Trading.Risk;

/// <summary>What a book may do at all.</summary>
[GenerateSerializer, JsonConverter(typeof(SnakeCaseEnumConverter<TradingMode>))]
public enum TradingMode
{
    Active,
    /// <summary>Only orders that close a position may trade, until a person changes the mode.</summary>
    Reducing,
    /// <summary>The same, reported as <see cref="RiskRule.Halted"/>. A book is halted while it is stopped.</summary>
    Halted,
}

/// <summary>The circuit breakers of a book, in the order in which they are reported, and what each of them measures.</summary>
[GenerateSerializer, JsonConverter(typeof(SnakeCaseEnumConverter<BreakerName>))]
public enum BreakerName
{
    /// <summary>Loss since the close before the newest session, as a fraction of the equity at that close.</summary>
    DailyLoss,
    /// <summary>1 - equity / its high, marked to market. After a person's reset the high begins anew at the equity of that moment.</summary>
    Drawdown,
    /// <summary>The 95 % value at risk with every open order at its worst, over its limit: 1 is at the limit.</summary>
    ValueAtRisk,
    /// <summary>EWMA volatility of the book's profit and loss over its root mean square in the risk window: 1 is as usual.</summary>
    Volatility,
    /// <summary>Failed orders to the broker among the last <see cref="BreakerSettings.Window"/>, as a share of the window.</summary>
    ErrorRate,
    /// <summary>Share of the symbols held that have no price, or one older than <see cref="RiskLimits.MaxPriceAgeSeconds"/>.</summary>
    DataOutage,
    /// <summary>Refusals within the last <see cref="BreakerSettings.Window"/> seconds; those by a breaker or a mode do not count.</summary>
    RepeatedDenials,
}

/// <summary>Where a breaker stands.</summary>
[GenerateSerializer, JsonConverter(typeof(SnakeCaseEnumConverter<BreakerState>))]
public enum BreakerState
{
    /// <summary>Trading is open.</summary>
    Closed,
    /// <summary>Only orders that close a position may trade. Left when the measure is at most the clear level or, where the settings ask
    /// for it, when a person resets the breaker.</summary>
    Tripped,
    /// <summary>Like tripped, for the cooling time and until the measure is at most the clear level.</summary>
    Cooling,
    /// <summary>Trading is open up to a share of the usual order; closes after a time, while the measure is at most the clear level.</summary>
    HalfOpen,
}

/// <summary>Who lets a tripped breaker go on.</summary>
[GenerateSerializer, JsonConverter(typeof(SnakeCaseEnumConverter<BreakerReset>))]
public enum BreakerReset
{
    /// <summary>Nobody: it goes on when the measure is at most the clear level. A person may be earlier.</summary>
    Automatic,
    /// <summary>A person, with a reason.</summary>
    Person,
    /// <summary>A person, and a second one.</summary>
    TwoPersons,
}

/// <summary>The settings of one breaker. Levels are in the unit of its measure, see <see cref="BreakerName"/>.</summary>
/// <param name="Trip">The breaker trips above this level.</param>
/// <param name="Clear">It goes on at or below this one, which is at most <paramref name="Trip"/>.</param>
/// <param name="CoolingSeconds">How long it cools at least.</param>
/// <param name="HalfOpenSeconds">How long it is half open at least.</param>
/// <param name="HalfOpenCap">The largest order while it is half open, as a share of <see cref="RiskLimits.MaxOrderNotional"/>; without
/// that limit nothing but reductions passes.</param>
/// <param name="Window">Of <see cref="BreakerName.ErrorRate"/> in orders, of <see cref="BreakerName.RepeatedDenials"/> in seconds; zero for
/// the others.</param>
[GenerateSerializer, Immutable, Alias("trading.breaker-settings")]
public sealed record BreakerSettings(
    [property: Id(0)] double Trip,
    [property: Id(1)] double Clear,
    [property: Id(2)] double CoolingSeconds,
    [property: Id(3)] double HalfOpenSeconds,
    [property: Id(4)] double HalfOpenCap,
    [property: Id(5)] BreakerReset Reset,
    [property: Id(6)] int Window = 0);

/// <summary>The breakers of a book; null means that there is no such breaker.</summary>
[GenerateSerializer, Immutable, Alias("trading.breakers")]
public sealed record Breakers
{
    [Id(0)] public BreakerSettings? DailyLoss { get; init; }
    [Id(1)] public BreakerSettings? Drawdown { get; init; }
    [Id(2)] public BreakerSettings? ValueAtRisk { get; init; }
    [Id(3)] public BreakerSettings? Volatility { get; init; }
    [Id(4)] public BreakerSettings? ErrorRate { get; init; }
    [Id(5)] public BreakerSettings? DataOutage { get; init; }
    [Id(6)] public BreakerSettings? RepeatedDenials { get; init; }

    /// <summary>Whether a stopped book needs a second person to be resumed.</summary>
    [Id(7)] public bool SecondPersonToResume { get; init; }

    public BreakerSettings? Of(BreakerName name) => name switch
    {
        BreakerName.DailyLoss => DailyLoss,
        BreakerName.Drawdown => Drawdown,
        BreakerName.ValueAtRisk => ValueAtRisk,
        BreakerName.Volatility => Volatility,
        BreakerName.ErrorRate => ErrorRate,
        BreakerName.DataOutage => DataOutage,
        BreakerName.RepeatedDenials => RepeatedDenials,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such breaker."),
    };

    /// <summary>The same with one breaker set otherwise.</summary>
    public Breakers With(BreakerName name, BreakerSettings? settings) => name switch
    {
        BreakerName.DailyLoss => this with { DailyLoss = settings },
        BreakerName.Drawdown => this with { Drawdown = settings },
        BreakerName.ValueAtRisk => this with { ValueAtRisk = settings },
        BreakerName.Volatility => this with { Volatility = settings },
        BreakerName.ErrorRate => this with { ErrorRate = settings },
        BreakerName.DataOutage => this with { DataOutage = settings },
        BreakerName.RepeatedDenials => this with { RepeatedDenials = settings },
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such breaker."),
    };

    /// <summary>What a new book starts with. A loss needs a person; what heals by itself closes by itself. Refusals are answers, so that a
    /// desk chooses for itself how many of them are too many.</summary>
    public static Breakers Default { get; } = new()
    {
        DailyLoss = new(0.05, 0.03, 900, 900, 0.25, BreakerReset.Person),
        Drawdown = new(0.15, 0.10, 3_600, 3_600, 0.25, BreakerReset.Person),
        ValueAtRisk = new(1.0, 0.9, 300, 300, 0.5, BreakerReset.Automatic),
        Volatility = new(2.5, 1.75, 900, 900, 0.5, BreakerReset.Automatic),
        ErrorRate = new(0.25, 0.10, 300, 300, 0.25, BreakerReset.Person, Window: 20),
        DataOutage = new(0.5, 0.2, 60, 60, 0.5, BreakerReset.Automatic),
    };
}

using System.Text.Json.Serialization;

namespace Trading.MarketData;

/// <summary>What traded in one interval, in the currency of the listing, as the source gave it: never adjusted for
/// splits or dividends.</summary>
/// <param name="Time">The start of the interval, UTC. A daily bar of an exchange starts at midnight UTC of its
/// session's date.</param>
/// <param name="Volume">Units traded; null where the source knows none, which is not the same as zero.</param>
public readonly record struct Bar(
    DateTimeOffset Time, decimal Open, decimal High, decimal Low, decimal Close, decimal? Volume)
{
    /// <summary>A bar of which only the close is known.</summary>
    public static Bar OfClose(DateTimeOffset time, decimal close) => new(time, close, close, close, close, null);
}

/// <summary>The length of a bar, written as exchanges write it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BarInterval>))]
public enum BarInterval
{
    [JsonStringEnumMemberName("1m")] OneMinute,
    [JsonStringEnumMemberName("5m")] FiveMinutes,
    [JsonStringEnumMemberName("15m")] FifteenMinutes,
    [JsonStringEnumMemberName("1h")] OneHour,
    [JsonStringEnumMemberName("1d")] OneDay,
}

/// <summary>What kind of thing a symbol is; sources, calendars and quality rules differ by it.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<AssetClass>))]
public enum AssetClass
{
    /// <summary>Shares and funds of an exchange that keeps sessions and holidays.</summary>
    Equity,
    /// <summary>Trades at all hours of all days.</summary>
    Crypto,
    /// <summary>Trades from Sunday evening to Friday evening, New York time.</summary>
    Fx,
}

/// <summary>What the quality rules say of one bar.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<Verdict>))]
public enum Verdict
{
    /// <summary>Good enough for every number. It may still carry the rule that noticed something true but
    /// unusual.</summary>
    Accept,
    /// <summary>Doubtful: kept and listed, in no number until confirmed by what follows, by a second source, or by a
    /// person.</summary>
    Quarantine,
    /// <summary>Impossible: kept as evidence, never in a number.</summary>
    Reject,
}

[JsonConverter(typeof(SnakeCaseEnumConverter<CorporateActionKind>))]
public enum CorporateActionKind
{
    /// <summary><see cref="CorporateAction.Value"/> new units for one old: 7 for a 7:1 split, 0.1 for 1:10.</summary>
    Split,
    /// <summary><see cref="CorporateAction.Value"/> in cash for one unit.</summary>
    Dividend,
    /// <summary>What a fund pays out of its gains: <see cref="CorporateAction.Value"/> in cash for one unit.</summary>
    CapitalGain,
    /// <summary>It trades no more: <see cref="CorporateAction.Value"/> in cash for one unit, which ends.</summary>
    Delisting,
    /// <summary>It trades under <see cref="CorporateAction.NewSymbol"/> from then on, unit for unit.</summary>
    SymbolChange,
}

/// <param name="ExDate">The first session that trades without it.</param>
/// <param name="Value">Positive, or zero for a delisting without value; what it counts says <paramref name="Kind"/>. 1 for a
/// change of symbol.</param>
public sealed record CorporateAction(DateOnly ExDate, CorporateActionKind Kind, decimal Value)
{
    /// <summary>Null but for a change of symbol.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? NewSymbol { get; init; }

    public static CorporateAction Renamed(DateOnly exDate, string newSymbol) =>
        new(exDate, CorporateActionKind.SymbolChange, 1) { NewSymbol = newSymbol };
}

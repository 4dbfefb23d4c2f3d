using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Trading.Risk;

[GenerateSerializer, JsonConverter(typeof(SnakeCaseEnumConverter<Weekday>))]
public enum Weekday
{
    Sunday,
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
}

/// <summary>When a book may trade, by the clock of one place.</summary>
/// <param name="TimeZone">IANA name, for example <c>America/New_York</c>.</param>
/// <param name="Open">The first moment of trading.</param>
/// <param name="Close">The first moment after it; where it is not after <paramref name="Open"/>, on the next day.</param>
/// <param name="Weekdays">Days on which trading opens.</param>
[GenerateSerializer, Immutable, Alias("trading.trading-hours")]
public sealed record TradingHours(string TimeZone, TimeOnly Open, TimeOnly Close, ImmutableArray<Weekday> Weekdays);

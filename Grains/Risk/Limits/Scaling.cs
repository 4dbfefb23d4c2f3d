using System.Collections.Immutable;
using System.Globalization;

namespace Trading.Risk;

/// <summary>A dynamic rule that changes limits now.</summary>
readonly record struct ScaledBy(string Rule, double Factor, ImmutableArray<string> Limits);

/// <summary>The factors of the dynamic rules. Unknown never loosens: the smallest factor of a rule holds
/// then.</summary>
static class Scaling
{
    static readonly ImmutableArray<string> Exposures =
        ["max_order_notional", "max_position_weight", "max_gross_exposure", "max_net_exposure", "max_sector_exposure"];

    static readonly ImmutableArray<string> Tails = ["max_value_at_risk_95", "max_expected_shortfall_97_5"];

    static readonly ImmutableArray<string> Both = [.. Exposures, .. Tails];

    /// <summary>Measured factors move in steps of one over this.</summary>
    const double Steps = 20;

    /// <summary>Of a step: a quotient that misses it by no more was meant to be it.</summary>
    const double Rounding = 1e-9;

    /// <summary>The rules whose factor is not 1. Volatility scales exposures only: the tail measures follow it by
    /// themselves.</summary>
    public static IEnumerable<ScaledBy> Of(DynamicLimits rules, LimitInputs inputs, DateTimeOffset now) =>
        new ScaledBy[]
    {
        new(
            "volatility", rules.Volatility is { } volatility ? Volatility(volatility, inputs.Volatility) : 1,
            Exposures),
        new("time_of_day", rules.TimeOfDay is { } window && IsWithin(window, now) ? window.Factor : 1, Both),
        new(
            "data_quality",
            rules.DataQuality is { } quality && !(inputs.OldestPriceSeconds <= quality.MaxAgeSeconds)
                ? quality.Factor
                : 1,
            Both),
    }.Where(scaled => scaled.Factor != 1);

    public static bool LooksAtTheBook(DynamicLimits? rules) =>
        rules is { Volatility: not null } or { DataQuality: not null };

    public static double Volatility(VolatilityScaling rule, double? volatility) => volatility is { } measured
        ? Math.Max(
            rule.Least,
            Math.Min(
                rule.Most,
                measured > 0 ? Math.Floor((rule.Target / measured * Steps) + Rounding) / Steps : rule.Most))
        : rule.Least;

    public static bool IsWithin(TimeOfDayScaling window, DateTimeOffset now)
    {
        var local = TimeOnly.FromTimeSpan(
            TimeZoneInfo.ConvertTime(now, TimeZoneInfo.FindSystemTimeZoneById(window.TimeZone)).TimeOfDay);
        return TryMinute(window.From, out var from) && TryMinute(window.To, out var to)
            && (from == to || local.IsBetween(from, to));
    }

    /// <summary>Everything that is wrong with the rules; field names are those of the JSON form.</summary>
    public static ImmutableArray<FieldError> Check(DynamicLimits? rules) => rules is null ? [] : FieldErrors.Collect(
    [
        Unless(
            rules.Volatility is not { Target: not (> 0 and <= 10) }, "volatility.target",
            "a fraction over 0, at most 10"),
        Unless(rules.Volatility is not { Least: not (> 0 and <= 1) }, "volatility.least", "over 0, at most 1"),
        Unless(rules.Volatility is not { Most: not (>= 1 and <= 10) }, "volatility.most", "from 1 to 10"),
        Unless(
            rules.TimeOfDay is null || TryMinute(rules.TimeOfDay.From, out _), "time_of_day.from",
            "a time of day as HH:mm"),
        Unless(
            rules.TimeOfDay is null || TryMinute(rules.TimeOfDay.To, out _), "time_of_day.to",
            "a time of day as HH:mm"),
        Unless(
            rules.TimeOfDay is null || TimeZoneInfo.TryFindSystemTimeZoneById(rules.TimeOfDay.TimeZone, out _),
            "time_of_day.time_zone", "the IANA name of a time zone"),
        Unless(rules.TimeOfDay is not { Factor: not (>= 0 and <= 10) }, "time_of_day.factor", "from 0 to 10"),
        Unless(
            rules.DataQuality is not { MaxAgeSeconds: not (> 0 and <= LimitRules.MaxAgeSeconds) },
            "data_quality.max_age_seconds", "over 0, at most ten years"),
        Unless(rules.DataQuality is not { Factor: not (>= 0 and <= 1) }, "data_quality.factor", "from 0 to 1"),
    ]);

    static FieldError? Unless(bool holds, string field, string words) =>
        holds ? null : new($"dynamic.{field}", "range", $"dynamic.{field} must be {words}.");

    static bool TryMinute(string? text, out TimeOnly time) =>
        TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out time);
}

using System.Collections.Immutable;

namespace Trading.Risk;

/// <summary>Which limits can be set, and what a change of them does to their history.</summary>
/// <remarks>Limits are judged one by one. One that another makes idle is allowed, such as a value-at-risk limit above that of the
/// expected shortfall: refusing it would stand between a desk and a tightening.</remarks>
public static class LimitRules
{
    /// <summary>Versions kept beside the one in force; older ones are dropped, and <see cref="LimitsHistory.Dropped"/> counts them.</summary>
    public const int MaxEarlierVersions = 100;

    /// <summary>The longest reason of a change, in characters.</summary>
    public const int MaxReasonLength = 500;

    /// <summary>The largest amount of money in a limit.</summary>
    public const decimal MaxMoney = 1e18m;

    /// <summary>The largest exposure limit, as a multiple of equity.</summary>
    public const double MaxLeverage = 100;

    /// <summary>The largest age limit of a price, in seconds: ten years.</summary>
    public const double MaxAgeSeconds = 315_360_000;

    /// <summary>The longest life of an approval, in seconds: a day.</summary>
    public const double MaxReservationSeconds = 86_400;

    /// <summary>Everything that is wrong with a change, in the order of its fields.</summary>
    public static ImmutableArray<FieldError> Check(LimitsChange change) => change.Limits is null
        ? [new("limits", "required", "limits is missing."), .. CheckAuthor(change)]
        : [.. Check(change.Limits), .. CheckAuthor(change)];

    /// <summary>Everything that is wrong with limits; field names are those of the JSON form.</summary>
    public static ImmutableArray<FieldError> Check(RiskLimits limits) => FieldErrors.Collect(
    [
        Within("max_order_notional", limits.MaxOrderNotional, 0m, MaxMoney),
        Within("max_position_weight", limits.MaxPositionWeight, 0, MaxLeverage),
        Within("max_gross_exposure", limits.MaxGrossExposure, 0, MaxLeverage),
        Within("max_net_exposure", limits.MaxNetExposure, 0, MaxLeverage),
        Within("max_sector_exposure", limits.MaxSectorExposure, 0, MaxLeverage),
        Within("max_value_at_risk_95", limits.MaxValueAtRisk95, 0, 1),
        Within("max_expected_shortfall_97_5", limits.MaxExpectedShortfall975, 0, 1),
        Within("max_drawdown", limits.MaxDrawdown, 0, 1),
        Within("min_cash", limits.MinCash, -MaxMoney, MaxMoney),
        limits.MaxPriceAgeSeconds is <= 0
            ? new("max_price_age_seconds", "positive", "max_price_age_seconds must be more than zero; no price has that age.")
            : Within("max_price_age_seconds", limits.MaxPriceAgeSeconds, 0, MaxAgeSeconds),
        Within("reservation_seconds", limits.ReservationSeconds, 1, MaxReservationSeconds),
    ]);

    /// <summary>The versions after a well-formed change, newest first, or the conflict with the version that it did not expect.</summary>
    public static Outcome<ImmutableArray<LimitsVersion>> Change(
        ImmutableArray<LimitsVersion> versions, LimitsChange change, DateTimeOffset now)
    {
        var current = versions[0].Version;
        if (change.ExpectedVersion is { } expected && expected != current)
            return Outcome.Conflict<ImmutableArray<LimitsVersion>>("expected_version", "current",
                FormattableString.Invariant($"expected_version is {expected}; version {current} is in force."));
        var next = new LimitsVersion(current + 1, change.Limits, change.ChangedBy, now, change.Reason);
        return Outcome.Done<ImmutableArray<LimitsVersion>>([next, .. versions.Take(MaxEarlierVersions)]);
    }

    static ImmutableArray<FieldError> CheckAuthor(LimitsChange change) => FieldErrors.Collect(
    [
        Text("changed_by", change.ChangedBy, GrainKeys.MaxLength),
        Text("reason", change.Reason, MaxReasonLength),
    ]);

    static FieldError? Text(string field, string? text, int maxLength) => text switch
    {
        _ when string.IsNullOrWhiteSpace(text) => new(field, "required", $"{field} is missing."),
        { Length: var length } when length > maxLength =>
            new(field, "max_length", FormattableString.Invariant($"{field} must have at most {maxLength} characters; it has {length}.")),
        _ when text!.Any(char.IsControl) => new(field, "printable", $"{field} must be one line without control characters."),
        _ => null,
    };

    /// <summary>Null, or an error where the value is not inside the range; NaN never is.</summary>
    static FieldError? Within<T>(string field, T? value, T least, T most) where T : struct, IComparable<T>, IFormattable =>
        value is not { } number || (number.CompareTo(least) >= 0 && number.CompareTo(most) <= 0)
            ? null
            : new(field, "range", FormattableString.Invariant($"{field} must be a number from {least} to {most}; it is {number}."));
}

using System.Collections.Immutable;

namespace Trading.Risk;

/// <summary>Which limits can be set, and what a change of them does to their history.</summary>
/// <remarks>Limits are judged one by one. One that another makes idle is allowed, such as a value-at-risk limit above
/// that of the expected shortfall: refusing it would stand between a desk and a tightening.</remarks>
public static class LimitRules
{
    /// <summary>Versions kept beside the one in force; older ones are dropped, and <see cref="LimitsHistory.Dropped"/>
    /// counts them.</summary>
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

    /// <summary>The longest window of a rule that counts over time, in seconds: what a book remembers.</summary>
    public const double MaxWindowSeconds = 600;

    /// <summary>The most messages in a window: what a book remembers.</summary>
    public const long MaxMessages = 4_096;

    /// <summary>The most fills in a window: what a book remembers of each side of a symbol.</summary>
    public const long MaxExecutions = 63;

    /// <summary>The most restricted symbols.</summary>
    public const int MaxRestricted = 1_000;

    /// <summary>Everything that is wrong with a change, in the order of its fields.</summary>
    public static ImmutableArray<FieldError> Check(LimitsChange change) => change.Limits is null
        ? [new("limits", "required", "limits is missing."), .. CheckAuthor(change)]
        : [.. CheckMember(change.Limits), .. CheckAuthor(change)];

    /// <summary>Everything that is wrong with limits that are the member <c>limits</c> of something, by the names that they have in
    /// it.</summary>
    public static IEnumerable<FieldError> CheckMember(RiskLimits limits) => Check(limits)
        .Select(error => error with { Field = $"limits.{error.Field}", Message = $"limits.{error.Message}" });

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
            ? new(
                "max_price_age_seconds", "positive",
                "max_price_age_seconds must be more than zero; no price has that age.")
            : Within("max_price_age_seconds", limits.MaxPriceAgeSeconds, 0, MaxAgeSeconds),
        Within("reservation_seconds", limits.ReservationSeconds, 1, MaxReservationSeconds),
        .. Restricted(limits.RestrictedSymbols),
        .. Hours(limits.TradingHours),
        Within("max_price_deviation", limits.MaxPriceDeviation, 0, MaxLeverage),
        Within("max_price_move", limits.MaxPriceMove, 0, MaxLeverage),
        Within("price_move_seconds", limits.PriceMoveSeconds, 1, MaxWindowSeconds),
        Within("max_order_quantity", limits.MaxOrderQuantity, 0m, OrderValidator.MaxQuantity),
        Within("min_order_notional", limits.MinOrderNotional, 0m, MaxMoney),
        Within("max_window_quantity", limits.MaxWindowQuantity, 0m, MaxMoney),
        Within("max_window_notional", limits.MaxWindowNotional, 0m, MaxMoney),
        Within("window_seconds", limits.WindowSeconds, 1, MaxWindowSeconds),
        Within("duplicate_window_seconds", limits.DuplicateWindowSeconds, 0, MaxWindowSeconds),
        Within("max_messages", limits.MaxMessages, 0, MaxMessages),
        Within("message_window_seconds", limits.MessageWindowSeconds, 0.001, MaxWindowSeconds),
        Within("max_repeated_executions", limits.MaxRepeatedExecutions, 1, MaxExecutions),
        Within("repeated_execution_seconds", limits.RepeatedExecutionSeconds, 0.001, MaxWindowSeconds),
        Within("max_long_position", limits.MaxLongPosition, 0m, MaxMoney),
        Within("max_short_position", limits.MaxShortPosition, 0m, MaxMoney),
        Within("max_intraday_position", limits.MaxIntradayPosition, 0m, MaxMoney),
        Within("max_strategy_exposure", limits.MaxStrategyExposure, 0, MaxLeverage),
        Within("max_concentration", limits.MaxConcentration, 0, 1),
        Within("initial_margin", limits.InitialMargin, 0, MaxLeverage),
        Within("max_value_at_risk_99", limits.MaxValueAtRisk99, 0, 1),
        Within("max_incremental_value_at_risk", limits.MaxIncrementalValueAtRisk, 0, 1),
        Within("correlation_threshold", limits.CorrelationThreshold, -1, 1),
        Within("correlation_free_weight", limits.CorrelationFreeWeight, 0, MaxLeverage),
        Within("max_volume_share", limits.MaxVolumeShare, 0, MaxLeverage),
        Within("max_daily_loss", limits.MaxDailyLoss, 0, 1),
        Within("min_confidence", limits.MinConfidence, 0, 1),
        Within("heartbeat_seconds", limits.HeartbeatSeconds, 1, MaxReservationSeconds),
        .. Scaling.Check(limits.Dynamic),
        .. BreakerValidator.Check(limits.Breakers),
    ]);

    /// <summary>The versions after a well-formed change, newest first, or the conflict with the version that it did not
    /// expect.</summary>
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

    static ImmutableArray<FieldError> Restricted(ImmutableArray<string> symbols) => FieldErrors.Collect(
    [
        symbols.Length > MaxRestricted
            ? new(
                "restricted_symbols", "max_items",
                FormattableString.Invariant(
                    $"restricted_symbols can hold at most {MaxRestricted}; it holds {symbols.Length}."))
            : null,
        .. symbols.Take(MaxRestricted).Select((symbol, index) =>
            GrainKeys.IsSymbol(symbol) && GrainKeys.Symbol(symbol) == symbol
                ? null
                : new FieldError(
                    "restricted_symbols" + FieldErrors.At(index), "form",
                    $"restricted_symbols{FieldErrors.At(index)} must be a ticker in capitals.")),
    ]);

    static ImmutableArray<FieldError> Hours(TradingHours? hours) => hours is null ? [] : FieldErrors.Collect(
    [
        MarketHours.Knows(hours.TimeZone)
            ? null
            : new(
                "trading_hours.time_zone", "unknown",
                $"trading_hours.time_zone must be an IANA time zone; it is '{hours.TimeZone}'."),
        hours.Weekdays.IsDefaultOrEmpty
            ? new(
                "trading_hours.weekdays", "required",
                "trading_hours.weekdays must name the days on which trading opens.")
            : null,
        .. (hours.Weekdays.IsDefault ? [] : hours.Weekdays).Select((day, index) => Enum.IsDefined(day)
            ? null
            : new FieldError(
                "trading_hours.weekdays" + FieldErrors.At(index), "one_of",
                $"trading_hours.weekdays{FieldErrors.At(index)} must be a day of the week.")),
    ]);

    static ImmutableArray<FieldError> CheckAuthor(LimitsChange change) => FieldErrors.Collect(
    [
        Text("by", change.ChangedBy, GrainKeys.MaxLength),
        Text("reason", change.Reason, MaxReasonLength),
    ]);

    internal static FieldError? Text(string field, string? text, int maxLength) => text switch
    {
        _ when string.IsNullOrWhiteSpace(text) => new(field, "required", $"{field} is missing."),
        { Length: var length } when length > maxLength =>
            new(
                field, "max_length",
                FormattableString.Invariant($"{field} must have at most {maxLength} characters; it has {length}.")),
        _ when text!.Any(char.IsControl) =>
            new(field, "printable", $"{field} must be one line without control characters."),
        _ => null,
    };

    /// <summary>Null, or an error where the value is not inside the range; NaN never is.</summary>
    static FieldError? Within<T>(string field, T? value, T least, T most)
        where T : struct, IComparable<T>, IFormattable =>
        value is not { } number || (number.CompareTo(least) >= 0 && number.CompareTo(most) <= 0)
            ? null
            : new(
                field, "range",
                FormattableString.Invariant($"{field} must be a number from {least} to {most}; it is {number}."));
}

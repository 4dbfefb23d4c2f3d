using System.Collections.Immutable;
using System.Globalization;
using Trading.Risk;

namespace Trading.Api;

/// <summary>A change of limits as a request brings it.</summary>
internal sealed class LimitsBody
{
    public string? Portfolio { get; private set; }
    public string ChangedBy { get; private set; } = "";
    public string Reason { get; private set; } = "";
    public long? ExpectedVersion { get; private set; }
    public LimitsPatch Limits { get; private set; } = new();

    public static readonly Shape<LimitsBody> Shape = new Shape<LimitsBody>()
        .Who((body, value) => body.ChangedBy = value, "Who changes the limits.", "risk-desk", earlier: "changed_by")
        .Required("reason", Kinds.Text, (body, value) => body.Reason = value, "Why.", "Quarterly review")
        .Required("limits", LimitsPatch.Shape, (body, value) => body.Limits = value,
            "The limits to replace: one that is absent stays as it is, null means no limit of that kind.")
        .Optional("expected_version", Kinds.Whole, (body, value) => body.ExpectedVersion = value,
            "Refuses the change with 409 where another version is in force.", 1)
        .Optional("portfolio", Kinds.PortfolioId, (body, value) => body.Portfolio = value, "The book; absent for the default one.");
}

/// <summary>The limits that a change replaces; the others stay.</summary>
internal sealed class LimitsPatch
{
    readonly List<Func<RiskLimits, RiskLimits>> _changes = [];

    public RiskLimits ApplyTo(RiskLimits limits) => _changes.Aggregate(limits, (changed, change) => change(changed));

    LimitsPatch And(Func<RiskLimits, RiskLimits> change)
    {
        _changes.Add(change);
        return this;
    }

    public static readonly Shape<LimitsPatch> Shape = new Shape<LimitsPatch>()
        .Settable("halted", Kinds.Flag, (patch, value) => patch.And(limits => limits with { Halted = value }),
            "True refuses every order that does not reduce a position.")
        .Clearable("max_order_notional", Kinds.Decimal, (patch, value) => patch.And(limits => limits with { MaxOrderNotional = value }),
            "Of one order, in the book's currency.", 250_000)
        .Clearable("max_position_weight", Kinds.Double, (patch, value) => patch.And(limits => limits with { MaxPositionWeight = value }),
            "Of one position, as a fraction of equity.", 0.08)
        .Clearable("max_gross_exposure", Kinds.Double, (patch, value) => patch.And(limits => limits with { MaxGrossExposure = value }),
            "Sum of absolute market values over equity.")
        .Clearable("max_net_exposure", Kinds.Double, (patch, value) => patch.And(limits => limits with { MaxNetExposure = value }),
            "Absolute sum of market values over equity.")
        .Clearable("max_sector_exposure", Kinds.Double, (patch, value) => patch.And(limits => limits with { MaxSectorExposure = value }),
            "Of one sector, as a fraction of equity.")
        .Clearable("max_value_at_risk_95", Kinds.Double, (patch, value) => patch.And(limits => limits with { MaxValueAtRisk95 = value }),
            "One-day loss at 95 %, as a fraction of equity.")
        .Clearable("max_expected_shortfall_97_5", Kinds.Double, (patch, value) => patch.And(limits => limits with { MaxExpectedShortfall975 = value }),
            "One-day mean loss beyond 97.5 %, as a fraction of equity.")
        .Clearable("max_drawdown", Kinds.Double, (patch, value) => patch.And(limits => limits with { MaxDrawdown = value }),
            "1 - equity / high-water mark.")
        .Clearable("min_cash", Kinds.Decimal, (patch, value) => patch.And(limits => limits with { MinCash = value }),
            "The cash that must remain after the trade, in the book's currency.")
        .Clearable("max_price_age_seconds", Kinds.Double, (patch, value) => patch.And(limits => limits with { MaxPriceAgeSeconds = value }),
            "The age from which a price is stale.")
        .Settable("reservation_seconds", Kinds.Double, (patch, value) => patch.And(limits => limits with { ReservationSeconds = value }),
            "How long an approval holds its exposure without a fill.")
        .Settable("restricted_symbols", Kinds.ArrayOf(Kinds.Symbol, 1_000, 64 * 1024),
            (patch, value) => patch.And(limits => limits with { RestrictedSymbols = [.. value.Select(GrainKeys.Symbol)] }), "Symbols that may only be closed.")
        .Removable("trading_hours", HoursBody.Shape, (patch, value) => patch.And(limits => limits with { TradingHours = value?.ToHours() }),
            "When the book may trade; null is always.")
        .Clearable("max_price_deviation", Kinds.Double, (patch, value) => patch.And(limits => limits with { MaxPriceDeviation = value }),
            "Of a limit price from the reference price, to either side, as a fraction of that.")
        .Clearable("max_price_move", Kinds.Double, (patch, value) => patch.And(limits => limits with { MaxPriceMove = value }),
            "Of the reference price from the one of price_move_seconds ago, as a fraction of that.")
        .Settable("price_move_seconds", Kinds.Double, (patch, value) => patch.And(limits => limits with { PriceMoveSeconds = value }),
            "How far back price_move looks.")
        .Clearable("max_order_quantity", Kinds.Decimal, (patch, value) => patch.And(limits => limits with { MaxOrderQuantity = value }),
            "Of one order, in units.")
        .Clearable("min_order_notional", Kinds.Decimal, (patch, value) => patch.And(limits => limits with { MinOrderNotional = value }),
            "Of one order, in the book's currency.")
        .Clearable("max_window_quantity", Kinds.Decimal, (patch, value) => patch.And(limits => limits with { MaxWindowQuantity = value }),
            "Units of one symbol approved within window_seconds.")
        .Clearable("max_window_notional", Kinds.Decimal, (patch, value) => patch.And(limits => limits with { MaxWindowNotional = value }),
            "Value of the approvals of one symbol within window_seconds.")
        .Settable("window_seconds", Kinds.Double, (patch, value) => patch.And(limits => limits with { WindowSeconds = value }),
            "The window of the two limits above.")
        .Clearable("duplicate_window_seconds", Kinds.Double, (patch, value) => patch.And(limits => limits with { DuplicateWindowSeconds = value }),
            "How long an approved order forbids another of the same content.")
        .Clearable("max_messages", Kinds.Whole, (patch, value) => patch.And(limits => limits with { MaxMessages = value }),
            "Decisions and releases within message_window_seconds.")
        .Settable("message_window_seconds", Kinds.Double, (patch, value) => patch.And(limits => limits with { MessageWindowSeconds = value }),
            "The window of max_messages.")
        .Clearable("max_repeated_executions", Kinds.Whole, (patch, value) => patch.And(limits => limits with { MaxRepeatedExecutions = value }),
            "Fills of one symbol and side within repeated_execution_seconds; one more disables the symbol until a person enables it.")
        .Settable("repeated_execution_seconds", Kinds.Double, (patch, value) => patch.And(limits => limits with { RepeatedExecutionSeconds = value }),
            "The window of max_repeated_executions.")
        .Clearable("max_long_position", Kinds.Decimal, (patch, value) => patch.And(limits => limits with { MaxLongPosition = value }),
            "Units of one symbol.")
        .Clearable("max_short_position", Kinds.Decimal, (patch, value) => patch.And(limits => limits with { MaxShortPosition = value }),
            "Units short of one symbol.")
        .Clearable("max_intraday_position", Kinds.Decimal, (patch, value) => patch.And(limits => limits with { MaxIntradayPosition = value }),
            "Net units of one symbol traded and open since midnight UTC.")
        .Clearable("max_strategy_exposure", Kinds.Double, (patch, value) => patch.And(limits => limits with { MaxStrategyExposure = value }),
            "Gross exposure of one strategy, as a fraction of equity.")
        .Clearable("max_concentration", Kinds.Double, (patch, value) => patch.And(limits => limits with { MaxConcentration = value }),
            "Of one position in gross exposure.")
        .Clearable("initial_margin", Kinds.Double, (patch, value) => patch.And(limits => limits with { InitialMargin = value }),
            "As a fraction of gross exposure; what it demands must not exceed equity.")
        .Clearable("max_value_at_risk_99", Kinds.Double, (patch, value) => patch.And(limits => limits with { MaxValueAtRisk99 = value }),
            "One-day loss at 99 %, as a fraction of equity.")
        .Clearable("max_incremental_value_at_risk", Kinds.Double, (patch, value) => patch.And(limits => limits with { MaxIncrementalValueAtRisk = value }),
            "What one order may add to the 95 % value at risk, as a fraction of equity.")
        .Clearable("correlation_threshold", Kinds.Double, (patch, value) => patch.And(limits => limits with { CorrelationThreshold = value }),
            "Of an order with the rest of the book.")
        .Settable("correlation_free_weight", Kinds.Double, (patch, value) => patch.And(limits => limits with { CorrelationFreeWeight = value }),
            "The weight of a position up to which its correlation is free.")
        .Clearable("max_volume_share", Kinds.Double, (patch, value) => patch.And(limits => limits with { MaxVolumeShare = value }),
            "Of an order and the open orders of its symbol in the average daily volume.")
        .Settable("prevent_self_match", Kinds.Flag, (patch, value) => patch.And(limits => limits with { PreventSelfMatch = value }),
            "True refuses an order that would trade with an open one of the same book.")
        .Clearable("max_daily_loss", Kinds.Double, (patch, value) => patch.And(limits => limits with { MaxDailyLoss = value }),
            "Of the equity at midnight UTC.")
        .Clearable("min_confidence", Kinds.Double, (patch, value) => patch.And(limits => limits with { MinConfidence = value }),
            "Of a signal.")
        .Clearable("heartbeat_seconds", Kinds.Double, (patch, value) => patch.And(limits => limits with { HeartbeatSeconds = value }),
            "How long a session may be silent before its approvals are given back.")
        .Settable("breakers", BreakersPatch.Shape, (patch, value) => patch.And(limits => limits with { Breakers = value.ApplyTo(limits.Breakers) }),
            "The circuit breakers to replace: one that is absent stays as it is, null means no such breaker.")
        .Removable("dynamic", DynamicBody.Shape, (patch, value) => patch.And(limits => limits with { Dynamic = value?.ToRules() }),
            "Rules that scale the other limits by what happens; given as a whole.")
        .Must(patch => patch._changes.Count > 0, null, "required", "At least one limit must be given.");
}

/// <summary>When a book may trade, as a request brings it.</summary>
internal sealed class HoursBody
{
    static readonly TextKind Time = new("a time of the form HH:mm", "^[0-2][0-9]:[0-5][0-9]$", text => TryParse(text, out _));
    static readonly Kind<Weekday> Day = Kinds.OneOf([.. Enum.GetValues<Weekday>().Select(day => (day.ToString().ToLowerInvariant(), day))]);

    string _timeZone = "";
    TimeOnly _open;
    TimeOnly _close;
    ImmutableArray<Weekday> _weekdays = [];

    public static readonly Shape<HoursBody> Shape = new Shape<HoursBody>()
        .Required("time_zone", Kinds.Text, (body, value) => body._timeZone = value, "IANA name.", "America/New_York")
        .Required("open", Time, (body, value) => TryParse(value, out body._open), "The first moment of trading, local time.", "09:30")
        .Required("close", Time, (body, value) => TryParse(value, out body._close),
            "The first moment after it; on the next day where it is not after open.", "16:00")
        .Required("weekdays", Kinds.ArrayOf(Day, 7, 64 * 1024), (body, value) => body._weekdays = value, "Days on which trading opens.");

    public TradingHours ToHours() => new(_timeZone, _open, _close, _weekdays);

    static bool TryParse(string? text, out TimeOnly time) =>
        TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out time);
}

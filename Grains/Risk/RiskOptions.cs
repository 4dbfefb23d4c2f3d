using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Trading.Risk;

/// <summary>Section <c>risk</c>.</summary>
public sealed class RiskOptions
{
    public const string Section = "risk";

    /// <summary>The limits of a book that nobody has set any for. A change here does not touch books that have
    /// theirs.</summary>
    [ConfigurationKeyName("default_limits")] public LimitOptions DefaultLimits { get; set; } = new();

    /// <summary>The most orders in one call, 1 to 100,000.</summary>
    [ConfigurationKeyName("max_signals_per_request")] public int MaxSignalsPerRequest { get; set; } = 10_000;

    /// <summary>Between looks at what the dynamic limits depend on, in seconds, 1 to 3,600.</summary>
    [ConfigurationKeyName("limits_refresh")] public double LimitsRefresh { get; set; } = 10;
    /// <summary>Whether the firm needs a second person to be resumed.</summary>
    [ConfigurationKeyName("second_person_to_resume_firm")] public bool SecondPersonToResumeFirm { get; set; }

    /// <summary>By portfolio the node that its budget comes from, <c>firm</c> or <c>desk/{id}</c>, until somebody
    /// assigns another.</summary>
    [ConfigurationKeyName("parents")] public Dictionary<string, string> Parents { get; set; } = [];

    /// <summary>Every broken rule at once.</summary>
    public ValidateOptionsResult Validate()
    {
        List<string> errors =
        [
            .. LimitRules.Check(DefaultLimits.ToLimits())
                .Select(error => $"{Section}:default_limits:{error.Message}")
        ];
        if (MaxSignalsPerRequest is < 1 or > 100_000)
            errors.Add($"{Section}:max_signals_per_request must be from 1 to 100000; it is {MaxSignalsPerRequest}.");
        if (!(LimitsRefresh is >= 1 and <= 3_600))
            errors.Add(
                FormattableString.Invariant(
                    $"{Section}:limits_refresh must be from 1 to 3600; it is {LimitsRefresh}."));
        errors.AddRange(Parents
            .Where(entry => !GrainKeys.IsPortfolioId(entry.Key) || !GrainKeys.IsBudgetNode(entry.Value))
            .Select(entry => $"{Section}:parents must lead from a portfolio to 'firm' or 'desk/' and its id; "
                + $"one leads from '{entry.Key}' to '{entry.Value}'."));
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}

/// <summary>The settings behind <see cref="RiskLimits"/>, member by member; an empty value sets no limit of that
/// kind.</summary>
public sealed class LimitOptions
{
    [ConfigurationKeyName("halted")] public bool Halted { get; set; } = RiskLimits.Default.Halted;
    [ConfigurationKeyName("max_order_notional")]
    public decimal? MaxOrderNotional { get; set; } = RiskLimits.Default.MaxOrderNotional;
    [ConfigurationKeyName("max_position_weight")]
    public double? MaxPositionWeight { get; set; } = RiskLimits.Default.MaxPositionWeight;
    [ConfigurationKeyName("max_gross_exposure")]
    public double? MaxGrossExposure { get; set; } = RiskLimits.Default.MaxGrossExposure;
    [ConfigurationKeyName("max_net_exposure")]
    public double? MaxNetExposure { get; set; } = RiskLimits.Default.MaxNetExposure;
    [ConfigurationKeyName("max_sector_exposure")]
    public double? MaxSectorExposure { get; set; } = RiskLimits.Default.MaxSectorExposure;
    [ConfigurationKeyName("max_value_at_risk_95")]
    public double? MaxValueAtRisk95 { get; set; } = RiskLimits.Default.MaxValueAtRisk95;
    [ConfigurationKeyName("max_expected_shortfall_97_5")]
    public double? MaxExpectedShortfall975 { get; set; } = RiskLimits.Default.MaxExpectedShortfall975;
    [ConfigurationKeyName("max_drawdown")] public double? MaxDrawdown { get; set; } = RiskLimits.Default.MaxDrawdown;
    [ConfigurationKeyName("min_cash")] public decimal? MinCash { get; set; } = RiskLimits.Default.MinCash;
    [ConfigurationKeyName("max_price_age_seconds")]
    public double? MaxPriceAgeSeconds { get; set; } = RiskLimits.Default.MaxPriceAgeSeconds;
    [ConfigurationKeyName("reservation_seconds")]
    public double ReservationSeconds { get; set; } = RiskLimits.Default.ReservationSeconds;
    [ConfigurationKeyName("restricted_symbols")] public string[] RestrictedSymbols { get; set; } = [];
    [ConfigurationKeyName("trading_hours")] public HoursOptions? TradingHours { get; set; }
    [ConfigurationKeyName("max_price_deviation")]
    public double? MaxPriceDeviation { get; set; } = RiskLimits.Default.MaxPriceDeviation;
    [ConfigurationKeyName("max_price_move")]
    public double? MaxPriceMove { get; set; } = RiskLimits.Default.MaxPriceMove;
    [ConfigurationKeyName("price_move_seconds")]
    public double PriceMoveSeconds { get; set; } = RiskLimits.Default.PriceMoveSeconds;
    [ConfigurationKeyName("max_order_quantity")]
    public decimal? MaxOrderQuantity { get; set; } = RiskLimits.Default.MaxOrderQuantity;
    [ConfigurationKeyName("min_order_notional")]
    public decimal? MinOrderNotional { get; set; } = RiskLimits.Default.MinOrderNotional;
    [ConfigurationKeyName("max_window_quantity")]
    public decimal? MaxWindowQuantity { get; set; } = RiskLimits.Default.MaxWindowQuantity;
    [ConfigurationKeyName("max_window_notional")]
    public decimal? MaxWindowNotional { get; set; } = RiskLimits.Default.MaxWindowNotional;
    [ConfigurationKeyName("window_seconds")]
    public double WindowSeconds { get; set; } = RiskLimits.Default.WindowSeconds;
    [ConfigurationKeyName("duplicate_window_seconds")]
    public double? DuplicateWindowSeconds { get; set; } = RiskLimits.Default.DuplicateWindowSeconds;
    [ConfigurationKeyName("max_messages")] public long? MaxMessages { get; set; } = RiskLimits.Default.MaxMessages;
    [ConfigurationKeyName("message_window_seconds")]
    public double MessageWindowSeconds { get; set; } = RiskLimits.Default.MessageWindowSeconds;
    [ConfigurationKeyName("max_repeated_executions")]
    public long? MaxRepeatedExecutions { get; set; } = RiskLimits.Default.MaxRepeatedExecutions;
    [ConfigurationKeyName("repeated_execution_seconds")]
    public double RepeatedExecutionSeconds { get; set; } = RiskLimits.Default.RepeatedExecutionSeconds;
    [ConfigurationKeyName("max_long_position")]
    public decimal? MaxLongPosition { get; set; } = RiskLimits.Default.MaxLongPosition;
    [ConfigurationKeyName("max_short_position")]
    public decimal? MaxShortPosition { get; set; } = RiskLimits.Default.MaxShortPosition;
    [ConfigurationKeyName("max_intraday_position")]
    public decimal? MaxIntradayPosition { get; set; } = RiskLimits.Default.MaxIntradayPosition;
    [ConfigurationKeyName("max_strategy_exposure")]
    public double? MaxStrategyExposure { get; set; } = RiskLimits.Default.MaxStrategyExposure;
    [ConfigurationKeyName("max_concentration")]
    public double? MaxConcentration { get; set; } = RiskLimits.Default.MaxConcentration;
    [ConfigurationKeyName("initial_margin")]
    public double? InitialMargin { get; set; } = RiskLimits.Default.InitialMargin;
    [ConfigurationKeyName("max_value_at_risk_99")]
    public double? MaxValueAtRisk99 { get; set; } = RiskLimits.Default.MaxValueAtRisk99;
    [ConfigurationKeyName("max_incremental_value_at_risk")]
    public double? MaxIncrementalValueAtRisk { get; set; } = RiskLimits.Default.MaxIncrementalValueAtRisk;
    [ConfigurationKeyName("correlation_threshold")]
    public double? CorrelationThreshold { get; set; } = RiskLimits.Default.CorrelationThreshold;
    [ConfigurationKeyName("correlation_free_weight")]
    public double CorrelationFreeWeight { get; set; } = RiskLimits.Default.CorrelationFreeWeight;
    [ConfigurationKeyName("max_volume_share")]
    public double? MaxVolumeShare { get; set; } = RiskLimits.Default.MaxVolumeShare;
    [ConfigurationKeyName("prevent_self_match")]
    public bool PreventSelfMatch { get; set; } = RiskLimits.Default.PreventSelfMatch;
    [ConfigurationKeyName("max_daily_loss")]
    public double? MaxDailyLoss { get; set; } = RiskLimits.Default.MaxDailyLoss;
    [ConfigurationKeyName("min_confidence")]
    public double? MinConfidence { get; set; } = RiskLimits.Default.MinConfidence;
    [ConfigurationKeyName("heartbeat_seconds")]
    public double? HeartbeatSeconds { get; set; } = RiskLimits.Default.HeartbeatSeconds;

    [ConfigurationKeyName("breakers")] public BreakersOptions Breakers { get; set; } = new();

    public RiskLimits ToLimits() => new()
    {
        Halted = Halted,
        MaxOrderNotional = MaxOrderNotional,
        MaxPositionWeight = MaxPositionWeight,
        MaxGrossExposure = MaxGrossExposure,
        MaxNetExposure = MaxNetExposure,
        MaxSectorExposure = MaxSectorExposure,
        MaxValueAtRisk95 = MaxValueAtRisk95,
        MaxExpectedShortfall975 = MaxExpectedShortfall975,
        MaxDrawdown = MaxDrawdown,
        MinCash = MinCash,
        MaxPriceAgeSeconds = MaxPriceAgeSeconds,
        ReservationSeconds = ReservationSeconds,
        RestrictedSymbols = [.. RestrictedSymbols],
        TradingHours = TradingHours?.ToHours(),
        MaxPriceDeviation = MaxPriceDeviation,
        MaxPriceMove = MaxPriceMove,
        PriceMoveSeconds = PriceMoveSeconds,
        MaxOrderQuantity = MaxOrderQuantity,
        MinOrderNotional = MinOrderNotional,
        MaxWindowQuantity = MaxWindowQuantity,
        MaxWindowNotional = MaxWindowNotional,
        WindowSeconds = WindowSeconds,
        DuplicateWindowSeconds = DuplicateWindowSeconds,
        MaxMessages = MaxMessages,
        MessageWindowSeconds = MessageWindowSeconds,
        MaxRepeatedExecutions = MaxRepeatedExecutions,
        RepeatedExecutionSeconds = RepeatedExecutionSeconds,
        MaxLongPosition = MaxLongPosition,
        MaxShortPosition = MaxShortPosition,
        MaxIntradayPosition = MaxIntradayPosition,
        MaxStrategyExposure = MaxStrategyExposure,
        MaxConcentration = MaxConcentration,
        InitialMargin = InitialMargin,
        MaxValueAtRisk99 = MaxValueAtRisk99,
        MaxIncrementalValueAtRisk = MaxIncrementalValueAtRisk,
        CorrelationThreshold = CorrelationThreshold,
        CorrelationFreeWeight = CorrelationFreeWeight,
        MaxVolumeShare = MaxVolumeShare,
        PreventSelfMatch = PreventSelfMatch,
        MaxDailyLoss = MaxDailyLoss,
        MinConfidence = MinConfidence,
        HeartbeatSeconds = HeartbeatSeconds,
        Breakers = Breakers.ToBreakers(),
    };
}

/// <summary>The settings behind <see cref="TradingHours"/>.</summary>
public sealed class HoursOptions
{
    [ConfigurationKeyName("time_zone")] public string TimeZone { get; set; } = "UTC";
    [ConfigurationKeyName("open")] public TimeOnly Open { get; set; }
    [ConfigurationKeyName("close")] public TimeOnly Close { get; set; }
    [ConfigurationKeyName("weekdays")] public Weekday[] Weekdays { get; set; } = [];

    public TradingHours ToHours() => new(TimeZone, Open, Close, [.. Weekdays]);
}

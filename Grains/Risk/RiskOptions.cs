using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Trading.Risk;

/// <summary>Section <c>risk</c>.</summary>
public sealed class RiskOptions
{
    public const string Section = "risk";

    /// <summary>The limits of a book that nobody has set any for. A change here does not touch books that have theirs.</summary>
    [ConfigurationKeyName("default_limits")] public LimitOptions DefaultLimits { get; set; } = new();

    /// <summary>The most orders in one call, 1 to 100,000.</summary>
    [ConfigurationKeyName("max_signals_per_request")] public int MaxSignalsPerRequest { get; set; } = 10_000;

    /// <summary>Every broken rule at once.</summary>
    public ValidateOptionsResult Validate()
    {
        List<string> errors = [.. LimitRules.Check(DefaultLimits.ToLimits()).Select(error => $"{Section}:default_limits:{error.Message}")];
        if (MaxSignalsPerRequest is < 1 or > 100_000)
            errors.Add($"{Section}:max_signals_per_request must be from 1 to 100000; it is {MaxSignalsPerRequest}.");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}

/// <summary>The settings behind <see cref="RiskLimits"/>, member by member; an empty value sets no limit of that kind.</summary>
public sealed class LimitOptions
{
    [ConfigurationKeyName("halted")] public bool Halted { get; set; } = RiskLimits.Default.Halted;
    [ConfigurationKeyName("max_order_notional")] public decimal? MaxOrderNotional { get; set; } = RiskLimits.Default.MaxOrderNotional;
    [ConfigurationKeyName("max_position_weight")] public double? MaxPositionWeight { get; set; } = RiskLimits.Default.MaxPositionWeight;
    [ConfigurationKeyName("max_gross_exposure")] public double? MaxGrossExposure { get; set; } = RiskLimits.Default.MaxGrossExposure;
    [ConfigurationKeyName("max_net_exposure")] public double? MaxNetExposure { get; set; } = RiskLimits.Default.MaxNetExposure;
    [ConfigurationKeyName("max_sector_exposure")] public double? MaxSectorExposure { get; set; } = RiskLimits.Default.MaxSectorExposure;
    [ConfigurationKeyName("max_value_at_risk_95")] public double? MaxValueAtRisk95 { get; set; } = RiskLimits.Default.MaxValueAtRisk95;
    [ConfigurationKeyName("max_expected_shortfall_97_5")]
    public double? MaxExpectedShortfall975 { get; set; } = RiskLimits.Default.MaxExpectedShortfall975;
    [ConfigurationKeyName("max_drawdown")] public double? MaxDrawdown { get; set; } = RiskLimits.Default.MaxDrawdown;
    [ConfigurationKeyName("min_cash")] public decimal? MinCash { get; set; } = RiskLimits.Default.MinCash;
    [ConfigurationKeyName("max_price_age_seconds")] public double? MaxPriceAgeSeconds { get; set; } = RiskLimits.Default.MaxPriceAgeSeconds;
    [ConfigurationKeyName("reservation_seconds")] public double ReservationSeconds { get; set; } = RiskLimits.Default.ReservationSeconds;

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
    };
}

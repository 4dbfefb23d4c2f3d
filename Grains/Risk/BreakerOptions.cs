using Microsoft.Extensions.Configuration;

namespace Trading.Risk;

/// <summary>The settings behind <see cref="BreakerSettings"/>, member by member.</summary>
public sealed class BreakerOptions
{
    /// <summary>False for no such breaker.</summary>
    [ConfigurationKeyName("enabled")] public bool Enabled { get; set; } = true;
    [ConfigurationKeyName("trip")] public double Trip { get; set; }
    [ConfigurationKeyName("clear")] public double Clear { get; set; }
    [ConfigurationKeyName("cooling_seconds")] public double CoolingSeconds { get; set; }
    [ConfigurationKeyName("half_open_seconds")] public double HalfOpenSeconds { get; set; }
    [ConfigurationKeyName("half_open_cap")] public double HalfOpenCap { get; set; }
    [ConfigurationKeyName("reset")] public BreakerReset Reset { get; set; }
    [ConfigurationKeyName("window")] public int Window { get; set; }

    public BreakerSettings? ToSettings() =>
        Enabled ? new(Trip, Clear, CoolingSeconds, HalfOpenSeconds, HalfOpenCap, Reset, Window) : null;

    public static BreakerOptions Of(BreakerSettings? settings) => settings is null ? new() { Enabled = false } : new()
    {
        Trip = settings.Trip,
        Clear = settings.Clear,
        CoolingSeconds = settings.CoolingSeconds,
        HalfOpenSeconds = settings.HalfOpenSeconds,
        HalfOpenCap = settings.HalfOpenCap,
        Reset = settings.Reset,
        Window = settings.Window,
    };
}

/// <summary>The settings behind <see cref="Breakers"/>, breaker by breaker.</summary>
public sealed class BreakersOptions
{
    [ConfigurationKeyName("daily_loss")]
    public BreakerOptions DailyLoss { get; set; } = BreakerOptions.Of(Breakers.Default.DailyLoss);
    [ConfigurationKeyName("drawdown")]
    public BreakerOptions Drawdown { get; set; } = BreakerOptions.Of(Breakers.Default.Drawdown);
    [ConfigurationKeyName("value_at_risk")]
    public BreakerOptions ValueAtRisk { get; set; } = BreakerOptions.Of(Breakers.Default.ValueAtRisk);
    [ConfigurationKeyName("volatility")]
    public BreakerOptions Volatility { get; set; } = BreakerOptions.Of(Breakers.Default.Volatility);
    [ConfigurationKeyName("error_rate")]
    public BreakerOptions ErrorRate { get; set; } = BreakerOptions.Of(Breakers.Default.ErrorRate);
    [ConfigurationKeyName("data_outage")]
    public BreakerOptions DataOutage { get; set; } = BreakerOptions.Of(Breakers.Default.DataOutage);
    [ConfigurationKeyName("repeated_denials")]
    public BreakerOptions RepeatedDenials { get; set; } = BreakerOptions.Of(Breakers.Default.RepeatedDenials);
    [ConfigurationKeyName("second_person_to_resume")]
    public bool SecondPersonToResume { get; set; } = Breakers.Default.SecondPersonToResume;

    public Breakers ToBreakers() => new()
    {
        DailyLoss = DailyLoss.ToSettings(),
        Drawdown = Drawdown.ToSettings(),
        ValueAtRisk = ValueAtRisk.ToSettings(),
        Volatility = Volatility.ToSettings(),
        ErrorRate = ErrorRate.ToSettings(),
        DataOutage = DataOutage.ToSettings(),
        RepeatedDenials = RepeatedDenials.ToSettings(),
        SecondPersonToResume = SecondPersonToResume,
    };
}

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Trading.MarketData;

/// <summary>Where prices come from. Section <c>market_data</c>; durations are in seconds.</summary>
public sealed class MarketDataOptions : IValidateOptions<MarketDataOptions>
{
    public const string Section = "market_data";
    const double MaxSeconds = 86_400;

    /// <summary>The file of daily closes that the source <c>replay</c> plays: a column <c>date</c> and one for each
    /// symbol.</summary>
    [ConfigurationKeyName("prices")] public string Prices { get; set; } = "data/sample/closes.csv";

    /// <summary>The file of sectors: symbol, company, sector. Empty: no sector is known.</summary>
    [ConfigurationKeyName("sectors")] public string? Sectors { get; set; } = "data/sample/sectors.csv";

    /// <summary>The file of instruments: symbol, tradable, lot_size, tick_size, min_notional, average_daily_volume.
    /// Empty: no rule is known.</summary>
    [ConfigurationKeyName("instruments")] public string? Instruments { get; set; }

    /// <summary>The session at which a replay starts; unset: in the middle of the file.</summary>
    [ConfigurationKeyName("replay_start")] public DateOnly? ReplayStart { get; set; }

    /// <summary>Whether the replay plays made-up coins beside its file, so that a start without a network knows
    /// some.</summary>
    [ConfigurationKeyName("replay_coins")] public bool ReplayCoins { get; set; }

    /// <summary>Between two sessions of a replay; from 0.001 up to a day.</summary>
    [ConfigurationKeyName("replay_interval")] public double ReplayInterval { get; set; } = 15;

    /// <summary>How often a symbol asks further back than its last bar, since the past may have been put right; from 1
    /// up to a day.</summary>
    [ConfigurationKeyName("correction_interval")] public double CorrectionInterval { get; set; } = 3_600;

    /// <summary>How many bars further back; from 1 up to 1,000.</summary>
    [ConfigurationKeyName("correction_sessions")] public int CorrectionSessions { get; set; } = 10;

    /// <summary>How long a symbol is kept current after it was last asked about; from 1 up to a year.</summary>
    [ConfigurationKeyName("cache_ttl")] public double CacheTtl { get; set; } = 3_600;

    /// <summary>How often a symbol asks its source for news; from 0.01 up to a day.</summary>
    [ConfigurationKeyName("refresh_interval")] public double RefreshInterval { get; set; } = 1;

    /// <summary>The age from which the quality report calls a price no longer fresh; from 0.001 up to a year.</summary>
    [ConfigurationKeyName("max_price_age")] public double MaxPriceAge { get; set; } = 300;

    /// <summary>Every broken rule at once.</summary>
    public ValidateOptionsResult Validate(string? name, MarketDataOptions options)
    {
        string?[] findings =
        [
            string.IsNullOrWhiteSpace(options.Prices) ? "prices is empty; it is the path of the price file." : null,
            Within("replay_interval", options.ReplayInterval, 0.001, MaxSeconds),
            Within("refresh_interval", options.RefreshInterval, 0.01, MaxSeconds),
            Within("max_price_age", options.MaxPriceAge, 0.001, 365 * MaxSeconds),
            Within("correction_interval", options.CorrectionInterval, 1, MaxSeconds),
            options.CorrectionSessions is >= 1 and <= 1_000
                ? null : $"correction_sessions is {options.CorrectionSessions}; it can be from 1 to 1000.",
            Within("cache_ttl", options.CacheTtl, 1, 365 * MaxSeconds),
        ];
        var errors = findings.OfType<string>().Select(finding => $"{Section}:{finding}").ToArray();
        return errors.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    static string? Within(string key, double value, double least, double most) =>
        value >= least && value <= most ? null : $"{key} is {value} seconds; it can be from {least} to {most}.";
}

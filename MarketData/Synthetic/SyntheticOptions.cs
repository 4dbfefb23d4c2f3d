using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Trading.MarketData;

/// <summary>The parameters of the synthetic market. Section <c>market_data:synthetic</c>; volatilities are for a year,
/// probabilities and GARCH weights for one bar.</summary>
sealed class SyntheticOptions : IValidateOptions<SyntheticOptions>
{
    public const string Section = "market_data:synthetic";
    public const int MaxSymbols = 10_000, MaxBars = 1_000_000;

    /// <summary>The same seed gives the same market.</summary>
    [ConfigurationKeyName("seed")] public int Seed { get; set; } = 1;

    /// <summary>How many symbols there are, named SYN1, SYN2 and so on; from 1 to 10,000.</summary>
    [ConfigurationKeyName("symbols")] public int Symbols { get; set; } = 20;

    /// <summary>The sectors, dealt out to the symbols in turn; left unset, five common ones.</summary>
    [ConfigurationKeyName("sectors")] public string[]? Sectors { get; set; }

    /// <summary>The length of every bar.</summary>
    [ConfigurationKeyName("interval")] public BarInterval Interval { get; set; } = BarInterval.OneDay;

    /// <summary>Whether it trades at all hours of all days; else on weekdays only, without holidays.</summary>
    [ConfigurationKeyName("always_open")] public bool AlwaysOpen { get; set; }

    /// <summary>The first day.</summary>
    [ConfigurationKeyName("start")] public DateOnly Start { get; set; } = new(2015, 1, 1);

    /// <summary>Expected growth of every price, for a year; from -1 to 1.</summary>
    [ConfigurationKeyName("drift")] public double Drift { get; set; } = 0.05;

    [ConfigurationKeyName("market_volatility")] public double MarketVolatility { get; set; } = 0.15;
    [ConfigurationKeyName("sector_volatility")] public double SectorVolatility { get; set; } = 0.10;
    [ConfigurationKeyName("own_volatility")] public double OwnVolatility { get; set; } = 0.20;

    /// <summary>α of every GARCH(1,1), 0 or more; with <see cref="Beta"/> below 1.</summary>
    [ConfigurationKeyName("garch_alpha")] public double Alpha { get; set; } = 0.08;

    /// <summary>β of every GARCH(1,1), 0 or more.</summary>
    [ConfigurationKeyName("garch_beta")] public double Beta { get; set; } = 0.90;

    /// <summary>Of the Student t innovations; above 2, up to 1,000.</summary>
    [ConfigurationKeyName("degrees_of_freedom")] public double DegreesOfFreedom { get; set; } = 6;

    /// <summary>Jumps of one symbol in a year, Poisson.</summary>
    [ConfigurationKeyName("jumps_per_year")] public double JumpsPerYear { get; set; } = 0.5;

    /// <summary>Mean of a jump as a log return, and its standard deviation.</summary>
    [ConfigurationKeyName("jump_mean")] public double JumpMean { get; set; } = -0.05;
    [ConfigurationKeyName("jump_deviation")] public double JumpDeviation { get; set; } = 0.08;

    /// <summary>Splits of one symbol in a year, Poisson.</summary>
    [ConfigurationKeyName("splits_per_year")] public double SplitsPerYear { get; set; } = 0.1;

    /// <summary>Cash of a year's four dividends as a fraction of the price, 0 for none.</summary>
    [ConfigurationKeyName("dividend_yield")] public double DividendYield { get; set; } = 0.02;

    /// <summary>Probability that a gap of one to three missing bars begins at a bar.</summary>
    [ConfigurationKeyName("gap_rate")] public double GapRate { get; set; } = 0.001;

    /// <summary>Probability that a bar is spoilt; prices behind it are not touched.</summary>
    [ConfigurationKeyName("bad_tick_rate")] public double BadTickRate { get; set; }

    internal string[] SectorNames => Sectors is { Length: > 0 } named
        ? named : ["Technology", "Financials", "Energy", "Health Care", "Industrials"];

    /// <summary>Every broken rule at once.</summary>
    public ValidateOptionsResult Validate(string? name, SyntheticOptions options)
    {
        string?[] findings =
        [
            Within("symbols", options.Symbols, 1, MaxSymbols),
            options.SectorNames.Any(string.IsNullOrWhiteSpace) ? "sectors has an empty name." : null,
            options.Start.Year is >= 1970 and <= 2100
                ? null : $"start is {options.Start:yyyy-MM-dd}; it can be from 1970 to 2100.",
            Within("drift", options.Drift, -1, 1),
            Within("market_volatility", options.MarketVolatility, 0.0001, 5),
            Within("sector_volatility", options.SectorVolatility, 0.0001, 5),
            Within("own_volatility", options.OwnVolatility, 0.0001, 5),
            Within("garch_alpha", options.Alpha, 0, 0.9999),
            Within("garch_beta", options.Beta, 0, 0.9999),
            options.Alpha + options.Beta < 1
                ? null : $"garch_alpha and garch_beta are {options.Alpha + options.Beta} together; they must be below 1.",
            Within("degrees_of_freedom", options.DegreesOfFreedom, 2.0001, 1_000),
            Within("jumps_per_year", options.JumpsPerYear, 0, 1_000),
            Within("jump_mean", options.JumpMean, -1, 1),
            Within("jump_deviation", options.JumpDeviation, 0, 1),
            Within("splits_per_year", options.SplitsPerYear, 0, 12),
            Within("dividend_yield", options.DividendYield, 0, 0.5),
            Within("gap_rate", options.GapRate, 0, 0.5),
            Within("bad_tick_rate", options.BadTickRate, 0, 0.5),
        ];
        var errors = findings.OfType<string>().Select(finding => $"{Section}:{finding}").ToArray();
        return errors.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    static string? Within(string key, double value, double least, double most) =>
        value >= least && value <= most ? null : $"{key} is {value}; it can be from {least} to {most}.";
}

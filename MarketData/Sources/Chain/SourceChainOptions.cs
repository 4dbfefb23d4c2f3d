using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Trading.MarketData;

/// <summary>Something for each class of symbols.</summary>
public sealed class PerAssetClass
{
    [ConfigurationKeyName("equity")] public string[]? Equity { get; set; }
    [ConfigurationKeyName("crypto")] public string[]? Crypto { get; set; }
    [ConfigurationKeyName("fx")] public string[]? Fx { get; set; }

    public string[]? this[AssetClass symbols] => symbols switch
    {
        AssetClass.Equity => Equity,
        AssetClass.Crypto => Crypto,
        AssetClass.Fx => Fx,
        _ => throw new ArgumentOutOfRangeException(nameof(symbols), symbols, null),
    };
}

/// <summary>In which order sources are asked, and what it takes to lose and to regain their trust. Section
/// <c>market_data:chain</c>; durations are in seconds.</summary>
public sealed class SourceChainOptions : IValidateOptions<SourceChainOptions>
{
    public const string Section = "market_data:chain";

    /// <summary>Names of sources, the best first. Where a class is unset: binance, kraken and yahoo for coins, yahoo
    /// for the others. Files and made-up data stand in for nothing, unless they are named here.</summary>
    [ConfigurationKeyName("order")] public PerAssetClass Order { get; set; } = new();

    /// <summary>Symbols of a class, with <c>*</c> for any letters, where the form of a symbol does not tell.</summary>
    [ConfigurationKeyName("symbols")] public PerAssetClass Symbols { get; set; } = new();

    /// <summary>A source that failed is trusted again after this many good answers in a row; from 1 to 1,000.</summary>
    [ConfigurationKeyName("good_answers")] public int GoodAnswers { get; set; } = 3;

    /// <summary>The time between two such answers, at least; from 0 to 3,600.</summary>
    [ConfigurationKeyName("probe_interval")] public double ProbeInterval { get; set; } = 5;

    /// <summary>How far the closes of two sources may be apart, as a fraction, before the one on probation is not
    /// believed; from 0.0001 to 1.</summary>
    [ConfigurationKeyName("agreement_tolerance")] public double AgreementTolerance { get; set; } = 0.05;

    /// <summary>Whether another source of the class is asked about the newest bars, so that one confirms the
    /// other.</summary>
    [ConfigurationKeyName("second_source")] public bool SecondSource { get; set; } = true;

    /// <summary>How long an answer waits for it; from 0.01 to 60.</summary>
    [ConfigurationKeyName("second_source_wait")] public double SecondSourceWait { get; set; } = 2;

    /// <summary>How long a source may take for an answer, all its pages included; from 0.1 to 600. A symbol waits ten
    /// seconds for all of its sources, so that a silent one must leave time for the next.</summary>
    [ConfigurationKeyName("source_timeout")] public double SourceTimeout { get; set; } = 4;

    /// <summary>The breaker opens when, of at least this many requests within <see cref="BreakerWindow"/>, half
    /// failed; from 2 to 1,000.</summary>
    [ConfigurationKeyName("breaker_failures")] public int BreakerFailures { get; set; } = 3;

    /// <summary>From 0.5 to 3,600.</summary>
    [ConfigurationKeyName("breaker_window")] public double BreakerWindow { get; set; } = 30;

    /// <summary>How long an open breaker lets nothing pass; from 0.5 to 3,600.</summary>
    [ConfigurationKeyName("breaker_break")] public double BreakerBreak { get; set; } = 30;

    /// <summary>Coins trade at all hours: an answer for the newest bars that ends more than this many intervals ago
    /// stands still, and the next source is asked. From 1 to 10,000.</summary>
    [ConfigurationKeyName("crypto_max_lag")] public int CryptoMaxLag { get; set; } = 5;

    /// <summary>The order of a class where it is unset.</summary>
    internal static string[] DefaultOrder(AssetClass symbols) => symbols == AssetClass.Crypto
        ? [BinanceSource.SourceName, KrakenSource.SourceName, YahooSource.SourceName]
        : [YahooSource.SourceName];

    public AssetClasses Classes() => new(
        from symbols in Enum.GetValues<AssetClass>()
        from pattern in Symbols[symbols] ?? []
        select (symbols, pattern));

    /// <summary>Every broken rule at once.</summary>
    public ValidateOptionsResult Validate(string? name, SourceChainOptions options)
    {
        string?[] findings =
        [
            .. Enum.GetValues<AssetClass>().Select(symbols => Names(symbols, options.Order[symbols])),
            .. Enum.GetValues<AssetClass>().Select(symbols => Patterns(symbols, options.Symbols[symbols])),
            Within("good_answers", options.GoodAnswers, 1, 1_000),
            Within("probe_interval", options.ProbeInterval, 0, 3_600),
            Within("agreement_tolerance", options.AgreementTolerance, 0.0001, 1),
            Within("second_source_wait", options.SecondSourceWait, 0.01, 60),
            Within("source_timeout", options.SourceTimeout, 0.1, 600),
            Within("breaker_failures", options.BreakerFailures, 2, 1_000),
            Within("breaker_window", options.BreakerWindow, 0.5, 3_600),
            Within("breaker_break", options.BreakerBreak, 0.5, 3_600),
            Within("crypto_max_lag", options.CryptoMaxLag, 1, 10_000),
        ];
        var errors = findings.OfType<string>().Select(finding => $"{Section}:{finding}").ToArray();
        return errors.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    static string? Names(AssetClass symbols, string[]? order) =>
        order is null
            || (order.Length == order.Distinct(StringComparer.Ordinal).Count()
                && !order.Any(string.IsNullOrWhiteSpace))
            ? null
            : $"order:{Key(symbols)} names a source twice, or one without a name.";

    static string? Patterns(AssetClass symbols, string[]? patterns) =>
        patterns?.FirstOrDefault(pattern => !Ticker.IsValid(pattern.Replace('*', 'A'))) is { } bad
            ? $"symbols:{Key(symbols)} has '{bad}'; it can be a ticker with * for any letters."
            : null;

    static string? Within(string key, double value, double least, double most) =>
        value >= least && value <= most ? null : $"{key} is {value}; it can be from {least} to {most}.";

    static string Key(AssetClass symbols) => symbols.ToString().ToLowerInvariant();
}

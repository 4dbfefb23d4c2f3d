using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Trading.MarketData;

/// <summary>From which scores on a symbol may only be reduced, or not traded at all. Section
/// <c>market_data:quality</c>. A score that is not known changes no mode, except freshness: a symbol without a price
/// is blocked.</summary>
sealed class QualityOptions : IValidateOptions<QualityOptions>
{
    public const string Section = "market_data:quality";

    /// <summary>Below it a symbol may only be reduced; from 0 up to 1.</summary>
    [ConfigurationKeyName("reduce_below_completeness")] public double ReduceBelowCompleteness { get; set; } = 0.95;
    [ConfigurationKeyName("reduce_below_consistency")] public double ReduceBelowConsistency { get; set; } = 0.98;
    [ConfigurationKeyName("reduce_below_accuracy")] public double ReduceBelowAccuracy { get; set; } = 0.95;
    [ConfigurationKeyName("reduce_below_freshness")] public double ReduceBelowFreshness { get; set; } = 1;

    /// <summary>Below it a symbol does not trade; from 0 up to 1, and never above the limit for reducing.</summary>
    [ConfigurationKeyName("block_below_completeness")] public double BlockBelowCompleteness { get; set; } = 0.5;
    [ConfigurationKeyName("block_below_consistency")] public double BlockBelowConsistency { get; set; } = 0.9;
    [ConfigurationKeyName("block_below_accuracy")] public double BlockBelowAccuracy { get; set; } = 0.5;
    [ConfigurationKeyName("block_below_freshness")] public double BlockBelowFreshness { get; set; }

    /// <summary>Reports in a row that must allow a better mode before the symbol gets it; from 1 up to 1000.</summary>
    [ConfigurationKeyName("recover_after")] public int RecoverAfter { get; set; } = 3;

    /// <summary>Every broken rule at once.</summary>
    public ValidateOptionsResult Validate(string? name, QualityOptions options)
    {
        string?[] findings =
        [
            Pair("completeness", options.BlockBelowCompleteness, options.ReduceBelowCompleteness),
            Pair("consistency", options.BlockBelowConsistency, options.ReduceBelowConsistency),
            Pair("accuracy", options.BlockBelowAccuracy, options.ReduceBelowAccuracy),
            Pair("freshness", options.BlockBelowFreshness, options.ReduceBelowFreshness),
            options.RecoverAfter is >= 1 and <= 1000
                ? null : $"recover_after is {options.RecoverAfter}; it can be from 1 to 1000.",
        ];
        var errors = findings.OfType<string>().Select(finding => $"{Section}:{finding}").ToArray();
        return errors.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    static string? Pair(string score, double block, double reduce) => block >= 0 && reduce <= 1 && block <= reduce
        ? null : $"block_below_{score} is {block} and reduce_below_{score} {reduce}; both can be from 0 to 1, the first not above the second.";
}

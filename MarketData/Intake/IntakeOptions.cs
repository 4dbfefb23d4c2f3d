using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Trading.MarketData;

/// <summary>How bars are taken in that somebody brings. Section <c>market_data</c>.</summary>
public sealed class IntakeOptions : IValidateOptions<IntakeOptions>
{
    public const string Section = MarketDataOptions.Section;

    /// <summary>Batches that are dealt with at once, or files of an import; from 1 to 64.</summary>
    [ConfigurationKeyName("parallel_workers")] public int ParallelWorkers { get; set; } = 4;

    /// <summary>Bars of one symbol that are stored together; from 1 to <see cref="IngestedBars.MaxBars"/>.</summary>
    [ConfigurationKeyName("batch_size")] public int BatchSize { get; set; } = 1_000;

    /// <summary>Every broken rule at once.</summary>
    public ValidateOptionsResult Validate(string? name, IntakeOptions options)
    {
        string?[] findings =
        [
            Within("parallel_workers", options.ParallelWorkers, 64),
            Within("batch_size", options.BatchSize, IngestedBars.MaxBars),
        ];
        var errors = findings.OfType<string>().ToArray();
        return errors.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    static string? Within(string key, int value, int most) =>
        value >= 1 && value <= most
            ? null : $"{Section}:{key} is {value}; it can be from 1 to {most}.";
}

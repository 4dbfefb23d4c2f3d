using System.Collections.Immutable;

namespace Trading.MarketData;

/// <summary>The mode of one symbol from one report to the next: worse at once, better only after several reports in a
/// row allow it.</summary>
sealed class ModeHysteresis(QualityOptions options)
{
    int _better;
    SymbolMode _worst;

    public SymbolMode Mode { get; private set; }

    /// <summary>Takes what the newest report asks for. Of the reports in a row that allow a better mode the worst
    /// counts.</summary>
    /// <returns>The mode that holds now.</returns>
    public SymbolMode Take(SymbolMode asked)
    {
        if (asked < Mode)
        {
            _worst = _better == 0 || asked > _worst ? asked : _worst;
            if (++_better < options.RecoverAfter) return Mode;
            asked = _worst;
        }

        _better = 0;
        return Mode = asked;
    }
}

/// <summary>What one report asks for, and why.</summary>
static class SymbolModes
{
    /// <param name="last">The verdict on the newest bar.</param>
    public static (SymbolMode Mode, ImmutableArray<string> Reasons) Ask(
        QualityScores scores, Verdict last, QualityOptions options)
    {
        (SymbolMode Mode, string? Reason)[] asked =
        [
            Below("completeness", scores.Completeness, options.BlockBelowCompleteness, options.ReduceBelowCompleteness),
            Below("consistency", scores.Consistency, options.BlockBelowConsistency, options.ReduceBelowConsistency),
            Below("accuracy", scores.Accuracy, options.BlockBelowAccuracy, options.ReduceBelowAccuracy),
            scores.Freshness is null
                ? (SymbolMode.Blocked, "no price is known")
                : Below("freshness", scores.Freshness, options.BlockBelowFreshness, options.ReduceBelowFreshness),
            last == Verdict.Accept
                ? (SymbolMode.Normal, null) : (SymbolMode.ReduceOnly, "the newest bar was not accepted"),
        ];
        return (asked.Max(one => one.Mode), [.. asked.Select(one => one.Reason).OfType<string>()]);
    }

    static (SymbolMode, string?) Below(string score, double? value, double block, double reduce) => value switch
    {
        null => (SymbolMode.Normal, null),
        _ when value < block =>
            (SymbolMode.Blocked, FormattableString.Invariant($"{score} {value:0.####} is below {block:0.####}")),
        _ when value < reduce =>
            (SymbolMode.ReduceOnly, FormattableString.Invariant($"{score} {value:0.####} is below {reduce:0.####}")),
        _ => (SymbolMode.Normal, null),
    };
}

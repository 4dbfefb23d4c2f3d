namespace Trading.MarketData;

/// <summary>Finds the days on which a source filled all its series forward: each repeats what it had before. One
/// series may stand still; all of them on the same day are a holiday written as a session. Fed with the closes of one
/// time after another.</summary>
sealed class FillForward(int series)
{
    /// <summary>Fewer series can stand still together by chance.</summary>
    public const int MinimumSeries = 2;
    readonly decimal?[] _before = new decimal?[series];

    /// <summary>Judges the closes of one time: one for each series, null where a series has none then.</summary>
    /// <returns>Quarantine with <c>fill_forward</c> for every bar of that time where all known closes repeat; default
    /// else.</returns>
    /// <exception cref="ArgumentException">Not one entry for each series.</exception>
    public BarVerdict Check(ReadOnlySpan<decimal?> closes)
    {
        if (closes.Length != _before.Length)
            throw new ArgumentException($"{closes.Length} closes for {_before.Length} series.", nameof(closes));
        var (known, repeated) = (0, 0);
        for (var index = 0; index < closes.Length; index++)
        {
            if (closes[index] is not { } close) continue;
            if (_before[index] is { } before)
            {
                known++;
                if (close == before) repeated++;
            }

            _before[index] = close;
        }

        return known >= MinimumSeries && known == repeated
            ? default(BarVerdict).With(BarRule.FillForward, Verdict.Quarantine, repeated, known)
            : default;
    }
}

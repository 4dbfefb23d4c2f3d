using System.Collections.Immutable;
using System.Globalization;
using Trading.Backtests;

namespace Trading.Commands;

/// <summary>Reads ranges and windows of a sweep from the command line.</summary>
static class SweepArguments
{
    /// <exception cref="BacktestRefusedException">A range or the windows cannot be read; all of them are named.</exception>
    public static SweepSpec Spec(BacktestSpec test, string[] grid, int? draws, string? walkForward)
    {
        var errors = new List<FieldError>();
        var ranges = ImmutableSortedDictionary.CreateBuilder<string, ParameterRange>(StringComparer.Ordinal);
        foreach (var text in grid)
            if (text.Split('=', 2) is [var name, var values] && Numbers(values) is [var least, var most, var step])
                ranges[name] = new(least, most, step);
            else errors.Add(new("grid", "form", $"'{text}' is no range; one is fast=5:50:5, from, to and step."));
        WalkForwardSpec? walk = null;
        if (walkForward is not null)
        {
            if (Numbers(walkForward) is [var train, var days] && train is > 0 and < 100_000 && days is > 0 and < 100_000)
                walk = new((int)train, (int)days);
            else errors.Add(new("walk-forward", "form", $"'{walkForward}' are no windows; they are as in 730:182, days to train and to test."));
        }

        return errors.Count == 0
            ? new() { Test = test, Ranges = ranges.ToImmutable(), Draws = draws, WalkForward = walk }
            : throw new BacktestRefusedException([.. errors]);
    }

    static double[] Numbers(string text)
    {
        var numbers = new List<double>();
        foreach (var part in text.Split(':'))
            if (double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)) numbers.Add(number);
            else return [];
        return [.. numbers];
    }
}

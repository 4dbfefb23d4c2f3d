using System.Collections.Immutable;
using Trading.MarketData;

namespace Trading.Backtests;

/// <summary>Makes the history of a test, in its scenario, from bars that were read.</summary>
public static class HistoryLoader
{
    /// <param name="spec">Chooses symbols, interval and days.</param>
    /// <param name="classes">What kind of thing a symbol is.</param>
    /// <param name="sectors">By symbol, of those of which it is known; null for none.</param>
    /// <exception cref="BacktestDataException">No bar is left, symbols are missing, or bars break a rule; all of it
    /// is named.</exception>
    public static MarketHistory Load(BacktestSpec spec, IEnumerable<SymbolFileBars> files, AssetClasses classes,
        IReadOnlyDictionary<string, string>? sectors = null)
    {
        var wanted = spec.Symbols.ToHashSet(StringComparer.Ordinal);
        if (spec.Benchmark is { } benchmark && wanted.Count > 0) wanted.Add(benchmark);
        var series = new List<SymbolBars>();
        var errors = ImmutableArray.CreateBuilder<FieldError>();
        foreach (var file in files)
        {
            if (file.Interval != spec.Interval || (wanted.Count > 0 && !wanted.Contains(file.Symbol))) continue;
            Bar[] bars = [.. file.Bars.Where(bar => IsIn(spec, bar.Time))];
            if (bars.Length == 0)
            {
                errors.Add(new("from", "empty", $"{file.Symbol} has no bar in the days of the test."));
                continue;
            }

            try
            {
                var terms = new SymbolTerms
                {
                    AssetClass = classes.Of(file.Symbol), Actions = file.Actions,
                    Sector = sectors?.GetValueOrDefault(file.Symbol),
                };
                series.Add(BarColumnsBuilder.Build(file.Symbol, spec.Interval.Length(), bars, terms));
            }
            catch (BacktestDataException broken)
            {
                errors.AddRange(broken.Errors);
            }
        }

        foreach (var missing in wanted.Except(series.Select(one => one.Symbol)).Order(StringComparer.Ordinal))
            if (!errors.Any(error => error.Message.StartsWith(missing, StringComparison.Ordinal)))
                errors.Add(new("symbols", "no_data", $"{missing} has no {spec.Interval.Code()} bars."));
        if (series.Count == 0 && errors.Count == 0)
            errors.Add(new("interval", "no_data", $"There are no {spec.Interval.Code()} bars."));
        return errors.Count == 0
            ? new MarketHistory(series).Under(spec.Scenario, spec.Seed)
            : throw new BacktestDataException(errors.ToImmutable());
    }

    static bool IsIn(BacktestSpec spec, DateTimeOffset time)
    {
        var date = DateOnly.FromDateTime(time.UtcDateTime);
        return !(date < spec.From) && !(date > spec.To);
    }
}

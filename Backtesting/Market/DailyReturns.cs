using System.Collections.Immutable;

namespace Trading.Backtests;

/// <summary>What a series of daily bars has earned from session to session, up to now.</summary>
/// <param name="session">The place of its newest session among those of all symbols.</param>
/// <param name="unbroken">Sessions up to the newest that no other symbol's session lies between.</param>
/// <param name="values">Simple returns, by bar; that of the first bar is none.</param>
/// <param name="changes">Returns up to each bar that are another than the one before.</param>
public readonly ref struct DailyReturns(
    int session, int unbroken, ReadOnlySpan<double> values, ReadOnlySpan<int> changes)
{
    public int Session { get; } = session;

    public int Unbroken { get; } = unbroken;

    public ReadOnlySpan<double> Values { get; } = values;

    public ReadOnlySpan<int> Changes { get; } = changes;
}

/// <summary>The returns of a market in which every bar is a session of its own. Made once for all runs.</summary>
sealed class DailyPaths
{
    /// <summary>Returns that differ by less are one return and rounding.</summary>
    const double RoundingNoise = 1e-9;

    readonly Path[] _paths;

    DailyPaths(Path[] paths) => _paths = paths;

    readonly record struct Path(int[] Sessions, int[] Unbroken, double[] Values, int[] Changes);

    /// <summary>Null where two bars of a symbol are of one session.</summary>
    public static DailyPaths? Of(ImmutableArray<SymbolBars> series)
    {
        if (series.Any(one => one.Interval < TimeSpan.FromDays(1))) return null;
        int[][] days = [.. series.Select(one =>
            Enumerable.Range(0, one.Count).Select(bar => one.Session(bar).DayNumber).ToArray())];
        if (days.Any(own => own.Zip(own.Skip(1)).Any(pair => pair.First >= pair.Second))) return null;
        int[] all = [.. days.SelectMany(own => own).Distinct().Order()];
        return new([.. series.Zip(days, (one, own) => PathOf(one.Index, own, all))]);
    }

    /// <param name="bars">Bars that are known.</param>
    public DailyReturns Of(int series, int bars)
    {
        var path = _paths[series];
        return new(path.Sessions[bars - 1], path.Unbroken[bars - 1], path.Values.AsSpan(0, bars),
            path.Changes.AsSpan(0, bars));
    }

    static Path PathOf(double[] levels, int[] own, int[] all)
    {
        var path = new Path(new int[own.Length], new int[own.Length], new double[own.Length], new int[own.Length]);
        for (int bar = 0, at = 0; bar < own.Length; bar++, at++)
        {
            while (all[at] != own[bar]) at++;
            path.Sessions[bar] = at;
            path.Unbroken[bar] = bar > 0 && path.Sessions[bar - 1] == at - 1 ? path.Unbroken[bar - 1] + 1 : 1;
            if (bar == 0) continue;
            path.Values[bar] = levels[bar] / levels[bar - 1] - 1;
            path.Changes[bar] = path.Changes[bar - 1]
                + (bar > 1 && Math.Abs(path.Values[bar] - path.Values[bar - 1]) > RoundingNoise ? 1 : 0);
        }

        return path;
    }
}

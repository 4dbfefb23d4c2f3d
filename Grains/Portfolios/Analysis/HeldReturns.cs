using System.Collections.Immutable;
using Trading.MarketData;

namespace Trading.Portfolios;

/// <summary>A position as an analysis takes it: immutable, so that it may be read beside the turns of the
/// book.</summary>
/// <param name="Series">The whole history, of which the book itself keeps only the newest part.</param>
/// <param name="Weight">Of equity; negative when short.</param>
sealed record HeldSeries(PriceSeries Series, double Weight)
{
    public string Symbol => Series.Symbol;
    public string? Sector => Series.Sector;
}

/// <summary>Simple returns of the symbols held over the newest sessions that all of them have, oldest first; and the
/// book's, at today's weights, as fractions of today's equity.</summary>
/// <param name="Sessions">One more than returns: the first has none.</param>
/// <param name="Window">Returns that were asked for.</param>
sealed record HeldReturns(
    ImmutableArray<HeldSeries> Held, DateOnly[] Sessions, double[][] Returns, double[] Book, int Window)
{
    public int Sample => Book.Length;
    public DateOnly From => Sessions[1];
    public DateOnly To => Sessions[^1];
    public double[] Weights => [.. Held.Select(position => position.Weight)];

    public static HeldReturns Of(ImmutableArray<HeldSeries> held, int window)
    {
        var sessions = CommonSessions(held, window + 1);
        var returns = new double[held.Length][];
        for (var i = 0; i < returns.Length; i++)
            returns[i] = ReturnsOf(held[i].Series, sessions);
        return Of(held, sessions, returns, window);
    }

    /// <summary>Symbols whose returns mostly repeat the one before, so that they say nothing of the risk.</summary>
    public IEnumerable<string> Repeating => Held
        .Where((_, i) => Instrument.CountNew(Returns[i], 1) < Instrument.LeastNewReturns(Sample))
        .Select(position => position.Symbol);

    /// <summary>The places of the symbols whose returns ever differ: the others have no variance.</summary>
    public int[] Moving => [.. Enumerable.Range(0, Held.Length).Where(i => Instrument.CountNew(Returns[i], 1) > 0)];

    /// <summary>Some of these symbols, over the same sessions.</summary>
    public HeldReturns Of(int[] places) => places.Length == Held.Length
        ? this
        : Of([.. places.Select(i => Held[i])], Sessions, [.. places.Select(i => Returns[i])], Window);

    /// <summary>The newest of these returns.</summary>
    public HeldReturns Last(int window)
    {
        var count = Math.Min(window, Sample);
        return count == Sample
            ? this with { Window = window }
            : Of(Held, Sessions[^(count + 1)..], [.. Returns.Select(series => series[^count..])], window);
    }

    static HeldReturns Of(ImmutableArray<HeldSeries> held, DateOnly[] sessions, double[][] returns, int window)
    {
        var book = new double[Math.Max(0, sessions.Length - 1)];
        for (var i = 0; i < returns.Length; i++)
            Quant.ScenarioRisk.AddScaled(book, returns[i], held[i].Weight);
        return new(held, sessions, returns, book, window);
    }

    static DateOnly[] CommonSessions(ImmutableArray<HeldSeries> held, int most)
    {
        var first = held[0].Series.Dates.AsSpan();
        var count = Math.Min(most, held.Min(position => position.Series.Dates.Length));
        var newest = first[^count..].ToArray();
        if (held.All(position => position.Series.Dates.AsSpan()[^count..].SequenceEqual(newest))) return newest;
        var common = new HashSet<DateOnly>(held[0].Series.Dates);
        foreach (var position in held.Skip(1))
            common.IntersectWith(position.Series.Dates);
        return [.. common.Order().TakeLast(most)];
    }

    static double[] ReturnsOf(PriceSeries series, DateOnly[] sessions)
    {
        var returns = new double[Math.Max(0, sessions.Length - 1)];
        var before = 0.0;
        for (int i = 0, at = sessions.Length == 0 ? 0 : series.Dates.BinarySearch(sessions[0]);
            i < sessions.Length;
            i++, at++)
        {
            while (series.Dates[at] < sessions[i]) at++;
            var close = Money.ToDouble(series.Closes[at]);
            if (i > 0) returns[i - 1] = close / before - 1;
            before = close;
        }

        return returns;
    }
}

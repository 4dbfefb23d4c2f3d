using System.Collections.Immutable;

namespace Trading.Portfolios;

/// <summary>The forecasts of a book in the form of a snapshot.</summary>
public sealed record ForecastsState(ImmutableArray<Forecast> Made, ForecastStanding Standing);

/// <summary>A book's forecasts of its losses and what came of them, bounded. Changed by <see cref="ForecastMade"/>
/// alone.</summary>
public sealed class Forecasts
{
    /// <summary>The most that are kept; about four years.</summary>
    public const int Capacity = 1_000;

    readonly Queue<Forecast> _past = new();

    /// <summary>What they make of the limit on value at risk.</summary>
    public ForecastStanding Standing { get; private set; } = TrafficLights.Off;

    /// <summary>The newest, which waits for its session; null before the first.</summary>
    public Forecast? Open { get; private set; }

    public int Count => _past.Count + (Open is null ? 0 : 1);

    /// <summary>Oldest first.</summary>
    public ImmutableArray<Forecast> All => Open is { } open ? [.. _past, open] : [];

    /// <summary>Those whose profit or loss covers the one session that they were made for: others test
    /// nothing.</summary>
    public static IEnumerable<Forecast> Comparable(IEnumerable<Forecast> forecasts) =>
        forecasts.Where(forecast => forecast.Realised is { Sessions: 1 });

    /// <summary>Closes the forecast before with what came of it, and opens the next.</summary>
    internal void Apply(ForecastMade made)
    {
        if (Open is { } before) _past.Enqueue(before with { Realised = made.Realised });
        if (_past.Count == Capacity) _past.Dequeue();
        (Open, Standing) = (made.Forecast, made.Standing);
    }

    /// <summary>Null for none, as in the snapshot of a book that never made any.</summary>
    internal ForecastsState? Save() => Open is null ? null : new(All, Standing);

    internal void Restore(ForecastsState? saved)
    {
        if (saved is null) return;
        foreach (var forecast in saved.Made[..^1])
            _past.Enqueue(forecast);
        (Open, Standing) = (saved.Made[^1], saved.Standing);
    }
}

using System.Collections.Immutable;

namespace Trading.Portfolios;

/// <summary>A price and when it was one.</summary>
public readonly record struct PricePoint(DateTimeOffset At, decimal Price);

/// <summary>The prices that a book was told of one symbol in the last ten minutes, about ten seconds apart.</summary>
sealed class RecentPrices
{
    const int Capacity = 64;
    static readonly TimeSpan Spacing = TimeSpan.FromSeconds(10);

    readonly List<PricePoint> _prices = [];

    /// <summary>Takes a newer price.</summary>
    public void Note(DateTimeOffset at, decimal price)
    {
        if (_prices.Count > 0 && at <= _prices[^1].At) return;
        if (_prices.Count > 1 && _prices[^1].At - _prices[^2].At < Spacing) _prices.RemoveAt(_prices.Count - 1);
        if (_prices.Count == Capacity) _prices.RemoveAt(0);
        _prices.Add(new(at, price));
    }

    /// <summary>Oldest first.</summary>
    public ImmutableArray<PricePoint> Save() => [.. _prices];

    /// <summary>Replaces what is remembered.</summary>
    public void Restore(ImmutableArray<PricePoint> saved)
    {
        _prices.Clear();
        _prices.AddRange(saved.AsSpan());
    }

    /// <summary>Counts in the units of after a split.</summary>
    public void Rescale(SplitRatio ratio)
    {
        for (var i = 0; i < _prices.Count; i++) _prices[i] = new(_prices[i].At, ratio.Price(_prices[i].Price));
    }

    /// <summary>The newest price of that instant or before it; null where none is remembered.</summary>
    public decimal? At(DateTimeOffset instant)
    {
        for (var i = _prices.Count - 1; i >= 0; i--)
            if (_prices[i].At <= instant) return _prices[i].Price;
        return null;
    }
}

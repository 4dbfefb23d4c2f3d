namespace Trading.MarketData;

/// <summary>Median and median absolute deviation of the last numbers seen, kept in order so that a step costs one pass over the window.
/// The score is 0.6745 (x - median) / MAD: about a standard score for normal numbers, and not moved by the outliers it looks for
/// (Iglewicz and Hoaglin 1993, "modified z-score").</summary>
internal sealed class RobustWindow(int size)
{
    const double NormalConsistency = 0.6745;
    readonly double[] _byAge = new double[size];
    readonly double[] _sorted = new double[size];
    int _oldest;

    public int Count { get; private set; }

    /// <summary>Takes a finite number in, and the oldest out where the window is full.</summary>
    public void Add(double value)
    {
        if (!double.IsFinite(value)) throw new ArgumentOutOfRangeException(nameof(value), value, "Only finite numbers.");
        if (Count == size) Remove(_byAge[_oldest]);
        _byAge[_oldest] = value;
        _oldest = (_oldest + 1) % size;
        var place = Array.BinarySearch(_sorted, 0, Count, value);
        if (place < 0) place = ~place;
        Array.Copy(_sorted, place, _sorted, place + 1, Count - place);
        _sorted[place] = value;
        Count++;
    }

    /// <summary>The robust score of a number against the window, which must not be empty.</summary>
    /// <param name="minimumSpread">Taken for the MAD where that is smaller; positive.</param>
    public double Score(double value, double minimumSpread)
    {
        var median = Median();
        return NormalConsistency * (value - median) / Math.Max(Deviation(median), minimumSpread);
    }

    double Median() => (_sorted[(Count - 1) / 2] + _sorted[Count / 2]) / 2;

    /// <summary>The median of the distances from the median: walks outward from it, the nearer side first, until half are passed.</summary>
    double Deviation(double median)
    {
        var (below, above) = ((Count - 1) / 2, ((Count - 1) / 2) + 1);
        double distance = 0, previous = 0;
        for (var passed = 0; passed <= Count / 2; passed++)
        {
            previous = distance;
            var down = below >= 0 ? median - _sorted[below] : double.PositiveInfinity;
            var up = above < Count ? _sorted[above] - median : double.PositiveInfinity;
            distance = Math.Min(down, up);
            if (down <= up) below--;
            else above++;
        }

        return Count % 2 == 1 ? distance : (previous + distance) / 2;
    }

    void Remove(double value)
    {
        var place = Array.BinarySearch(_sorted, 0, Count, value);
        Array.Copy(_sorted, place + 1, _sorted, place, Count - place - 1);
        Count--;
    }
}

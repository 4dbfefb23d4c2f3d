namespace Trading.MarketData;

/// <summary>The last numbers of a series, and how far a new one is from their median, in median absolute deviations.
/// Taking a number in costs one store; only <see cref="Score"/> looks at the others, by selection in expected linear
/// time. The score is 0.6745 |x - median| / MAD: about a standard score for normal numbers, and not moved by the
/// outliers it looks for (Iglewicz and Hoaglin 1993, "modified z-score"; against a short window, Hampel's identifier,
/// Davies and Gather 1993).</summary>
sealed class RollingMad(int size)
{
    const double NormalConsistency = 0.6745;
    readonly double[] _ring = new double[size];
    readonly double[] _work = new double[size];
    int _next;

    public int Count { get; private set; }

    /// <summary>Takes a finite number in, and the oldest out where the window is full.</summary>
    public void Add(double value)
    {
        _ring[_next] = value;
        if (++_next == _ring.Length) _next = 0;
        if (Count < _ring.Length) Count++;
    }

    public void Clear() => (Count, _next) = (0, 0);

    /// <summary>Multiplies what is held, as by a change of its unit.</summary>
    public void Scale(double factor)
    {
        foreach (ref var each in _ring.AsSpan()) each *= factor;
    }

    /// <summary>The robust score of a number against the last <paramref name="last"/> ones; 0 while the window is
    /// empty.</summary>
    /// <param name="minimumSpread">Taken for the MAD where that is smaller; positive.</param>
    public double Score(double value, int last, double minimumSpread)
    {
        var sample = Newest(last);
        if (sample.IsEmpty) return 0;
        var median = Median(sample);
        foreach (ref var each in sample) each = Math.Abs(each - median);
        return NormalConsistency * Math.Abs(value - median) / Math.Max(Median(sample), minimumSpread);
    }

    /// <summary>The median of the last numbers; NaN while there is none.</summary>
    public double Median(int last) => Newest(last) is { IsEmpty: false } sample ? Median(sample) : double.NaN;

    /// <summary>Median absolute deviation from zero.</summary>
    public double Spread(int last)
    {
        var sample = Newest(last);
        foreach (ref var each in sample) each = Math.Abs(each);
        return sample.IsEmpty ? double.NaN : Median(sample);
    }

    /// <summary>A copy of the newest numbers, in any order.</summary>
    Span<double> Newest(int last)
    {
        var count = Math.Min(last, Count);
        var sample = _work.AsSpan(0, count);
        var start = _next - count;
        if (start >= 0)
        {
            _ring.AsSpan(start, count).CopyTo(sample);
        }
        else
        {
            _ring.AsSpan(_ring.Length + start).CopyTo(sample);
            _ring.AsSpan(0, _next).CopyTo(sample[-start..]);
        }

        return sample;
    }

    /// <summary>Of an even count the mean of the two in the middle. The order of the sample changes.</summary>
    static double Median(Span<double> sample)
    {
        var upper = Select(sample, sample.Length / 2);
        if (sample.Length % 2 == 1) return upper;
        var lower = sample[0];
        foreach (var each in sample[1..(sample.Length / 2)]) lower = Math.Max(lower, each);
        return lower + ((upper - lower) / 2);
    }

    /// <summary>Hoare's selection: the number that has <paramref name="rank"/> others before it in order; those come
    /// to stand before it.</summary>
    static double Select(Span<double> sample, int rank)
    {
        var (left, right) = (0, sample.Length - 1);
        while (left < right)
        {
            var (pivot, low, high) = (sample[(left + right) / 2], left, right);
            while (low <= high)
            {
                while (sample[low] < pivot) low++;
                while (sample[high] > pivot) high--;
                if (low > high) break;
                (sample[low], sample[high]) = (sample[high], sample[low]);
                (low, high) = (low + 1, high - 1);
            }

            if (rank <= high) right = high;
            else if (rank >= low) left = low;
            else break;
        }

        return sample[rank];
    }
}

namespace Trading.Quant;

/// <summary>An exponential average that starts as the plain mean of its first values.</summary>
/// <remarks>The whole stream since its first value is in it, so it is the same only where streams begin at the
/// same value.</remarks>
public sealed class ExponentialAverage
{
    readonly int _seed;
    readonly double _weight;
    int _count;
    double _sum;

    ExponentialAverage(int seed, double weight) => (_seed, _weight) = (seed, weight);

    /// <summary>Weight 2 / (n + 1) on the newest value.</summary>
    public static ExponentialAverage OfSpan(int n) => new(n, 2 / (n + 1.0));

    /// <summary>Wilder's: weight 1 / n on the newest value.</summary>
    public static ExponentialAverage Wilder(int n) => new(n, 1.0 / n);

    public bool IsFull => _count >= _seed;

    /// <summary>NaN until there are enough values for the first mean.</summary>
    public double Value { get; private set; } = double.NaN;

    public void Add(double value)
    {
        if (_count >= _seed)
        {
            Value += _weight * (value - Value);
            return;
        }

        _sum += value;
        if (++_count == _seed) Value = _sum / _seed;
    }
}

/// <summary>Wilder's sum: what was summed before fades by 1 / n with every value, from the n-th on.</summary>
public sealed class WilderSum(int n)
{
    int _count;

    public bool IsFull => _count >= n;
    public double Value { get; private set; }

    public void Add(double value)
    {
        Value = (_count < n - 1 ? Value : Value * (n - 1) / n) + value;
        if (_count < n) _count++;
    }
}

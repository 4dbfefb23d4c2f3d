namespace Trading.Quant;

/// <summary>Skewness and excess kurtosis of the last values of a stream, both with moments divided by n. As in
/// <see cref="RollingMoments"/>, sums are taken anew once a window.</summary>
public sealed class RollingShape(int length)
{
    const double Rounding = 1e-13;

    readonly double[] _values = new double[length];
    int _next;
    double _first, _second, _third, _fourth;

    public int Count { get; private set; }
    public bool IsFull => Count == _values.Length;

    /// <summary>Null where no value differs from another.</summary>
    public (double Skewness, double ExcessKurtosis)? Shape
    {
        get
        {
            double n = Count, mean = _first / n, square = _second / n;
            var variance = square - mean * mean;
            if (!(variance > Rounding * square)) return null;
            var third = _third / n - 3 * mean * square + 2 * mean * mean * mean;
            var fourth = _fourth / n - 4 * mean * _third / n + 6 * mean * mean * square
                - 3 * mean * mean * mean * mean;
            return (third / (variance * Math.Sqrt(variance)), fourth / (variance * variance) - 3);
        }
    }

    public void Add(double value)
    {
        if (IsFull) Weigh(_values[_next], -1);
        else Count++;
        Weigh(value, 1);
        _values[_next] = value;
        if (++_next < _values.Length) return;
        _next = 0;
        (_first, _second, _third, _fourth) = (0, 0, 0, 0);
        foreach (var each in _values)
            Weigh(each, 1);
    }

    void Weigh(double value, double sign)
    {
        var square = value * value;
        _first += sign * value;
        _second += sign * square;
        _third += sign * square * value;
        _fourth += sign * square * square;
    }
}

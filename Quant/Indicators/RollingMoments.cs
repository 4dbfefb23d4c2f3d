namespace Trading.Quant;

/// <summary>Mean and variance of the last values of a stream, at the same cost for every length. The sums are taken
/// anew each time the window has been filled once more, so rounding never adds up over more values than it
/// holds.</summary>
public sealed class RollingMoments(int length)
{
    /// <summary>A variance below this share of the mean square is rounding: the values do not differ.</summary>
    const double Rounding = 1e-13;

    readonly double[] _values = new double[length];
    int _next;
    double _sum, _squares;

    public int Count { get; private set; }
    public bool IsFull => Count == _values.Length;
    public double Sum => _sum;
    public double Mean => _sum / Count;

    /// <summary>Divided by n.</summary>
    public double PopulationVariance
    {
        get
        {
            var square = _squares / Count;
            var variance = square - Mean * Mean;
            return variance > Rounding * square ? variance : 0;
        }
    }

    /// <summary>Divided by n - 1.</summary>
    public double SampleVariance => PopulationVariance * Count / (Count - 1);
    public double PopulationDeviation => Math.Sqrt(PopulationVariance);
    public double SampleDeviation => Math.Sqrt(SampleVariance);

    public void Add(double value)
    {
        if (IsFull)
        {
            var leaving = _values[_next];
            _sum += value - leaving;
            _squares += value * value - leaving * leaving;
        }
        else
        {
            Count++;
            _sum += value;
            _squares += value * value;
        }

        _values[_next] = value;
        if (++_next < _values.Length) return;
        _next = 0;
        (_sum, _squares) = (0, 0);
        foreach (var each in _values)
            (_sum, _squares) = (_sum + each, _squares + each * each);
    }
}

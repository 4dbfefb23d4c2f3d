namespace Trading.Quant;

/// <summary>The least-squares line through the last values of a stream against their places, at the same cost for
/// every length.</summary>
public sealed class TrendLine(int length)
{
    readonly RollingWindow _values = new(length);
    double _sum, _weighted, _squares;
    int _sinceRefresh;

    public bool IsFull => _values.IsFull;

    /// <summary>Slope a place, and the share of the variance that the line explains; null where no value
    /// differs.</summary>
    public (double Slope, double Explained)? Line
    {
        get
        {
            double n = length, mean = _sum / n;
            var variance = _squares / n - mean * mean;
            if (!(variance > 1e-13 * _squares / n)) return null;
            // The newest value has place 0, the one before it -1.
            var covariance = _weighted / n + (n - 1) / 2 * mean;
            var places = (n * n - 1) / 12;
            return (covariance / places, Math.Min(1, covariance * covariance / places / variance));
        }
    }

    public void Add(double value)
    {
        if (_values.IsFull)
        {
            var leaving = _values[length - 1];
            _weighted -= _sum - length * leaving;
            _sum += value - leaving;
            _squares += value * value - leaving * leaving;
        }
        else
        {
            _weighted -= _sum;
            _sum += value;
            _squares += value * value;
        }

        _values.Add(value);
        if (++_sinceRefresh < length) return;
        (_sinceRefresh, _sum, _weighted, _squares) = (0, 0, 0, 0);
        for (var back = _values.Count - 1; back >= 0; back--)
        {
            var each = _values[back];
            _sum += each;
            _weighted -= back * each;
            _squares += each * each;
        }
    }
}

namespace Trading.Quant;

/// <summary>How the last pairs of two streams move together. As in <see cref="RollingMoments"/>, sums are taken anew
/// once a window.</summary>
public sealed class RollingComovement(int length)
{
    const double Rounding = 1e-13;

    readonly (double X, double Y)[] _pairs = new (double, double)[length];
    int _next;
    double _x, _y, _xx, _yy, _xy;

    public int Count { get; private set; }
    public bool IsFull => Count == _pairs.Length;
    public double Covariance => _xy / Count - _x / Count * (_y / Count);

    /// <summary>Of y on x; null where x does not change.</summary>
    public double? Slope => Variance(_x, _xx) is > 0 and var variance ? Covariance / variance : null;

    /// <summary>From -1 to 1; null where either does not change.</summary>
    public double? Correlation => Variance(_x, _xx) is > 0 and var x && Variance(_y, _yy) is > 0 and var y
        ? Math.Clamp(Covariance / Math.Sqrt(x * y), -1, 1)
        : null;

    /// <summary>The population variance of what the least-squares line leaves of y; null where x does not
    /// change.</summary>
    public double? ResidualVariance => Variance(_x, _xx) is > 0 and var variance
        ? Math.Max(0, Variance(_y, _yy) - Covariance * Covariance / variance)
        : null;

    public void Add(double x, double y)
    {
        if (IsFull) Weigh(_pairs[_next], -1);
        else Count++;
        Weigh((x, y), 1);
        _pairs[_next] = (x, y);
        if (++_next < _pairs.Length) return;
        _next = 0;
        (_x, _y, _xx, _yy, _xy) = (0, 0, 0, 0, 0);
        foreach (var pair in _pairs)
            Weigh(pair, 1);
    }

    void Weigh((double X, double Y) pair, double sign)
    {
        _x += sign * pair.X;
        _y += sign * pair.Y;
        _xx += sign * pair.X * pair.X;
        _yy += sign * pair.Y * pair.Y;
        _xy += sign * pair.X * pair.Y;
    }

    double Variance(double sum, double squares)
    {
        var (mean, square) = (sum / Count, squares / Count);
        var variance = square - mean * mean;
        return variance > Rounding * square ? variance : 0;
    }
}

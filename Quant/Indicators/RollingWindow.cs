namespace Trading.Quant;

/// <summary>The last values of a stream, the newest at index 0.</summary>
public sealed class RollingWindow
{
    readonly double[] _values;
    int _newest = -1;

    /// <exception cref="ArgumentException">The length is not positive.</exception>
    public RollingWindow(int length)
    {
        if (length < 1) throw new ArgumentException($"A window holds one value or more, not {length}.", nameof(length));
        _values = new double[length];
    }

    public int Length => _values.Length;
    public int Count { get; private set; }
    public bool IsFull => Count == _values.Length;

    /// <param name="back">0 for the newest value, up to <see cref="Count"/> - 1.</param>
    public double this[int back]
    {
        get
        {
            var index = _newest - back;
            return _values[index < 0 ? index + _values.Length : index];
        }
    }

    public void Add(double value)
    {
        if (++_newest == _values.Length) _newest = 0;
        _values[_newest] = value;
        if (Count < _values.Length) Count++;
    }
}

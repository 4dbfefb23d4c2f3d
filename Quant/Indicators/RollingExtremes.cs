namespace Trading.Quant;

/// <summary>The largest of the last values of a stream and how long ago it was, by a monotonic queue: each value
/// enters and leaves once.</summary>
public sealed class RollingMaximum(int length)
{
    readonly (double Value, long At)[] _queue = new (double, long)[length];
    int _head, _size;
    long _count;

    public bool IsFull => _count >= length;
    public double Value => _queue[_head].Value;

    /// <summary>Values since the largest one, 0 where it is the newest; of equals the newest counts.</summary>
    public int Age => (int)(_count - 1 - _queue[_head].At);

    public void Add(double value)
    {
        if (_size > 0 && _queue[_head].At <= _count - length)
        {
            _head = (_head + 1) % length;
            _size--;
        }

        while (_size > 0 && _queue[(_head + _size - 1) % length].Value <= value)
            _size--;
        _queue[(_head + _size++) % length] = (value, _count++);
    }
}

/// <summary>The smallest of the last values of a stream and how long ago it was.</summary>
public sealed class RollingMinimum(int length)
{
    readonly RollingMaximum _negated = new(length);

    public bool IsFull => _negated.IsFull;
    public double Value => -_negated.Value;
    public int Age => _negated.Age;
    public void Add(double value) => _negated.Add(-value);
}

/// <summary>The share of the last values of a stream that lie below its newest one, half of equals counted.</summary>
public sealed class RollingRank(int length)
{
    readonly double[] _values = new double[length];
    int _count;

    public bool IsFull => _count >= length;

    /// <summary>From 0 to 1; one half in a window of equal values.</summary>
    public double Add(double value)
    {
        _values[_count++ % length] = value;
        if (_count >= 2 * length) _count -= length;
        int below = 0, equal = 0;
        foreach (var each in _values.AsSpan(0, Math.Min(_count, length)))
        {
            below += each < value ? 1 : 0;
            equal += each == value ? 1 : 0;
        }

        var others = Math.Min(_count, length) - 1;
        return others > 0 ? (below + (equal - 1) / 2.0) / others : 0.5;
    }
}

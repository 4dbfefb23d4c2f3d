namespace Trading.Quant;

/// <summary>Wilder's directional movement (New Concepts in Technical Trading Systems, 1978): both directional
/// indicators and their average index, from 0 to 100.</summary>
public sealed class DirectionalMovement(int n)
{
    readonly WilderSum _up = new(n), _down = new(n), _range = new(n);
    readonly ExponentialAverage _index = ExponentialAverage.Wilder(n);
    (double High, double Low, double Close)? _before;

    /// <summary>Null until there are n + 1 bars, or where nothing moved.</summary>
    public (double Up, double Down)? Indicators =>
        _range is { IsFull: true, Value: > 0 } ? (100 * _up.Value / _range.Value, 100 * _down.Value / _range.Value) : null;

    /// <summary>Null until there are 2 n bars.</summary>
    public double? Index => _index.IsFull ? _index.Value : null;

    public void Add(double high, double low, double close)
    {
        if (_before is { } before)
        {
            var (up, down) = (high - before.High, before.Low - low);
            _up.Add(up > down && up > 0 ? up : 0);
            _down.Add(down > up && down > 0 ? down : 0);
            _range.Add(Math.Max(high, before.Close) - Math.Min(low, before.Close));
            if (Indicators is { } now)
                _index.Add(now.Up + now.Down > 0 ? 100 * Math.Abs(now.Up - now.Down) / (now.Up + now.Down) : 0);
        }

        _before = (high, low, close);
    }
}

/// <summary>Wilder's relative strength, from 0 to 1: average gains over average moves.</summary>
public sealed class RelativeStrength(int n)
{
    readonly ExponentialAverage _gains = ExponentialAverage.Wilder(n), _losses = ExponentialAverage.Wilder(n);

    /// <summary>Null until there are n changes; one half where nothing moved.</summary>
    public double? Value => !_gains.IsFull ? null
        : _gains.Value + _losses.Value > 0 ? _gains.Value / (_gains.Value + _losses.Value) : 0.5;

    public void Add(double change)
    {
        _gains.Add(Math.Max(change, 0));
        _losses.Add(Math.Max(-change, 0));
    }
}

namespace Trading.MarketData;

/// <param name="Price">In the currency of the listing.</param>
/// <param name="Quantity">Units that changed hands, positive.</param>
public readonly record struct Trade(DateTimeOffset Time, decimal Price, decimal Quantity);

/// <summary>Puts trades, or shorter bars, of one symbol together into bars of an interval: the open is the first
/// price, the close the last, in the order of arrival. An interval in which nothing traded has no bar.</summary>
public sealed class CandleBuilder(BarInterval interval)
{
    readonly long _length = interval.Length().Ticks;
    Bar? _current;

    /// <summary>The bar of the interval that is still open; null before the first trade.</summary>
    public Bar? Current => _current;

    /// <param name="finished">The bar of the interval before, once a trade of a later one shows that it has
    /// ended.</param>
    /// <returns>False where the trade belongs to an interval that is finished already; it is left out.</returns>
    public bool TryAdd(in Trade trade, out Bar? finished) =>
        TryAdd(new Bar(trade.Time, trade.Price, trade.Price, trade.Price, trade.Price, trade.Quantity), out finished);

    /// <summary>The same of a bar of a shorter interval. A volume that is not known makes that of the whole
    /// unknown.</summary>
    public bool TryAdd(in Bar part, out Bar? finished)
    {
        finished = null;
        var start = new DateTimeOffset(part.Time.UtcTicks / _length * _length, TimeSpan.Zero);
        if (_current is not { } open || start > open.Time)
        {
            finished = _current;
            _current = part with { Time = start };
            return true;
        }

        if (start < open.Time) return false;
        _current = open with
        {
            High = Math.Max(open.High, part.High),
            Low = Math.Min(open.Low, part.Low),
            Close = part.Close,
            Volume = open.Volume + part.Volume,
        };
        return true;
    }

    /// <summary>Ends the open interval and returns its bar; null where there is none.</summary>
    public Bar? Complete()
    {
        var last = _current;
        _current = null;
        return last;
    }
}

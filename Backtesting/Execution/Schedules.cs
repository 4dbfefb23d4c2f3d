using Trading.Quant;

namespace Trading.Backtests;

/// <summary>How an order is spread over time.</summary>
public enum ScheduleKind
{
    /// <summary>All of it at once.</summary>
    Market,
    /// <summary>Evenly over time.</summary>
    Twap,
    /// <summary>With the volume that this time of day has had.</summary>
    Vwap,
    /// <summary>A part of what has just traded.</summary>
    Pov,
    /// <summary>Earlier the more the risk is feared (<see cref="AlmgrenChriss"/>).</summary>
    AlmgrenChriss,
}

/// <param name="Length">From the first part to the last; of all but market and POV.</param>
/// <param name="Participation">Of what trades, for POV.</param>
/// <param name="Urgency">κT, for Almgren and Chriss.</param>
public sealed record ScheduleOptions(ScheduleKind Kind, TimeSpan Length, double Participation = 0.1,
    double Urgency = 2);

/// <summary>What traded at each time of day so far; it is told of every bar as it becomes known.</summary>
public sealed class VolumeProfile
{
    readonly SortedDictionary<long, (double Sum, int Days)> _byTime = [];

    public void Observe(DateTimeOffset end, double? volume)
    {
        if (volume is not { } known) return;
        var (sum, days) = _byTime.GetValueOrDefault(end.TimeOfDay.Ticks);
        _byTime[end.TimeOfDay.Ticks] = (sum + known, days + 1);
    }

    /// <summary>The part of an interval's usual volume that trades before a moment of it; by time where nothing is
    /// known.</summary>
    public double Before(DateTimeOffset start, DateTimeOffset moment, DateTimeOffset end)
    {
        var (part, whole) = (0.0, 0.0);
        if (end - start > TimeSpan.FromDays(1)) return (moment - start) / (end - start);
        foreach (var (time, (sum, days)) in _byTime)
        {
            var at = start.Date + TimeSpan.FromTicks(time);
            if (at <= start.DateTime) at = at.AddDays(1);
            if (at > end.DateTime) continue;
            whole += sum / days;
            if (at <= moment.DateTime) part += sum / days;
        }

        return whole > 0 ? part / whole : (moment - start) / (end - start);
    }
}

/// <summary>An order that is sent in parts. Ask it at every moment at which its symbol has a new bar.</summary>
/// <param name="series">The symbol.</param>
/// <param name="quantity">Above zero to buy.</param>
/// <param name="start">When it was decided.</param>
/// <param name="profile">Of the symbol, for <see cref="ScheduleKind.Vwap"/>.</param>
public sealed class ScheduledOrder(
    int series, decimal quantity, ScheduleOptions options, DateTimeOffset start, VolumeProfile? profile = null)
{
    /// <summary>A path is cut to so many decimals: hyperbolic functions differ between machines in their last
    /// bit.</summary>
    const int PathDigits = 12;

    /// <summary>What is due is rounded to so many decimals, so that a twelfth of 12,000 is 1,000.</summary>
    const int QuantityDigits = 6;

    decimal _sent;
    int _parent;

    public bool IsDone => _sent == Math.Abs(quantity);

    /// <summary>Sends what is due until the end of the bar that comes next.</summary>
    /// <param name="interval">The length of that bar.</param>
    public void OnBar(StrategyContext context, TimeSpan interval)
    {
        if (IsDone) return;
        var whole = Math.Abs(quantity);
        var due = options.Kind == ScheduleKind.Pov
            ? Math.Min(whole - _sent, context.Volume(series) is { } volume ? (decimal)(options.Participation * volume)
                : 0)
            : Planned(context.Now + interval) - _sent;
        var part = context.WholeLots(series, due);
        if (part <= 0) return;
        var sent = context.Submit(new(series, Math.Sign(quantity) * part, Parent: _parent));
        if (sent == 0) return;
        _sent += part;
        if (_parent == 0) _parent = sent;
    }

    /// <summary>Units that are to be sent by a moment.</summary>
    decimal Planned(DateTimeOffset until)
    {
        var whole = Math.Abs(quantity);
        if (options.Kind == ScheduleKind.Market || until >= start + options.Length) return whole;
        var progress = (until - start) / options.Length;
        var share = options.Kind switch
        {
            ScheduleKind.Vwap => profile?.Before(start, until, start + options.Length) ?? progress,
            ScheduleKind.AlmgrenChriss => 1 - AlmgrenChriss.Remaining(progress, options.Urgency),
            _ => progress,
        };
        return decimal.Round(whole * (decimal)Math.Round(share, PathDigits), QuantityDigits);
    }
}

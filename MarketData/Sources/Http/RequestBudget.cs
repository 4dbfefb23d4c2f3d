namespace Trading.MarketData;

/// <summary>How much a source may be asked: a token bucket that refills evenly over a minute, counted in the source's
/// own weights. Closed for as long as the source asked to be left alone.</summary>
/// <param name="perMinute">The size of the bucket, and what flows in within a minute.</param>
public sealed class RequestBudget(int perMinute, TimeProvider clock)
{
    readonly Lock _gate = new();
    double _left = perMinute;
    DateTimeOffset _filledAt = clock.GetUtcNow();
    DateTimeOffset _closedUntil = DateTimeOffset.MinValue;

    public int PerMinute => perMinute;

    /// <summary>What may be spent now; 0 while closed.</summary>
    public double Left
    {
        get
        {
            lock (_gate) return Refill() < _closedUntil ? 0 : _left;
        }
    }

    /// <summary>When a closed budget opens again; null while it is open.</summary>
    public DateTimeOffset? ClosedUntil
    {
        get
        {
            lock (_gate) return clock.GetUtcNow() < _closedUntil ? _closedUntil : null;
        }
    }

    /// <returns>Null where the weight is taken; else how long to wait, and nothing is taken.</returns>
    public TimeSpan? TryTake(int weight)
    {
        lock (_gate)
        {
            var now = Refill();
            if (now < _closedUntil) return _closedUntil - now;
            if (_left < weight) return TimeSpan.FromMinutes((weight - _left) / perMinute);
            _left -= weight;
            return null;
        }
    }

    /// <summary>Nothing more for this long: the source said so.</summary>
    public void CloseFor(TimeSpan time)
    {
        lock (_gate)
        {
            var until = clock.GetUtcNow() + time;
            if (until > _closedUntil) _closedUntil = until;
        }
    }

    /// <summary>The source's own count of the last minute, in which other programs behind the same address are
    /// included.</summary>
    public void CountedByTheSource(int used)
    {
        lock (_gate)
        {
            Refill();
            _left = Math.Min(_left, Math.Max(0, perMinute - used));
        }
    }

    DateTimeOffset Refill()
    {
        var now = clock.GetUtcNow();
        if (now > _filledAt) _left = Math.Min(perMinute, _left + (now - _filledAt).TotalMinutes * perMinute);
        _filledAt = now;
        return now;
    }
}

/// <summary>A source that may only be asked so much.</summary>
interface IBudgetedSource
{
    RequestBudget Budget { get; }
}

namespace Trading.MarketData;

/// <summary>Whether a source may be asked in its turn. It loses that with one failure, and regains it only with a
/// number of good answers in a row, each to a request made after the failure and a while after the one before
/// it.</summary>
sealed class SourceTrust(int needed, TimeSpan apart)
{
    DateTimeOffset _lostAt = DateTimeOffset.MinValue, _countedAt = DateTimeOffset.MinValue;

    public int Needed => needed;

    /// <summary>Good answers since the last failure; null while trusted.</summary>
    public int? Good { get; private set; }

    public bool IsTrusted => Good is null;

    /// <returns>True where trust ended with this.</returns>
    public bool Failed(DateTimeOffset now)
    {
        var ended = IsTrusted;
        (Good, _lostAt, _countedAt) = (0, now, now);
        return ended;
    }

    /// <returns>True where trust returned with this.</returns>
    public bool Answered(DateTimeOffset askedAt, DateTimeOffset now)
    {
        if (IsTrusted || askedAt < _lostAt || now - _countedAt < apart) return false;
        _countedAt = now;
        Good = Good + 1 < needed ? Good + 1 : null;
        return IsTrusted;
    }

    /// <summary>True where another answer would count now.</summary>
    public bool MayAnswer(DateTimeOffset now) => !IsTrusted && now - _countedAt >= apart;
}

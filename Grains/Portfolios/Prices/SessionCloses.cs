using System.Runtime.InteropServices;

namespace Trading.Portfolios;

/// <summary>Closes of the newest sessions, oldest first, and the returns between them. What follows it shares its memory: one session
/// more costs what one session does. Of one turn at a time; what was read before stays as it was.</summary>
readonly struct SessionCloses
{
    readonly Store? _store;
    readonly int _from, _count;

    SessionCloses(Store store, int from, int count) => (_store, _from, _count) = (store, from, count);

    public SessionCloses(ReadOnlySpan<DateOnly> dates, ReadOnlySpan<double> closes)
        : this(new(closes.Length), 0, closes.Length)
    {
        for (var i = 0; i < dates.Length; i++) _store!.Add(dates[i], closes[i]);
    }

    public int Length => _count;

    public ReadOnlySpan<DateOnly> Dates => _store is null ? default : _store.Dates.AsSpan(_from, _count);

    public ReadOnlySpan<double> Closes => _store is null ? default : _store.Closes.AsSpan(_from, _count);

    /// <summary>Its newest sessions, so many, and others after them.</summary>
    public SessionCloses Follow(int kept, ReadOnlySpan<int> days, ReadOnlySpan<double> closes)
    {
        var (store, from, count) = (_store, _from + _count - kept, kept + days.Length);
        if (store is null || store.Count != _from + _count || store.Count + days.Length > store.Capacity)
        {
            // Room for half as many again, where it is not the first time.
            store = new(kept == 0 ? count : count + (count / 2));
            for (var i = _count - kept; i < _count; i++) store.Add(Dates[i], Closes[i]);
            from = 0;
        }

        for (var i = 0; i < days.Length; i++) store.Add(DateOnly.FromDayNumber(days[i]), closes[i]);
        return new(store, from, count);
    }

    /// <summary>The returns of sessions after the first; false where they are not in a row here, or where there is
    /// none.</summary>
    public bool TryReturns(ReadOnlySpan<DateOnly> sessions, out ReadOnlySpan<double> returns)
    {
        returns = default;
        if (sessions.IsEmpty) return false;
        var end = _count > 0 && Dates[^1] == sessions[^1] ? _count : Dates.BinarySearch(sessions[^1]) + 1;
        var first = end - sessions.Length;
        if (end <= 0 || first < 0 || !Numbers(Dates[first..end]).SequenceEqual(Numbers(sessions))) return false;
        returns = _store!.Returns.AsSpan(_from + first + 1, sessions.Length - 1);
        return true;
    }

    /// <summary>Dates as the integers that they are, which compare many at a time.</summary>
    public static ReadOnlySpan<int> Numbers(ReadOnlySpan<DateOnly> dates) => MemoryMarshal.Cast<DateOnly, int>(dates);

    sealed class Store(int capacity)
    {
        public readonly DateOnly[] Dates = new DateOnly[capacity];
        public readonly double[] Closes = new double[capacity];

        /// <summary>From the session before; that of the first is none.</summary>
        public readonly double[] Returns = new double[capacity];

        public int Capacity => Dates.Length;

        public int Count { get; private set; }

        public void Add(DateOnly date, double close)
        {
            (Dates[Count], Closes[Count]) = (date, close);
            if (Count > 0) Returns[Count] = close / Closes[Count - 1] - 1;
            Count++;
        }
    }
}

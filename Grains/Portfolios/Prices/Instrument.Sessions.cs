namespace Trading.Portfolios;

/// <summary>The sessions that instruments have in common.</summary>
sealed partial class Instrument
{
    /// <summary>The newest sessions that all instruments have, oldest first, at most as many as
    /// <paramref name="sessions"/> holds.</summary>
    /// <returns>How many were found; they stand at the beginning.</returns>
    public static int CommonSessions(ReadOnlySpan<Instrument> instruments, Span<DateOnly> sessions)
    {
        var first = instruments[0].Dates;
        var shortest = first.Length;
        foreach (var other in instruments)
            shortest = Math.Min(shortest, other.Dates.Length);
        var count = Math.Min(shortest, sessions.Length);
        var newest = first[^count..];
        foreach (var other in instruments)
            if (!SessionCloses.Numbers(other.Dates[^count..]).SequenceEqual(SessionCloses.Numbers(newest))) return Intersect(instruments, sessions);
        newest.CopyTo(sessions);
        return count;
    }

    static int Intersect(ReadOnlySpan<Instrument> instruments, Span<DateOnly> sessions)
    {
        var found = 0;
        var dates = instruments[0].Dates;
        for (var at = dates.Length - 1; at >= 0 && found < sessions.Length; at--)
        {
            var common = true;
            foreach (var other in instruments)
                common = common && other.Dates.BinarySearch(dates[at]) >= 0;
            if (common) sessions[found++] = dates[at];
        }

        sessions[..found].Reverse();
        return found;
    }
}

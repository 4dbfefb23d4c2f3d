using System.Collections.Immutable;

namespace Trading.MarketData;

/// <summary>What was known of a series when: a value that changes adds a version and leaves the old one.</summary>
public static class MacroVersions
{
    /// <summary>Versions of one series; FRED gives up to 100,000 in an answer.</summary>
    public const int MaxVersions = 200_000;

    /// <summary>What is known after an answer.</summary>
    /// <param name="known">By date, then by the time they became known.</param>
    /// <param name="received">In the same order.</param>
    /// <returns><paramref name="known"/> itself where the answer says nothing new. Of more than <see
    /// cref="MaxVersions"/> the dates furthest back go.</returns>
    public static ImmutableArray<MacroObservation> Merge(
        ImmutableArray<MacroObservation> known, ImmutableArray<MacroObservation> received)
    {
        var merged = ImmutableArray.CreateBuilder<MacroObservation>(known.Length);
        var (old, fresh, added) = (0, 0, false);
        while (old < known.Length || fresh < received.Length)
        {
            if (fresh == received.Length || (old < known.Length && IsBefore(known[old], received[fresh])))
                merged.Add(known[old++]);
            else if (merged.Count > 0 && merged[^1].Date == received[fresh].Date
                && merged[^1].Value == received[fresh].Value)
                fresh++; // as it was known before
            else
            {
                merged.Add(received[fresh++]);
                added = true;
            }
        }

        if (!added) return known;
        if (merged.Count > MaxVersions) merged.RemoveRange(0, merged.Count - MaxVersions);
        return merged.DrainToImmutable();
    }

    /// <summary>The version of each date that was known at a time; dates that were not known then are left
    /// out.</summary>
    public static ImmutableArray<MacroObservation> Read(ImmutableArray<MacroObservation> known, MacroQuery query)
    {
        var read = ImmutableArray.CreateBuilder<MacroObservation>();
        foreach (var version in known)
        {
            if (version.Date < query.From || version.Date >= query.To || version.KnownAt > query.AsOf) continue;
            if (read.Count > 0 && read[^1].Date == version.Date) read[^1] = version;
            else read.Add(version);
        }

        return read.DrainToImmutable();
    }

    /// <summary>How many values were changed after they were first known.</summary>
    public static int Revisions(ImmutableArray<MacroObservation> known) =>
        known.Length - known.Select(version => version.Date).Distinct().Count();

    static bool IsBefore(MacroObservation a, MacroObservation b) =>
        a.Date < b.Date || (a.Date == b.Date && a.KnownAt <= b.KnownAt);
}

namespace Trading.MarketData;

/// <summary>Builds the report on a symbol from what its validator counted.</summary>
static class QualityReport
{
    /// <param name="asOf">The instant for which the last bar is current; null where no bar is known.</param>
    /// <param name="maxAge">The age up to which a price is fresh.</param>
    /// <param name="gate">Remembers the mode from report to report.</param>
    public static SymbolQuality Build(
        string symbol, BarValidator validator, DateTimeOffset now, DateTimeOffset? asOf, TimeSpan maxAge,
        QualityOptions options, ModeHysteresis gate)
    {
        var counts = validator.Counts;
        double? age = asOf is { } instant ? Math.Max(0, (now - instant).TotalSeconds) : null;
        var scores = Scores(counts, validator.Expected, age, maxAge);
        var (asked, reasons) = SymbolModes.Ask(scores, counts.LastVerdict, options);
        var mode = gate.Take(asked);
        if (mode != asked) reasons = reasons.Add("waits for more good reports before it is better");
        return new(
            symbol, validator.Profile.Interval, mode, reasons, scores, counts.First, counts.Last, age,
            counts.Accepted, counts.Quarantined, counts.Rejected, counts.ByRule(), counts.Latest());
    }

    /// <summary>The scores; each null where it cannot be known.</summary>
    /// <param name="expected">The bars that the calendar expects from the first to the last.</param>
    public static QualityScores Scores(QualityCounts counts, long? expected, double? ageSeconds, TimeSpan maxAge)
    {
        var came = counts.Accepted + counts.Quarantined + counts.Rejected;
        return new(
            expected is > 0 ? Math.Clamp(1 - ((double)counts.Missing / expected.Value), 0, 1) : null,
            came > 0 ? (double)counts.Accepted / came : null,
            counts.Compared > 0 ? (double)counts.Agreed / counts.Compared : null,
            ageSeconds is { } age && maxAge > TimeSpan.Zero ? Math.Clamp(2 - (age / maxAge.TotalSeconds), 0, 1) : null);
    }
}
